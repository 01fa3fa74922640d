// What users ask for.
#include "core/commands.hpp"

#include "core/activities.hpp"
#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "core/coordination.hpp"
#include "core/dispatch.hpp"
#include "core/endings.hpp"
#include "core/kinds.hpp"
#include "core/locks.hpp"
#include "core/messages.hpp"
#include "core/phases.hpp"
#include "core/questions.hpp"
#include "core/roster.hpp"
#include "core/sending.hpp"
#include "core/undos.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace orch::commands {
namespace {

/// By whom something is asked for: nobody is the user.
std::vector<std::string> named(const TaskId& by) {
  return by.value.empty() ? std::vector<std::string>() : std::vector<std::string>{by.value};
}

Reason asked_by(const TaskId& by) {
  return {.kind = ReasonKind::AskedFor, .names = named(by)};
}

/// What its state is in the way of.
void refuse(Turn& turn, const TaskRecord& task, RefusalKind kind) {
  turn.refuse({.kind = kind, .task = task.id(), .word = std::string(to_text(task.state))});
}

/// Does its work land, by itself or with that of others?
bool is_at_the_branch(const State& state, const TaskId& id) {
  return std::ranges::any_of(state.pending, [&id](const auto& pending) {
    const auto* land = std::get_if<Land>(&pending.second.effect);
    return land != nullptr &&
           (land->task == id || std::ranges::find(land->with, id) != land->with.end());
  });
}

void abort(Turn& turn, TaskRecord& task, const TaskId& by) {
  if (task.state == TaskState::Merged) {
    return turn.refuse(
        task.merged.empty()
            ? Refusal{.kind = RefusalKind::NotOurMerge, .task = task.id(), .reason = task.why}
            : Refusal{
                  .kind = RefusalKind::AlreadyMerged, .task = task.id(), .commit = task.merged});
  }
  if (is_at_the_branch(turn.state(), task.id()))
    return refuse(turn, task, RefusalKind::AtTheBranch);
  if (task.state == TaskState::Aborted || task.state == TaskState::Failed)
    return refuse(turn, task, RefusalKind::AlreadyOver);
  task.gone = false;
  endings::begin(turn, task, Ending::Abort, {.kind = ReasonKind::Aborted, .names = named(by)});
}

/// What the next attempt's agent is told about the one before.
Reason reason_to_retry(const TaskRecord& task, const TaskId& by) {
  const bool had_trouble =
      task.state == TaskState::Failed || task.state == TaskState::Blocked || is_taken_back(task);
  if (is_ending(task.state)) return task.ending_why;
  return had_trouble ? task.why : Reason{.kind = ReasonKind::Restarted, .names = named(by)};
}

/// Merges what is there as it is, as the user says that it is right.
void merge_as_is(Turn& turn, TaskRecord& task) {
  if (turn.agent_of(task).worktree.empty() || !turn.is_free(task, Lane::Worktree))
    return refuse(turn, task, RefusalKind::NoWorktree);
  task.reported = {};
  task.returned.as_is = true;
  task.test_anew = true;
  if (task.why.kind == ReasonKind::ChangesProtected) task.seen = task.why.names;
  turn.edit_agent(task).no_changes = true;
  task.held = false;
  turn.note(FactKind::TaskMerging, task.id());
  attempts::check_work(turn, task, true);
  roster::refresh_unreachable(turn, task);
}

void merge(Turn& turn, TaskRecord& task) {
  if (task.plan.spec.coordinates()) return refuse(turn, task, RefusalKind::NothingToMerge);
  switch (task.state) {
    case TaskState::Merged: return refuse(turn, task, RefusalKind::AlreadyMerged);
    case TaskState::Queued: task.held = false; return;
    case TaskState::Landing:
    case TaskState::PartLanded: return refuse(turn, task, RefusalKind::BeingLanded);
    case TaskState::Waiting:
    case TaskState::Unreachable:
    case TaskState::Preparing: return refuse(turn, task, RefusalKind::NothingToMerge);
    case TaskState::Running:
      if (agent_waits_for_user(turn.state(), task) || turn.agent_of(task).control == Control::User)
        return merge_as_is(turn, task);
      return refuse(turn, task, RefusalKind::StillAtWork);
    case TaskState::Checking: return refuse(turn, task, RefusalKind::StillAtWork);
    case TaskState::Stopping:
    case TaskState::Saving: return refuse(turn, task, RefusalKind::AskAgain);
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: return merge_as_is(turn, task);
  }
}

void hold(Turn& turn, TaskRecord& task, const TaskId& by) {
  if (is_final(task.state)) return refuse(turn, task, RefusalKind::AlreadyOver);
  // What an agent holds back a person may.
  if (by.value.empty()) task.held_by = {};
  if (task.held) return;
  task.held = true;
  task.held_by = by;
  attempts::stop_clock(turn, task);
  turn.note(FactKind::TaskHeld, task.id(), asked_by(by));
}

void release(Turn& turn, TaskRecord& task, const TaskId& by) {
  const bool is_handed_back = activities::hand_back(turn, task);
  if (is_handed_back && !task.held && task.state != TaskState::Blocked) return;
  if (task.held) {
    task.held = false;
    if (task.state == TaskState::Running && turn.agent_of(task).is_alive())
      attempts::start_clock(turn, task);
    // What blocks it may be a person's to decide on.
    if (task.state != TaskState::Blocked || !by.value.empty())
      return turn.note(FactKind::TaskReleased, task.id(), asked_by(by));
  }
  const bool is_at_limit = !limit_reached(turn.state(), task).empty();
  if (task.state == TaskState::Waiting && is_at_limit) {
    budgets::grant(turn, task);
    return turn.note(FactKind::TaskReleased, task.id(), asked_by(by));
  }
  if (task.state != TaskState::Blocked) return refuse(turn, task, RefusalKind::NotHeld);
  budgets::grant(turn, task);
  go_on(turn, task, by);
  if (!is_at_limit) return;
  // What was the run's limit is no longer one for the others.
  for (const TaskRecord& other : turn.state().tasks)
    if (budgets::is_raised(turn.state(), other)) go_on(turn, turn.edit(other));
}

Party party_who_asks(const UserAsked& event) {
  return event.by.value.empty() ? Party() : party_of(event.by);
}

/// An earlier version named a task alone.
sending::Wanted text_of_user(const UserAsked& event) {
  return {.id = event.message,
          .from = party_who_asks(event),
          .to = event.to.empty() ? event.task.value : event.to,
          .reply_to = event.reply_to,
          .text = event.text,
          .now = event.verb == Verb::SendNow};
}

/// Its agent is told, where it lives and takes texts; else the next one begins with the answer.
void release_with(Turn& turn, TaskRecord& task, const UserAsked& asked) {
  const bool is_blocked = task.state == TaskState::Blocked;
  if (!is_blocked && !task.held) return refuse(turn, task, RefusalKind::NotHeld);
  if (trim(asked.text).empty()) return refuse(turn, task, RefusalKind::NoText);
  if (asked.text.size() > kLongestMessage) return refuse(turn, task, RefusalKind::TextTooLong);
  const bool begins_again = is_blocked && turn.agent_of(task).phase != AgentPhase::Live;
  if (!begins_again) sending::send(turn, text_of_user(asked));
  if (!begins_again && turn.refused().empty()) return release(turn, task, asked.by);
  // Nobody who is not blocked can be answered.
  if (!is_blocked) return;
  turn.refuse({});
  budgets::grant(turn, task);
  turn.note(FactKind::TaskReleased, task.id(), asked_by(asked.by));
  endings::begin(turn, task, Ending::Retry,
                 {.kind = ReasonKind::Answered, .text = asked.text, .names = named(asked.by)});
}

void reassign(Turn& turn, TaskRecord& task, const UserAsked& asked) {
  const std::string& kind = asked.text;
  if (!turn.run().rules.agents.contains(kind))
    return turn.refuse({.kind = RefusalKind::UnknownKind, .task = task.id(), .word = kind});
  const bool has_begun = task.state != TaskState::Waiting && task.state != TaskState::Unreachable;
  if (has_begun) retry(turn, task, asked.by);
  if (turn.refused().empty()) roster::assign(turn, task, kind);
}

/// By its program's own command, which is typed as any text is.
void compact(Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  if (agent.phase != AgentPhase::Live || task.state != TaskState::Running)
    return refuse(turn, task, RefusalKind::NoAgent);
  const AgentRules& rules = attempts::rules_of(turn.state(), agent.kind);
  if (rules.compact.empty() || !rules.seen)
    return turn.refuse({.kind = RefusalKind::CannotCompact, .task = task.id(), .word = agent.kind});
  turn.add_message(
      {.from = {PartyKind::Supervisor, {}}, .to = party_of(task.id()), .text = rules.compact});
}

void ask_of_one(Turn& turn, TaskRecord& task, const UserAsked& asked) {
  switch (asked.verb) {
    case Verb::Abort: return abort(turn, task, asked.by);
    case Verb::Retry: return retry(turn, task, asked.by);
    case Verb::Merge: return merge(turn, task);
    case Verb::Undo: return undos::ask(turn, task);
    case Verb::Compact: return compact(turn, task);
    case Verb::Hold: return hold(turn, task, asked.by);
    case Verb::Release: return release(turn, task, asked.by);
    case Verb::Unlock: return locks::take_away(turn, task, asked.text);
    case Verb::ReleaseWith:
    case Verb::Send:
    case Verb::SendNow:
    case Verb::Acknowledge:
    case Verb::Read:
    case Verb::Answer:
    case Verb::AnswerAlways:
    case Verb::Down:
    case Verb::DownKeepAgents:
    case Verb::Make:
    case Verb::MakeHeld:
    case Verb::Reassign: return;
  }
}

void ask_of_all(Turn& turn, const UserAsked& asked) {
  const Verb verb = asked.verb;
  constexpr std::array kOfOne{Verb::Retry,    Verb::Compact, Verb::Merge,
                              Verb::Undo,     Verb::Answer,  Verb::AnswerAlways,
                              Verb::Reassign, Verb::Unlock,  Verb::ReleaseWith};
  if (std::ranges::find(kOfOne, verb) != kOfOne.end()) {
    return turn.refuse({.kind = RefusalKind::NoTaskNamed, .word = std::string(typed_word(verb))});
  }
  bool any = false;  // some may be past it
  for (const TaskRecord& task : turn.state().tasks) {
    if (is_final(task.state) || task.plan.spec.coordinates()) continue;
    turn.refuse({});
    ask_of_one(turn, turn.edit(task), asked);
    any = any || turn.refused().empty();
  }
  if (any) return turn.refuse({});
  turn.refuse({.kind = RefusalKind::NoTaskLeft, .word = std::string(typed_word(verb))});
}

}  // namespace

