// From a wish to a task, and from its end back into the worktree of who has delegated it.
#include "core/delegation.hpp"

#include "core/attempts.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/made_tasks.hpp"
#include "core/outbox.hpp"
#include "core/roster.hpp"
#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::delegation {
namespace {

constexpr std::size_t kLongestTitle = 80;

int depth_of(const State& state, const TaskRecord& task) {
  int depth = 0;
  for (const TaskRecord* at = &task; at != nullptr && at->plan.spec.is_delegated(); ++depth)
    at = state.find(TaskId{at->plan.spec.made_by});
  return depth;
}

/// "T3-1"; an id that somebody has already is nobody else's.
TaskId next_id(const State& state, const TaskId& parent) {
  for (int number = 1;; ++number) {
    TaskId id{fmt::format("{}-{}", parent.value, number)};
    if (state.find(id) == nullptr) return id;
  }
}

TaskSpec spec_of(const State& state, const TaskRecord& parent, const AgentReported& report) {
  TaskSpec spec;
  spec.id = next_id(state, parent.id());
  const std::string_view text = trim(report.text);
  spec.title = one_line(text.substr(0, text.find('\n')), kLongestTitle);
  spec.body = text;
  spec.script = text;
  spec.agent = report.to;
  spec.priority = parent.plan.spec.priority;
  spec.made_by = parent.id().value;
  spec.delegated_at = report.head;
  return spec;
}

Refusal why_not(const State& state, const TaskRecord& parent, const TaskSpec& spec) {
  if (spec.body.empty()) return {.kind = RefusalKind::NoText};
  if (spec.body.size() > kLongestMessage) return {.kind = RefusalKind::TextTooLong};
  if (!spec.agent.empty() && !state.run.rules.agents.contains(spec.agent))
    return {.kind = RefusalKind::UnknownKind, .word = spec.agent};
  // Nobody could tell it what has become of it.
  const std::string& kind = state.agent_of(parent).kind;
  if (!attempts::rules_of(state, kind).seen)
    return {.kind = RefusalKind::TakesNoText, .word = kind};
  const int most = state.run.rules.made.depth;
  if (depth_of(state, parent) >= most) return {.kind = RefusalKind::TooDeep, .number = most};
  return made_tasks::why_not(state, {spec});
}

/// May it begin as soon as it has a place?
bool is_ready(const Turn& turn, const TaskRecord& task) {
  const State& state = turn.state();
  return task.state == TaskState::Waiting && !task.held && !task.not_before &&
         turn.is_free(task, Lane::Worktree) && stop_of_kind(state, task) == nullptr &&
         limit_reached(state, task).empty() && state.run.memory_short.empty();
}

bool is_idle(const State& state, const TaskRecord& task) {
  const AgentRun& agent = state.agent_of(task);
  return task.state == TaskState::Running && agent.phase == AgentPhase::Live &&
         agent.control == Control::Ours && agent.turn.activity == Activity::Idle && !task.held;
}

/// Does one of those that wait for it count as one of this kind already?
bool replaces_one(const State& state, const TaskRecord& task, const std::string& kind) {
  const TaskRecord* at = &task;
  while (at != nullptr && at->plan.spec.is_delegated()) {
    at = state.find(TaskId{at->plan.spec.made_by});
    if (at != nullptr && state.agent_of(*at).kind == kind) return true;
  }
  return false;
}

bool is_kind_full(Turn& turn, const TaskRecord& task, const std::string& kind) {
  const State& state = turn.state();
  const int limit = most_of_kind(state, kind);
  if (limit == 0 || replaces_one(state, task, kind)) return false;
  int others = lent(state)[kind];
  for (const std::size_t place : turn.agenda().places(Matter::AtWork))
    if (state.agent_of(state.tasks[place]).kind == kind) ++others;
  return others >= limit;
}

/// Does another one work in its place already?
bool is_lent(const State& state, const TaskRecord& parent) {
  return std::ranges::any_of(state.run.delegations, [&](const Delegation& delegation) {
    const TaskRecord* task = state.find(delegation.task);
    return delegation.parent == parent.id() && task != nullptr && task->worker == 0 &&
           is_active(task->state);
  });
}

/// Is there nobody any more who waits for it, or will?
bool is_abandoned(const TaskRecord& parent) {
  return is_final(parent.state) || parent.state == TaskState::Checking ||
         parent.state == TaskState::Queued || parent.state == TaskState::Landing ||
         parent.state == TaskState::PartLanded;
}

bool may_take_in(const Turn& turn, const TaskRecord& parent) {
  return is_idle(turn.state(), parent) && turn.is_free(parent, Lane::Worktree) &&
         turn.is_free(parent, Lane::Agent) && turn.is_free(parent, Lane::Pane);
}

void take_in(Turn& turn, const TaskRecord& parent, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(parent);
  const bool is_done = task.state == TaskState::Merged;
  outbox::emit(turn, TakeIn{.task = parent.id(),
                            .attempt = agent.attempt,
                            .agent = agent.kind,
                            .worktree = agent.worktree,
                            .branch = agent.branch,
                            .of = task.id(),
                            .work = is_done && task.changed ? task.work : CommitId(),
                            .is_done = is_done,
                            .said = turn.agent_of(task).last_words,
                            .why = task.why});
}

void forget(Turn& turn, const TaskId& task) {
  std::erase_if(turn.edit_run().delegations,
                [&task](const Delegation& delegation) { return delegation.task == task; });
}

}  // namespace

