// What the agent that coordinates may ask for: what it has begun itself, and what is lost by
// nobody. What a person has decided, and what a person is to decide, stays theirs.
#include "core/coordination.hpp"
#include "core/made_tasks.hpp"
#include "orch/core/coordinator_rights.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <array>

namespace orch::coordination {
namespace {

Refusal only_the_user(const UserAsked& asked) {
  return {.kind = RefusalKind::OnlyTheUser,
          .task = asked.task,
          .word = std::string(typed_word(asked.verb))};
}

/// Its own agent said that it cannot go on: no gate, limit or fault is in its way.
bool asks_for_help(const TaskRecord& task) {
  return task.state == TaskState::Blocked && task.why.kind == ReasonKind::Quoted &&
         task.stuck == Stuck::No;
}

/// What happens without a person has an end.
bool is_tried_enough(const State& state, const TaskRecord& task) {
  constexpr int kRounds = 3;
  return task.attempts >= kRounds * state.run.rules.attempts;
}

bool may_release(const TaskRecord& task, const TaskId& by) {
  return task.held ? task.held_by == by : asks_for_help(task);
}

/// Did a person end it, or is it a person's to say how it goes on?
bool is_persons(const State& state, const TaskRecord& task) {
  const bool was_ended = task.state == TaskState::Aborted && task.why.kind == ReasonKind::Aborted &&
                         task.why.names.empty();
  const bool is_blocked = task.state == TaskState::Blocked && !asks_for_help(task);
  const bool is_held = task.held && task.held_by.value.empty();
  return was_ended || is_blocked || is_held || task.state == TaskState::Merged ||
         state.agent_of(task).control == Control::User || !limit_reached(state, task).empty();
}

bool may_ask_of(const State& state, const TaskRecord& task, const UserAsked& asked) {
  if (task.plan.spec.coordinates()) return false;
  // Whoever types in its window has it.
  if (state.agent_of(task).control == Control::User) return false;
  if (asked.verb == Verb::Hold) return true;
  if (asked.verb == Verb::Abort || asked.verb == Verb::Compact) return true;
  if (asked.verb == Verb::Release || asked.verb == Verb::ReleaseWith)
    return may_release(task, asked.by) && !is_tried_enough(state, task);
  if (asked.verb == Verb::Retry || asked.verb == Verb::Reassign)
    return !is_persons(state, task) && !is_tried_enough(state, task);
  // It waits for its turn, and lands by itself.
  return asked.verb == Verb::Merge && task.state == TaskState::Queued && !task.held;
}

/// Would that change anything?
bool has_effect(const TaskRecord& task, Verb verb) {
  const bool is_over = task.state == TaskState::Failed || task.state == TaskState::Aborted;
  if (verb == Verb::ReleaseWith) return task.state == TaskState::Blocked;
  if (verb == Verb::Release) return task.held;
  if (verb == Verb::Retry)
    return is_over || is_active(task.state) || task.state == TaskState::Blocked;
  return !is_over && task.state != TaskState::Merged && task.state != TaskState::Unreachable;
}

}  // namespace

Refusal why_not(const State& state, const UserAsked& asked) {
  const TaskRecord* by = state.find(asked.by);
  if (by == nullptr || !by->plan.spec.coordinates()) return only_the_user(asked);
  if (asked.verb == Verb::Make || asked.verb == Verb::MakeHeld)
    return made_tasks::why_not(state, asked.tasks);
  if (asked.verb == Verb::Send || asked.verb == Verb::Acknowledge) return {};
  const TaskRecord* task = state.find(asked.task);
  if (task == nullptr && !asked.task.value.empty()) return {};  // which is said as to anybody
  if (task == nullptr || !may_ask_of(state, *task, asked)) return only_the_user(asked);
  return asked.verb == Verb::Reassign ? made_tasks::why_not_kind(state, asked.text) : Refusal();
}

}  // namespace orch::coordination

namespace orch {

std::vector<Verb> verbs_of_coordinator(const State& state, const TaskRecord& task) {
  constexpr std::array kVerbs{Verb::ReleaseWith, Verb::Release, Verb::Retry, Verb::Abort};
  std::vector<Verb> verbs;
  for (const Verb verb : kVerbs) {
    UserAsked asked{verb, task.id()};
    asked.by.value = kCoordinatorWord;
    if (coordination::may_ask_of(state, task, asked) && coordination::has_effect(task, verb))
      verbs.push_back(verb);
  }
  return verbs;
}

}  // namespace orch