void on(Turn& turn, const UserAsked& event) {
  if (!event.by.value.empty()) {
    Refusal why = coordination::why_not(turn.state(), event);
    if (!why.empty()) return turn.refuse(std::move(why));
  }
  if (event.verb == Verb::Down) return phases::go_down(turn, false);
  if (event.verb == Verb::DownKeepAgents) return phases::go_down(turn, true);
  if (event.verb == Verb::Make || event.verb == Verb::MakeHeld) return roster::make(turn, event);
  if (event.verb == Verb::Send || event.verb == Verb::SendNow)
    return sending::send(turn, text_of_user(event));
  if (event.verb == Verb::Acknowledge)
    return sending::acknowledge(turn, party_who_asks(event), event.reply_to);
  if (event.verb == Verb::Read) return sending::read(turn, event.reply_to);
  if (event.task.value.empty()) return ask_of_all(turn, event);
  TaskRecord* task = turn.edit(event.task);
  if (task == nullptr) return turn.refuse({.kind = RefusalKind::NoSuchTask, .task = event.task});
  if (event.verb == Verb::Answer || event.verb == Verb::AnswerAlways)
    return questions::answer(turn, *task, event);
  if (event.verb == Verb::ReleaseWith) return release_with(turn, *task, event);
  if (event.verb == Verb::Reassign) return reassign(turn, *task, event);
  ask_of_one(turn, *task, event);
}

