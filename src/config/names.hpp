#pragma once
// Names of branches and folders from patterns and from text that nobody has checked.
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"

#include <string>
#include <string_view>

namespace orch {

/// What the placeholders of a pattern stand for.
struct NameFields {
  TaskId id;          ///< {id}: slug(id)
  int num = 1;        ///< {num}: the task's place in the plan, from 1
  std::string title;  ///< {slug}: title_slug(title)
  std::string agent;  ///< {agent}
  int attempt = 1;    ///< {attempt}
  std::string run;    ///< {run}
};

/// An id as one component of a git ref or a path: letters, digits, `_`, `-` and `.` stay as they
/// are. What had to be changed ends in a hash of the id, so that two ids never share a name.
std::string slug(std::string_view id);

/// A title's words for reading: "add-a-login-page"; at most 40 characters, not unique.
std::string title_slug(std::string_view title);

/// A branch's name from a pattern such as "orch/{id}", checked against git's rules for refs.
Result<std::string> branch_name(std::string_view pattern, const NameFields& fields);

/// A worktree's folder from a pattern such as ".worktrees/{id}"; relative to the repository or
/// absolute.
Result<std::string> folder_name(std::string_view pattern, const NameFields& fields);

/// Would git take it as the name of a branch (git check-ref-format --branch)?
Status check_branch_name(std::string_view name);

}  // namespace orch
