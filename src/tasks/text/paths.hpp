#pragma once
// Which words of a text are paths of files, directories or patterns of them.
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// The paths in a line of prose, each once: in code spans (`src/a.c`), after "in", or bare with a
/// known ending. Braces and globs are kept; a line number at the end (`a.c:12-30`) is not. URLs,
/// routes (`/api/x`), packages (`@a/b`), shell commands and names of products (Node.js) are none.
std::vector<std::string> paths_in(std::string_view text);

/// The paths of a field's value: there every word that is no remark may be one.
std::vector<std::string> paths_of_field(std::string_view value);

}  // namespace orch::tasks