void delegate(Turn& turn, const TaskRecord& parent, const AgentReported& report) {
  // Nothing of its worktree lands.
  if (parent.plan.spec.coordinates())
    return turn.refuse({.kind = RefusalKind::NotMade,
                        .reason = quoted("who coordinates makes tasks that land by themselves")});
  const TaskSpec spec = spec_of(turn.state(), parent, report);
  if (Refusal why = why_not(turn.state(), parent, spec); !why.empty())
    return turn.refuse(std::move(why));
  const TaskId by = parent.id();
  roster::make(turn, {.verb = Verb::Make, .tasks = {spec}, .by = by});
  if (!turn.refused().empty()) return;
  turn.edit_run().delegations.push_back({by, spec.id});
  turn.note_made(spec.id);
}

routing::Load lent(const State& state) {
  routing::Load load;
  for (const Delegation& delegation : state.run.delegations) {
    const TaskRecord* task = state.find(delegation.task);
    if (task == nullptr || task->worker != 0 || !is_active(task->state)) continue;
    const std::string& kind = state.agent_of(*task).kind;
    if (!replaces_one(state, *task, kind)) ++load[kind];
  }
  return load;
}

void is_begun(Turn& turn, const TaskRecord& task) {
  const auto& all = turn.run().delegations;
  if (std::ranges::find(all, task.id(), &Delegation::task) != all.end()) return;
  turn.edit_run().delegations.push_back({TaskId{task.plan.spec.made_by}, task.id()});
}

void start_lent(Turn& turn) {
  const std::vector<Delegation> all = turn.run().delegations;
  if (turn.run().phase != RunPhase::Running) return;
  for (const Delegation& delegation : all) {
    const TaskRecord* parent = turn.find(delegation.parent);
    const TaskRecord* task = turn.find(delegation.task);
    if (parent == nullptr || task == nullptr || !is_ready(turn, *task)) continue;
    if (!is_idle(turn.state(), *parent) || is_lent(turn.state(), *parent)) continue;
    const std::string kind = routing::kind_for(turn.state(), *task, {});
    if (healing::pause_of(turn.state(), kind) != nullptr || is_kind_full(turn, *task, kind))
      continue;
    const std::optional<Time> next = kinds::next_start(turn.state(), kind);
    if (next && *next > turn.now())
      turn.edit(*task).not_before = *next;
    else
      attempts::start(turn, turn.edit(*task), 0, kind);
  }
}

std::vector<TaskId> stuck(const State& state) {
  std::vector<TaskId> found;
  const auto is_stuck = [&](const TaskRecord& task) {
    const bool waits = task.state == TaskState::Blocked || agent_waits_for_user(state, task) ||
                       (task.state == TaskState::Waiting && needs_user(state, task));
    return waits || std::ranges::find(found, task.id()) != found.end();
  };
  // From the last one: what was delegated on stands behind what it is a part of.
  const std::vector<Delegation>& all = state.run.delegations;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    const TaskRecord* parent = state.find(at->parent);
    const TaskRecord* task = state.find(at->task);
    const bool is_new = std::ranges::find(found, at->parent) == found.end();
    if (parent != nullptr && task != nullptr && is_new && is_idle(state, *parent) &&
        is_stuck(*task))
      found.push_back(at->parent);
  }
  return found;
}

void is_done(Turn& turn, TaskRecord& task) {
  endings::begin(turn, task, Ending::Deliver,
                 {.kind = ReasonKind::Delivered, .names = {task.plan.spec.made_by}});
}

void carry_on(Turn& turn) {
  const std::vector<Delegation> all = turn.run().delegations;
  for (const Delegation& delegation : all) {
    const TaskRecord* parent = turn.find(delegation.parent);
    TaskRecord* task = turn.edit(delegation.task);
    if (parent == nullptr || task == nullptr) {
      forget(turn, delegation.task);
    } else if (is_abandoned(*parent)) {
      if (is_final(task->state))
        forget(turn, delegation.task);
      else if (!is_ending(task->state))
        endings::begin(turn, *task, Ending::Abort,
                       {.kind = ReasonKind::ParentIsOver, .names = {parent->id().value}});
    } else if (is_final(task->state) && may_take_in(turn, *parent)) {
      take_in(turn, *parent, *task);
    }
  }
}

void on(Turn& turn, const TakeIn& effect, const TakeIn::Ends& end) {
  const auto* taken = std::get_if<WorkReturned>(&end);
  const TaskRecord& parent = *turn.find(effect.task);
  // Its next attempt, which may begin with other files, is told.
  const bool is_there = parent.attempts == effect.attempt && parent.state == TaskState::Running;
  if (taken == nullptr || !is_there) return;
  forget(turn, effect.of);
  turn.add_message({.from = {PartyKind::Supervisor, {}},
                    .to = party_of(effect.task),
                    .text = taken->text.substr(0, kLongestMessage)});
}

}  // namespace orch::delegation
