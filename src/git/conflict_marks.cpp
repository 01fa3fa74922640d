// Seven signs and a space: a line of equals signs alone may be a heading.
#include "git/conflict_marks.hpp"

#include "orch/base/text.hpp"

namespace orch::git {

bool has_conflict_marks(std::string_view text) {
  bool begun = false;
  for (const std::string_view line : split_lines(text)) {
    begun = begun || line.starts_with("<<<<<<< ");
    if (begun && line.starts_with(">>>>>>> ")) return true;
  }
  return false;
}

}  // namespace orch::git
