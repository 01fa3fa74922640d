#pragma once
// Lines in bold that stand where others have headings.
#include "tasks/markdown/document.hpp"

#include <vector>

namespace orch::tasks {

/// `**Step 1.1: Title**` and `**2. Title**` alone in their lines, outside of lists and code, each
/// with no more than its place filled in: they lie below all headings. A single one is emphasis,
/// and so are the steps below a heading that is a task itself.
std::vector<Section> bold_titles(const Document& document);

}  // namespace orch::tasks
