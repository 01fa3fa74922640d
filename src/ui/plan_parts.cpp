// Looks up what the outputs of a plan have in common.
#include "ui/plan_parts.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::ui {

PlanPicture::PlanPicture(const Plan& plan, const PlanView& view)
    : plan_(plan), view_(view), outlook_(outlook_of(plan, view.only)) {
  for (const TaskId& id : view.only)
    asked_.insert(id.value);
  for (const UnknownNeed& need : plan.unknown)
    unknown_.insert(need.wanted.value);
  for (std::size_t place = 0; place < plan.tasks.size(); ++place)
    if (is_shown(plan.tasks[place].spec.id)) shown_.push_back(place);
}

std::vector<KindChoice> PlanPicture::routed(std::size_t place) const {
  const auto found = view_.routed.find(plan_.tasks[place].spec.id);
  return found == view_.routed.end() ? std::vector<KindChoice>() : found->second;
}

std::map<int, std::vector<std::size_t>> PlanPicture::groups() const {
  std::map<int, std::vector<std::size_t>> groups;
  for (const std::size_t place : shown_)
    if (prospect(place) == Prospect::Runs) groups[plan_.tasks[place].group].push_back(place);
  return groups;
}

std::vector<std::string> PlanPicture::depends(std::size_t place) const {
  std::vector<std::string> ids;
  for (const TaskId& id : plan_.tasks[place].spec.depends)
    if (!unknown_.contains(id.value)) ids.push_back(id.value);
  return ids;
}

std::string PlanPicture::stuck_because(std::size_t place) const {
  const auto needed = static_cast<std::size_t>(outlook_[place].needed);
  const TaskSpec& spec = plan_.tasks[needed].spec;
  const std::string name = one_line(spec.id.value, 40);
  switch (prospect(needed)) {
    case Prospect::Withheld: return fmt::format("needs {}, which is {}", name, spec.withheld);
    case Prospect::LeftOut: return fmt::format("needs {}, which is left out by --only", name);
    case Prospect::Stuck: return fmt::format("needs {}, which does not start either", name);
    case Prospect::Done:
    case Prospect::Runs: break;
  }
  return "";
}

}  // namespace orch::ui
