#pragma once
// What the plan as text, as JSON and as a graph share.
#include "orch/core/outlook.hpp"
#include "ui/plan_text.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace orch::ui {

/// What there is to say of the tasks of a plan: those that were asked for, or all.
class PlanPicture {
 public:
  /// Both must live as long as this.
  PlanPicture(const Plan& plan, const PlanView& view);

  const Plan& plan() const { return plan_; }

  /// To whom it may go, the best first; empty: there is no choice.
  std::vector<KindChoice> routed(std::size_t place) const;

  /// The places of those that are shown, in file order.
  const std::vector<std::size_t>& shown() const { return shown_; }

  bool is_shown(const TaskId& id) const { return asked_.empty() || asked_.contains(id.value); }

  Prospect prospect(std::size_t place) const { return outlook_[place].prospect; }

  /// The tasks that a run would start, by the number of their group.
  std::map<int, std::vector<std::size_t>> groups() const;

  /// What the file says that the task waits for; what is no task is left out.
  std::vector<std::string> depends(std::size_t place) const;

  /// "needs T1, which is left out by --only": why a stuck task does not start.
  std::string stuck_because(std::size_t place) const;

 private:
  const Plan& plan_;
  const PlanView& view_;
  std::vector<Outlook> outlook_;
  std::vector<std::size_t> shown_;
  std::unordered_set<std::string_view> asked_;    // empty: all
  std::unordered_set<std::string_view> unknown_;  // what some task depends on and is none
};

}  // namespace orch::ui
