// Figures to the attempt that they are of.
#include "core/usages.hpp"

#include "core/anomalies.hpp"
#include "core/budgets.hpp"
#include "core/outbox.hpp"

#include <algorithm>

namespace orch::usages {
namespace {

// An agent that begins one conversation after the other must not fill the store.
constexpr std::size_t kMostConversations = 20;

std::vector<AttemptUsage>::const_iterator place_of(const TaskRecord& task, int attempt) {
  return std::ranges::find(task.used, attempt, &AttemptUsage::attempt);
}

std::int64_t size_of(const Usage& usage) {
  const TokenCount tokens = usage.tokens();
  return tokens.input + tokens.output;
}

/// Also what is less than was said before: what was used, was used.
bool is_known(const AttemptUsage& attempt, const AgentUsed& event) {
  const auto known = attempt.conversations.find(event.conversation);
  if (known == attempt.conversations.end())
    return attempt.conversations.size() >= kMostConversations;
  const bool is_same = known->second == event.usage && attempt.last == event.conversation;
  return is_same || size_of(event.usage) < size_of(known->second);
}

}  // namespace

void begin(TaskRecord& task, const AgentRun& agent) {
  if (place_of(task, agent.attempt) == task.used.end())
    task.used.push_back(
        {.attempt = agent.attempt, .kind = agent.kind, .conversations = {}, .last = {}});
}

void on(Turn& turn, const AgentUsed& event) {
  const TaskRecord* known = turn.find(event.task);
  if (known == nullptr) return;
  const auto attempt = place_of(*known, event.attempt);
  if (attempt == known->used.end() || is_known(*attempt, event)) return;
  const auto place = attempt - known->used.begin();
  TaskRecord& task = turn.edit(*known);
  AttemptUsage& used = task.used[static_cast<std::size_t>(place)];
  used.conversations[event.conversation] = event.usage;
  used.last = event.conversation;
  budgets::count_cost(turn, task);
  anomalies::look_at_context(turn, event);
  // What a program writes as it ends may come after the report, or while that is written.
  const RunPhase phase = turn.run().phase;
  const bool is_over = phase == RunPhase::Finishing || phase == RunPhase::Finished;
  if (!is_over) return;
  const bool is_written = turn.state().pending.in({}, Lane::Report) != nullptr;
  if (is_written)
    turn.edit_run().report_is_old = true;
  else
    outbox::emit(turn, WriteReport{});
}

}  // namespace orch::usages

namespace orch {

void add_used(UsageSum& to, const RunRecord& run, const TaskRecord& task, std::string_view kind) {
  for (std::size_t place = 0; place < task.used.size(); ++place) {
    const std::string& by = task.used[place].kind;
    if (!kind.empty() && kind != by) continue;
    const auto rules = run.rules.agents.find(by);
    const bool is_known = rules != run.rules.agents.end();
    add(to, usage_of(task.used, place), is_known ? rules->second.usage : UsageFormat::Unknown,
        run.rules.prices);
  }
}

}  // namespace orch
