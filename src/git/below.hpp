#pragma once
// Moves and removes files below one folder, by relative paths of which no step is ever followed
// when it is a link. A process that still works in such a folder can put a link anywhere at any
// moment.
#include "orch/base/files.hpp"
#include "orch/base/result.hpp"

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

class Below {
 public:
  struct Entry {
    std::string name;

    struct stat info {};  ///< of the entry itself, not of what a link points to
  };

  struct FileMode {
    ino_t inode = 0;
    mode_t mode = 0;
  };

  static Result<Below> open(const std::filesystem::path& folder);

  /// Nothing if there is no such entry.
  std::optional<struct stat> look(std::string_view path);
  /// What is in the folder at `path`, "" for the folder itself; nothing if it cannot be read.
  std::vector<Entry> list(std::string_view path);
  /// What a plain file has in it, or where a link leads; nothing if that is more than `most` bytes,
  /// cannot be read, or is neither.
  std::optional<std::string> read(std::string_view path, std::size_t most);
  /// Removes a file or a link. A folder stays, and what is not there is no error. A parent folder
  /// of ours that is read-only is made writable.
  Status remove(std::string_view path);
  /// Removes a folder if it is empty; says whether it is gone.
  bool remove_if_empty(std::string_view path);
  /// Renames an entry to the same path below another folder, whose folders are made. Never over
  /// something. Fault::NotFound: it is gone; Fault::Conflict: the other has an entry of that name.
  Status move(std::string_view path, Below& to);

  /// Lets us read a file that is ours. Nothing in the Result: we may already, or it is gone.
  Result<std::optional<FileMode>> make_readable(std::string_view path);
  /// Gives the file its mode again, if it is still that file as make_readable() left it.
  void put_back(std::string_view path, const FileMode& before);

 private:
  Below(Fd root, std::filesystem::path shown) : root_(std::move(root)), shown_(std::move(shown)) {}

  /// The folder that holds `path`; -1 with errno set. Kept for the next path in it.
  int parent_of(std::string_view path, bool make);
  /// The entry itself, of whatever kind; without rights to it.
  Fd file_at(std::string_view path);
  Failure failure(int error, std::string_view doing, std::string_view path) const;

  Fd root_;
  std::filesystem::path shown_;
  Fd parent_;
  std::optional<std::string> parent_path_;
};

/// Gives the owner all rights to a folder that is ours (by user id); false if that was not
/// possible.
bool make_accessible(int folder);

}  // namespace orch::git
