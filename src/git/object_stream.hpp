#pragma once
// Pure: what `cat-file --batch-command` prints becomes objects, in the order they were asked for.
#include "orch/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orch::git {

struct GitObject {
  std::string id;
  std::string type;  ///< "commit", "tree", "blob" or "tag"
  std::size_t size = 0;
  std::string bytes;
};

class ObjectStream {
 public:
  /// An object; nothing: there is none of that name. Fault::Corrupt: that was no answer, and what
  /// follows cannot be read any more. Fault::Full: it has more bytes than were wanted.
  using Answer = Result<std::optional<GitObject>>;

  void feed(std::string_view bytes);
  /// The answer to `info`; nothing: it is not whole yet.
  std::optional<Answer> next_info();
  /// The answer to `contents`, of an object with at most so many bytes.
  std::optional<Answer> next_contents(std::size_t most);

 private:
  std::string text_;      ///< what has come and was not taken
  std::size_t skip_ = 0;  ///< bytes of an object that is too large, still to come
};

}  // namespace orch::git