void go_on(Turn& turn, TaskRecord& task, const TaskId& by) {
  task.test_anew = true;
  turn.note(FactKind::TaskReleased, task.id(), asked_by(by));
  const AgentRun& agent = turn.agent_of(task);
  // Its turn is being ended: it is told to continue when that is over.
  const OutboxEntry* typed = turn.state().pending.in(task.id(), Lane::Pane);
  const bool is_interrupted =
      typed != nullptr && std::holds_alternative<InterruptTurn>(typed->effect);
  // It has not begun what stands in its prompt: the next attempt does, in the same conversation.
  const bool is_unsent = agent.turn.put_back;
  if (!agent.is_alive() || is_unsent || (!turn.is_idle(task) && !is_interrupted))
    return endings::begin(turn, task, Ending::Retry,
                          {.kind = ReasonKind::Released, .names = named(by)});
  // It counts as a worker again if there is one to be had.
  task.worker = dispatch::free_worker(turn, task);
  turn.edit_agent(task).interrupts = 0;
  attempts::start_clock(turn, task);
  turn.enter(task, Step::Resume);
  const bool at_prompt =
      agent.turn.activity == Activity::Idle || agent.turn.activity == Activity::Failed;
  if (at_prompt && !is_interrupted && !has_open_message(turn.state(), task))
    messages::tell_to_continue(turn, task);
}

