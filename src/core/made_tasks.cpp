// The limits of what agents may make.
#include "core/made_tasks.hpp"

#include "core/attempts.hpp"

#include <algorithm>

namespace orch::made_tasks {

Refusal why_not_kind(const State& state, const std::string& kind) {
  const std::vector<std::string>& kinds = state.run.rules.made.kinds;
  // One that runs the text as a script does without a question what others would have to ask for.
  const bool is_free = kinds.empty() && !attempts::rules_of(state, kind).runs_text;
  const bool fits = is_free || std::ranges::find(kinds, kind) != kinds.end();
  return fits ? Refusal() : Refusal{.kind = RefusalKind::KindNotAllowed, .word = kind};
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
