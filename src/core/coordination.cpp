// When it starts and ends, and what it is told of.
#include "core/coordination.hpp"

#include "core/attempts.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/outbox.hpp"
#include "core/phases.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch::coordination {
namespace {

/// What the agent that coordinates could do something about.
constexpr std::array kNeedDecisions{
    FactKind::TaskBlocked, FactKind::TaskFailed,     FactKind::TaskUnreachable,
    FactKind::TaskAborted, FactKind::TaskAsking,     FactKind::TaskIdle,
    FactKind::TaskStalled, FactKind::TaskTurnFailed, FactKind::TasksRefused};

/// The last task has landed.
bool is_all_over(Turn& turn, const Fact& fact) {
  return fact.kind == FactKind::TaskMerged && turn.agenda().count(Matter::Open) == 0;
}

bool is_news(Turn& turn, const Fact& fact) {
  const TaskRecord* task = turn.find(fact.task);
  if (task != nullptr && task->plan.spec.coordinates()) return false;
  return is_all_over(turn, fact) ||
         std::ranges::find(kNeedDecisions, fact.kind) != kNeedDecisions.end();
}

void add_news(DigestRecord& digest, const TaskId& task) {
  digest.due = true;
  const bool is_known = std::ranges::find(digest.news, task) != digest.news.end();
  if (!is_known && !task.value.empty()) digest.news.push_back(task);
}

/// Besides workers of its kind there is no room for it yet.
bool is_kind_full(Turn& turn, const std::string& kind) {
  const int limit = most_of_kind(turn.state(), kind);
  const auto is_same = [&](std::size_t place) {
    return turn.agent_of(turn.state().tasks[place]).kind == kind;
  };
  const std::vector<std::size_t> at_work = turn.agenda().places(Matter::AtWork);
  return limit > 0 && std::ranges::count_if(at_work, is_same) >= limit;
}

bool is_telling(const State& state, const TaskRecord& task) {
  const Messages::Numbers& open = state.messages.open_to(party_of(task.id()));
  return std::ranges::any_of(open, [&state](MessageNumber number) {
    return state.messages.find(number)->kind == MessageKind::Digest;
  });
}

/// It is there, takes texts, and has not been told yet.
bool may_be_told(const State& state, const TaskRecord& task) {
  const AgentRun& agent = state.agent_of(task);
  return task.state == TaskState::Running && agent.phase == AgentPhase::Live &&
         attempts::rules_of(state, agent.kind).seen && !is_telling(state, task) &&
         limit_reached(state, task).empty();
}

bool is_digest_due(const State& state) {
  const TaskRecord* task = state.coordinator();
  return state.run.digest.due && task != nullptr && may_be_told(state, *task);
}

}  // namespace

TaskRecord fresh(const Rules& rules, Time now) {
  TaskRecord task;
  TaskSpec& spec = task.plan.spec;
  spec.id.value = kCoordinatorWord;
  spec.title = "Coordinate the run";
  spec.agent = rules.coordinator.agent;
  spec.made_by = kUserWord;
  spec.role = Role::Coordinator;
  task.tick = Tick::Written;
  task.changed_at = now;
  return task;
}

void start_if_due(Turn& turn) {
  const State& state = turn.state();
  const TaskRecord* task = state.coordinator();
  if (task == nullptr || state.run.phase != RunPhase::Running) return;
  const bool waits = task->state == TaskState::Waiting && !task->held && !task->not_before;
  if (!waits || !turn.is_free(*task, Lane::Worktree)) return;
  // It would have to end again at once.
  if (!phases::goes_on(turn)) return;
  if (stop_of_kind(state, *task) != nullptr || !limit_reached(state, *task).empty()) return;
  const std::string kind = task->plan.spec.agent;
  if (healing::pause_of(state, kind) != nullptr || !state.run.memory_short.empty()) return;
  if (is_kind_full(turn, kind)) return;
  if (const std::optional<Time> next = kinds::next_start(state, kind); next && *next > turn.now()) {
    turn.edit(*task).not_before = *next;
    return;
  }
  attempts::start(turn, turn.edit(*task), 0, kind);
}

void tell_if_due(Turn& turn) {
  if (turn.state().coordinator() == nullptr) return;
  DigestRecord& digest = turn.edit_run().digest;
  for (const Fact& fact : turn.facts()) {
    if (is_news(turn, fact)) add_news(digest, fact.task);
    // The run waits for it.
    if (is_all_over(turn, fact)) digest.last.reset();
  }
  if (!is_digest_due(turn.state()) || *next_time(turn.state()) > turn.now()) return;
  digest = {.last = turn.now(), .told = std::move(digest.news)};
  turn.add_message({.from = {PartyKind::Supervisor, {}},
                    .to = party_of(turn.state().coordinator()->id()),
                    .kind = MessageKind::Digest});
}

std::optional<Time> next_time(const State& state) {
  if (!is_digest_due(state)) return std::nullopt;
  const DigestRecord& digest = state.run.digest;
  return digest.last ? *digest.last + state.run.rules.coordinator.digest : Time();
}

bool is_at_work(const State& state) {
  const TaskRecord* task = state.coordinator();
  if (task == nullptr || task->state != TaskState::Running) return false;
  const AgentRun& agent = state.agent_of(*task);
  if (agent.phase != AgentPhase::Live || agent.control == Control::User) return false;
  const AgentRules& rules = attempts::rules_of(state, agent.kind);
  const Activity activity = agent.turn.activity;
  const bool is_to_hear = has_open_message(state, *task) || state.run.digest.due;
  if (activity == Activity::Idle) return rules.seen && is_to_hear;
  // Of a program that is not seen only its end says that it is through.
  const bool runs = activity == Activity::Unknown && !rules.seen && rules.done == DoneBy::Exit;
  return runs || activity == Activity::Busy;
}

void end(Turn& turn) {
  const TaskRecord* task = turn.state().coordinator();
  if (task == nullptr) return;
  if (task->state != TaskState::Preparing && task->state != TaskState::Running) return;
  endings::begin(turn, turn.edit(*task), Ending::Interrupt, {ReasonKind::RunStopped});
}

bool clean_up(Turn& turn) {
  const TaskRecord* task = turn.state().coordinator();
  if (task == nullptr || task->cleaned || !turn.is_idle(*task)) return false;
  const AgentRun& agent = turn.agent_of(*task);
  if (agent.worktree.empty() || agent.is_to_be_stopped()) return false;
  // Another run's coordinator is called the same.
  outbox::emit(turn, CleanUp{.task = task->id(),
                             .attempt = task->attempts,
                             .worktree = agent.worktree,
                             .branch = agent.branch,
                             .landed = agent.start});
  return true;
}

}  // namespace orch::coordination
