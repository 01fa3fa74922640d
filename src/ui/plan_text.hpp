#pragma once
// A plan as text for people, JSON for programs and DOT for a picture.
#include "orch/base/result.hpp"
#include "orch/core/plan.hpp"
#include "orch/core/routing.hpp"
#include "orch/core/rules.hpp"
#include "tasks/source/task_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orch::ui {

class PlanPicture;

/// What is known of a plan besides the plan.
struct PlanView {
  std::string file;
  std::string agent;  ///< kind for tasks that name none
  int workers = 5;
  OnOverlap on_overlap = OnOverlap::Sequential;
  std::vector<Problem> problems;  ///< of the file and its units
  std::vector<TaskId> only;       ///< the units that are asked for; empty: all
  /// To whom each may go and why, where there is a choice.
  std::map<TaskId, std::vector<KindChoice>> routed;
  std::optional<Plan> stated;  ///< the plan by `--order stated`, where that may be another one
  /// How many units each rule would make of the file, that of this plan included.
  std::vector<std::pair<UnitRule, std::size_t>> unit_counts;
  std::string coordinator{};  ///< the kind of the agent that coordinates; empty: none does
};

/// The plan is of the file's units, in their order.
std::string plan_text(const Plan& plan, const PlanView& view, const tasks::TaskFile& file);
std::string plan_json(const Plan& plan, const PlanView& view, const tasks::TaskFile& file);
/// Why that unit, each of its edges, its priority. `id` is of a unit or of an item.
Result<std::string> plan_explanation(const Plan& plan, const tasks::TaskFile& file,
                                     const std::string& id);
std::string plan_dot(const Plan& plan, const PlanView& view);

/// One line for each file that several tasks touch which are not in an order otherwise.
std::string overlaps_text(const PlanPicture& picture, const PlanView& view);

/// All that there is to say of the file and the plan, each thing once, in the order of the lines.
std::vector<Problem> problems_of(const Plan& plan, const PlanView& view);

/// Is more of the file in no task, and looks like work, than was read?
bool is_mostly_unread(const tasks::Reading& reading);

/// `tasks.md:12:3: error: message`, and the hint on a line of its own.
std::string problem_text(const std::string& file, const Problem& problem);

}  // namespace orch::ui