void retry(Turn& turn, TaskRecord& task, const TaskId& by) {
  // Nobody waits for it any more.
  const TaskSpec& spec = task.plan.spec;
  const TaskRecord* parent = spec.is_delegated() ? turn.find(TaskId{spec.made_by}) : nullptr;
  if (parent != nullptr && is_final(parent->state))
    return refuse(turn, *parent, RefusalKind::AlreadyOver);
  const RunPhase phase = turn.run().phase;
  // A run that was stopped goes on with it.
  if (spec.coordinates() && is_over(phase) && phase != RunPhase::Stopped)
    return turn.refuse({.kind = RefusalKind::NothingToDirect, .word = std::string(to_text(phase))});
  budgets::grant(turn, task);
  switch (task.state) {
    case TaskState::Merged: return refuse(turn, task, RefusalKind::AlreadyMerged);
    case TaskState::Unreachable:
      return turn.refuse({.kind = RefusalKind::RetryNeeded, .task = task.id(), .reason = task.why});
    case TaskState::Landing:
    case TaskState::PartLanded: return refuse(turn, task, RefusalKind::WaitForLanding);
    case TaskState::Waiting: task.not_before.reset(); return kinds::try_again_for(turn, task);
    case TaskState::Preparing:
    case TaskState::Running:
    case TaskState::Checking:
    case TaskState::Queued:
    case TaskState::Stopping:
    case TaskState::Saving:
    case TaskState::Blocked:
    case TaskState::Failed:
    case TaskState::Aborted: break;
  }
  kinds::try_again_for(turn, task);
  task.test_anew = true;
  turn.note(FactKind::TaskRetried, task.id(), {.kind = ReasonKind::Restarted, .names = named(by)});
  endings::begin(turn, task, Ending::Retry, reason_to_retry(task, by));
}

}  // namespace orch::commands
