#pragma once
// Untrusted folders: an agent may put a link, a FIFO, a folder or a flood of files
// in the place of what is expected there, and change it while we look.
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace orch {

/// A folder that was opened once, so that everything done by it stays in it. No link is followed.
class UntrustedFolder {
 public:
  static Result<UntrustedFolder> open(const std::filesystem::path& path);
  /// The folder `name` in it. Fault::NotFound: there is nothing of that name.
  Result<UntrustedFolder> folder(const std::string& name) const;

  /// A plain file, to be read; never blocks. Fault::Refused: it is something else.
  Result<Fd> file(const std::string& name) const;
  /// The text of a plain file of at most `limit` bytes; never blocks. Fault::Refused: it is
  /// something else (a link, a FIFO, a folder); Fault::Full: it is larger.
  Result<std::string> read(const std::string& name, std::size_t limit) const;
  /// At most `most` names, in no order.
  std::vector<std::string> names(std::size_t most) const;

  /// Moves what has that name, whatever it is, into `other`.
  bool move(const std::string& name, const UntrustedFolder& other) const;
  /// Removes a file (of a link, the link).
  bool remove(const std::string& name) const;
  /// Makes a private folder, if there is nothing of that name.
  bool make(const std::string& name) const;

 private:
  UntrustedFolder(std::filesystem::path path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::filesystem::path path_;  // for messages
  Fd fd_;
};

}  // namespace orch
