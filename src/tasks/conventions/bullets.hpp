#pragma once
// What the readers of lists without boxes share: which bullets may be tasks.
#include "tasks/items/drafts.hpp"

#include <string_view>

namespace orch::tasks {

/// A draft of a bullet: struck out or "- done" at its end is done; a number is no id.
Draft bullet_draft(const Document& document, const Entry& entry);

/// "TODO", "Tasks (2025)", "Roadmap": it names a list of work.
bool names_list(std::string_view title);

/// "TODO.md", "docs/roadmap.md": the file itself is called so.
bool is_called_list(std::string_view path);

/// "Notes", "Out of scope", "Exit criteria": what stands below is no work.
bool names_no_tasks(std::string_view title);

/// The line that introduces the list does so: "Exit criteria:", "**Notes**".
bool introduces_other(const Document& document, const Entry& entry);

/// "README.md", "Migration guide", "How to ..": what is done each time, and no work of its own.
bool is_manual(const Document& document, std::string_view path);

/// A manual has steps too: what is called a plan, a roadmap or a migration has steps that are work,
/// and so has what has a section "Implementation order" or "Proposed changes".
bool is_plan(const Document& document, std::string_view path);

/// "Steps", "Proposed changes", "Implementation": what stands below are the steps of a plan.
bool names_steps(std::string_view title);

/// "(none)" in an empty section.
bool is_empty_mark(std::string_view words);

}  // namespace orch::tasks
