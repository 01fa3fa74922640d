// The limits of what agents may make.
#include "core/made_tasks.hpp"

#include <algorithm>

namespace orch::made_tasks {

bool is_allowed(const Rules& rules, const std::string& kind) {
  const std::vector<std::string>& kinds = rules.made.kinds;
  if (!kinds.empty()) return std::ranges::find(kinds, kind) != kinds.end();
  const auto found = rules.agents.find(kind);
  return found != rules.agents.end() && found->second.seen && !found->second.runs_text;
}

Refusal why_not_kind(const State& state, const std::string& kind) {
  if (is_allowed(state.run.rules, kind)) return {};
  return {.kind = RefusalKind::KindNotAllowed, .word = kind};
}

Refusal why_not(const State& state, const std::vector<TaskSpec>& tasks) {
  const MadeRules& rules = state.run.rules.made;
  const auto made = std::ranges::count_if(state.tasks, [](const TaskRecord& task) {
    const TaskSpec& spec = task.plan.spec;
    return spec.is_made() && spec.made_by != kUserWord;
  });
  const auto is_new = [&state](const TaskSpec& spec) { return state.find(spec.id) == nullptr; };
  if (made + std::ranges::count_if(tasks, is_new) > rules.tasks)
    return {.kind = RefusalKind::TooManyMade, .number = rules.tasks};
  for (const TaskSpec& spec : tasks) {
    const std::string& kind = spec.agent.empty() ? state.run.rules.agent : spec.agent;
    if (Refusal why = why_not_kind(state, kind); !why.empty()) return why;
  }
  return {};
}

}  // namespace orch::made_tasks
