#pragma once
// Lists of patterns for paths of a repository, as `.gitignore` writes them.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace orch {

enum class LetterCase : bool { Exact, Any };

/// A pattern with a slash before its end is a path from the root, any other one a name at any
/// depth; what it fits counts with all that is below. `*` and `?` stop at slashes, `**` does not;
/// there are no sets
/// (`[a-z]`) and no exceptions (`!`). Time is linear in the length of a path.
class PathPatterns {
 public:
  explicit PathPatterns(const std::vector<std::string>& patterns,
                        LetterCase letters = LetterCase::Exact);
  ~PathPatterns();
  PathPatterns(PathPatterns&&) noexcept;
  PathPatterns& operator=(PathPatterns&&) noexcept;

  /// `path` is that of a file, from the root; no pattern fits anything where there is none.
  bool fits(std::string_view path) const;

  /// Those of `paths` that fit, in their order.
  std::vector<std::string> among(const std::vector<std::string>& paths) const;

 private:
  std::unique_ptr<re2::RE2> expression_;  ///< none: there are no patterns
};

}  // namespace orch
