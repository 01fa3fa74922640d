#pragma once
// Headings of a plan that name the files to be changed.
#include "tasks/markdown/document.hpp"

#include <vector>

namespace orch::tasks {

/// The sections `#### [MODIFY] src/a.c`, and those below "Proposed changes" that are called like a
/// file and nothing else.
std::vector<int> file_changes(const Document& document);

}  // namespace orch::tasks
