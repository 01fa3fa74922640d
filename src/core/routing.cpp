// By capabilities, then by load.
#include "core/routing.hpp"

#include "core/attempts.hpp"
#include "core/made_tasks.hpp"
#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "orch/core/routing.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>

namespace orch {
namespace {

/// "src/web/", "*.ts": words without these are tags.
bool is_path(const std::string& capability) {
  return capability.find_first_of("/*.") != std::string::npos;
}

bool fits(const std::string& capability, const TaskSpec& spec) {
  if (is_path(capability)) {
    return std::ranges::any_of(
        spec.files, [&](const std::string& file) { return files_meet(capability, file); });
  }
  return std::ranges::any_of(
      spec.tags, [&](const std::string& tag) { return lower(tag) == lower(capability); });
}

KindChoice choice_of(const std::string& kind, const TaskSpec& spec, const Rules& rules) {
  KindChoice choice{.kind = kind};
  const auto known = rules.agents.find(kind);
  if (known == rules.agents.end()) return choice;
  std::ranges::copy_if(known->second.capabilities, std::back_inserter(choice.because),
                       [&](const std::string& one) { return fits(one, spec); });
  return choice;
}

}  // namespace

std::vector<KindChoice> choices_for(const TaskSpec& spec, const Rules& rules) {
  const std::string& named = spec.agent.empty() && rules.agent_is_named ? rules.agent : spec.agent;
  const bool is_named = !named.empty();
  if (rules.route.empty() || (is_named && !rules.failover_after)) return {};
  std::vector<KindChoice> choices;
  const bool is_agents = spec.is_made() && spec.made_by != kUserWord;
  for (const std::string& kind : rules.route) {
    if (kind == named || (is_agents && !made_tasks::is_allowed(rules, kind))) continue;
    choices.push_back(choice_of(kind, spec, rules));
    choices.back().is_spare = is_named;
  }
  std::ranges::stable_sort(choices, std::ranges::greater(),
                           [](const KindChoice& choice) { return choice.because.size(); });
  if (is_named) choices.insert(choices.begin(), {.kind = named});
  return choices;
}

namespace routing {
namespace {

/// The kind of its last attempt; empty: there was none.
const std::string& begun_with(const State& state, const TaskRecord& task) {
  return state.agent_of(task).kind;
}

/// Of a task that began with the kind, it takes the user's word and a long time.
bool is_away(const State& state, const TaskRecord& task, const std::string& kind) {
  const auto found = state.run.kinds.find(kind);
  if (found == state.run.kinds.end()) return false;
  const KindRecord& record = found->second;
  if (kind != begun_with(state, task)) return !record.stopped.empty() || record.paused_until;
  return state.run.rules.failover_after && (!record.stopped.empty() || record.is_away);
}

bool is_full(const State& state, const std::string& kind, const Load& load) {
  const int limit = most_of_kind(state, kind);
  const auto found = load.find(kind);
  return limit > 0 && found != load.end() && found->second >= limit;
}

int count_of(const Load& load, const std::string& kind) {
  const auto found = load.find(kind);
  return found == load.end() ? 0 : found->second;
}

/// Those that can be had; the spare ones where there is no other.
std::vector<const KindChoice*> at_hand(const State& state, const TaskRecord& task) {
  std::vector<const KindChoice*> found;
  for (const bool spare : {false, true}) {
    for (const KindChoice& choice : task.choices)
      if (choice.is_spare == spare && !is_away(state, task, choice.kind)) found.push_back(&choice);
    if (!found.empty()) break;
  }
  return found;
}

}  // namespace

const std::string& kind_for(const State& state, const TaskRecord& task, const Load& load) {
  if (task.choices.empty()) return attempts::usual_kind(state, task);
  const std::vector<const KindChoice*> choices = at_hand(state, task);
  if (choices.empty()) return task.choices.front().kind;
  for (const KindChoice* choice : choices)
    if (choice->kind == begun_with(state, task)) return choice->kind;
  const KindChoice* best = nullptr;
  for (const KindChoice* choice : choices) {
    if (is_full(state, choice->kind, load)) continue;
    const bool is_better =
        best == nullptr || (choice->because.size() == best->because.size() &&
                            count_of(load, choice->kind) < count_of(load, best->kind));
    if (is_better) best = choice;
  }
  return best == nullptr ? choices.front()->kind : best->kind;
}

bool fails_over(const State& state, const TaskRecord& task) {
  const std::string& kind = begun_with(state, task);
  return !task.choices.empty() && is_away(state, task, kind) && !at_hand(state, task).empty();
}

}  // namespace routing
}  // namespace orch
