// Carries what is not started over to the tasks that need it.
#include "orch/core/outlook.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace orch {
namespace {

using Places = std::unordered_map<std::string_view, std::size_t>;

Places places_of(const Plan& plan) {
  Places places;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i)
    places.emplace(plan.tasks[i].spec.id.value, i);
  return places;
}

/// For each task those that need it, done ones left out.
std::vector<std::vector<std::size_t>> dependents_in(const Plan& plan) {
  const Places places = places_of(plan);
  std::vector<std::vector<std::size_t>> dependents(plan.tasks.size());
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const auto add = [&](const TaskId& id) {
      const auto found = places.find(id.value);
      if (found != places.end()) dependents[found->second].push_back(i);
    };
    for (const TaskId& id : plan.tasks[i].spec.depends)
      add(id);
    for (const auto& [id, why] : plan.tasks[i].implicit_depends)
      add(id);
  }
  return dependents;
}

}  // namespace

std::vector<Outlook> outlook_of(const Plan& plan, const std::vector<TaskId>& only) {
  std::unordered_set<std::string_view> asked;
  for (const TaskId& id : only)
    asked.insert(id.value);
  std::vector<Outlook> outlook(plan.tasks.size());
  std::deque<std::size_t> stopped;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const TaskSpec& spec = plan.tasks[i].spec;
    Prospect& own = outlook[i].prospect;
    if (spec.done) {
      own = Prospect::Done;
    } else if (only.empty() ? !spec.withheld.empty() : !asked.contains(spec.id.value)) {
      own = only.empty() ? Prospect::Withheld : Prospect::LeftOut;
      stopped.push_back(i);
    }
  }
  if (stopped.empty()) return outlook;
  const std::vector<std::vector<std::size_t>> dependents = dependents_in(plan);
  while (!stopped.empty()) {
    const std::size_t needed = stopped.front();
    stopped.pop_front();
    for (const std::size_t dependent : dependents[needed]) {
      if (outlook[dependent].prospect != Prospect::Runs) continue;
      outlook[dependent] = {Prospect::Stuck, static_cast<int>(needed)};
      stopped.push_back(dependent);
    }
  }
  return outlook;
}

}  // namespace orch
