// Looks at the first word of each heading, and at its words as a path.
#include "tasks/conventions/file_changes.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/bullets.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/paths.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace orch::tasks {

namespace {

/// `[NEW] src/a.c`, `[MODIFY] [a.c](src/a.c)`.
bool says_what_is_done(std::string_view title) {
  constexpr auto kSigns =
      std::to_array<std::string_view>({"[new]", "[modify]", "[delete]", "[create]", "[update]",
                                       "[edit]", "[add]", "[remove]", "[rename]", "[move]"});
  std::string small = lower(title.substr(0, 16));
  std::erase(small, '`');
  return std::ranges::any_of(kSigns,
                             [&small](std::string_view sign) { return small.starts_with(sign); });
}

/// "`src/a.c`" and "src/a.c (new)".
bool is_file(std::string_view title) {
  title = title.substr(0, title.find(" ("));
  const std::vector<std::string> paths = paths_in(title);
  return paths.size() == 1 && folded(title) == folded(paths.front());
}

}  // namespace

std::vector<int> file_changes(const Document& document) {
  std::vector<int> found;
  for (int i = 0; i < static_cast<int>(document.sections.size()); ++i) {
    const Section& section = document.sections[at(i)];
    const std::string_view title = without_signs(without_box(section.title));
    const bool below_changes = any_section(
        document, section.parent, [](const Section& around) { return names_steps(around.title); });
    if (says_what_is_done(title) || (below_changes && is_file(title))) found.push_back(i);
  }
  return found;
}

}  // namespace orch::tasks
