#pragma once
// From tasks to an order: what waits for what and why, what could run together, what is wrong.
#include "orch/base/fields.hpp"
#include "orch/core/task.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch {

/// One task's place in the plan.
struct PlannedTask {
  TaskSpec spec;
  /// Tasks it waits for although its file does not say so, each with the reason as a sentence.
  std::map<TaskId, std::string> implicit_depends;
  /// Its own priority, or P0 when a P0 needs it.
  Priority effective_priority = Priority::P2;
  int group = 0;  ///< how many layers of undone tasks lie below it, from 1; 0 for a done task
  int chain = 0;  ///< tasks on the longest chain of undone tasks that starts here, itself included

  ORCH_FIELDS(spec, implicit_depends, effective_priority, group, chain)
  bool operator==(const PlannedTask&) const = default;
};

/// Tasks that neither waits for the other and that name the same files.
struct Overlap {
  TaskId first;
  TaskId second;
  std::vector<std::string> files;

  bool operator==(const Overlap&) const = default;
};

/// A dependency on what is no task of the file: the task does not wait for it.
struct UnknownNeed {
  TaskId task;
  TaskId wanted;

  bool operator==(const UnknownNeed&) const = default;
};

struct Plan {
  std::vector<PlannedTask> tasks;  ///< in file order
  std::vector<Overlap> overlaps;
  std::vector<UnknownNeed> unknown;  ///< each is a warning too
  std::vector<Problem> problems;     ///< with an error among them (a cycle) nothing may start

  const PlannedTask* find(const TaskId& id) const;
  bool has_errors() const;
};

/// One error for each task whose id an earlier one has; readers and plans report the same.
std::vector<Problem> duplicate_ids(const std::vector<TaskSpec>& tasks);

/// Resolves explicit and implicit dependencies (a task that touches a file which another creates
/// waits for it, unless that would close a cycle), finds cycles with all their members and lines,
/// and computes groups and chains. Linear in tasks + dependencies.
Plan make_plan(std::vector<TaskSpec> tasks);

/// Why a run with these tasks does not follow an edit that makes this plan of them; nothing: it
/// does. With errors it cannot. A new dependency on what is no task is a slip more often than not,
/// perhaps a word half typed: followed, it would have its task start too early.
std::optional<Problem> refusal_of(const Plan& plan, const std::vector<TaskSpec>& known);

/// Do two file patterns meet? A folder ("src/") meets what lies below it; `*`, `?`, `**` and {a,b}
/// are patterns; otherwise paths are compared as text after ./ is dropped.
bool files_meet(const std::string& first, const std::string& second);

}  // namespace orch
