#pragma once
// Headings that have nothing but a number in front of their words: the steps of a plan.
#include "tasks/markdown/document.hpp"

#include <string_view>
#include <vector>

namespace orch::tasks {

/// The sections `### 1. src/a.c`, `### 2. The dialog` and so on below "Changes" or "Steps", or
/// below the title of a plan; the inner ones where a step has steps. A specification has numbers
/// too: where one of them is called "Overview" or the like, none of those beside it is a step.
std::vector<int> numbered_steps(const Document& document, std::string_view path);

}  // namespace orch::tasks
