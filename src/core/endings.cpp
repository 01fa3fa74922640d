// How an attempt ends early.
#include "core/endings.hpp"

#include "core/attempts.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"
#include "core/phases.hpp"
#include "core/roster.hpp"
#include "orch/base/text.hpp"
#include "orch/core/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::endings {
namespace {

Span retry_delay(const State& state, const TaskRecord& task) {
  const Rules& rules = state.run.rules;
  const std::uint64_t dice =
      fnv1a(fmt::format("{}/{}/{}", rules.seed, task.id().value, task.attempts));
  return back_off(rules.retry_delay, task.crashes + task.failures + task.restarts, dice);
}

/// Two agents in one worktree would undo each other's work: none is started next to another.
bool starts_again(Ending ending) {
  return ending == Ending::Failed || ending == Ending::Interrupt || ending == Ending::Retry ||
         ending == Ending::Redo || ending == Ending::FailedStart || ending == Ending::Return;
}

// D11: when the last P0 has failed, the others were for nothing; the user decides how to go on.
void stop_if_critical(Turn& turn, const TaskRecord& failed) {
  const State& state = turn.state();
  if (failed.plan.effective_priority != Priority::P0 || state.run.phase != RunPhase::Running)
    return;
  const auto lost = [](const TaskRecord& task) {
    return task.plan.spec.priority != Priority::P0 || !task.counts() ||
           task.state == TaskState::Failed || task.state == TaskState::Unreachable;
  };
  const bool others = std::ranges::any_of(
      state.tasks, [](const TaskRecord& task) { return task.counts() && !is_final(task.state); });
  if (!others || !std::ranges::all_of(state.tasks, lost)) return;
  turn.edit_run().why = {ReasonKind::AllP0Failed};
  turn.note(FactKind::RunCritical, {}, turn.run().why);
  phases::go_down(turn, false);
}

void wait_for_another_try(Turn& turn, TaskRecord& task, ReasonKind how) {
  task.not_before = turn.now() + retry_delay(turn.state(), task);
  ++task.auto_restarts;
  turn.enter(task, Step::Again, {ReasonKind::RetryDelay});
  turn.note(FactKind::TaskRetried, task.id(), because_of(how, task.ending_why));
}

void fail(Turn& turn, TaskRecord& task, Reason why) {
  turn.enter(task, Step::Fail, std::move(why));
  task.tick = Tick::Due;
  turn.note(FactKind::TaskFailed, task.id(), task.why);
  roster::refresh_unreachable(turn, task);
  stop_if_critical(turn, task);
}

void start_over(Turn& turn, TaskRecord& task) {
  task.worker = 0;
  task.not_before.reset();
  task.crashes = task.failures = task.restarts = task.auto_restarts = 0;
  task.returned = {};
  turn.enter(task, Step::Again);
  roster::refresh_unreachable(turn, task);
}

Reason after_attempts(int number, Reason why) {
  Reason reason = because_of(ReasonKind::Attempt, std::move(why));
  reason.number = number;
  return reason;
}

/// It does not count as an attempt.
void failed_to_start(Turn& turn, TaskRecord& task) {
  kinds::failed_to_start(turn, task, task.ending_why);
  ++task.restarts;
  wait_for_another_try(turn, task, ReasonKind::StartedAgain);
}

/// A conversation that was gone on with and failed again is not gone on with for ever, as what it
/// failed of may be in it; of a start that failed there is none; and who starts a task again does
/// not want the old one.
void forget_session(Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  const bool anew = task.ending == Ending::Retry || task.ending == Ending::FailedStart ||
                    (task.ending == Ending::Failed && agent.resumed);
  if (!anew || (agent.session.empty() && agent.offered.empty())) return;
  AgentRun& forgets = turn.edit_agent(task);
  forgets.session.clear();
  forgets.offered.clear();
}

void go_where_it_leads(Turn& turn, TaskRecord& task) {
  const Reason why = task.ending_why;
  const int used = task.crashes + task.failures;
  forget_session(turn, task);
  switch (task.ending) {
    case Ending::None: return;
    case Ending::Failed:
      if (used < turn.run().rules.attempts)
        return wait_for_another_try(turn, task, ReasonKind::TriedAgain);
      return fail(turn, task, after_attempts(used, why));
    case Ending::GiveUp: return fail(turn, task, why);
    case Ending::Return:
      return turn.enter(task, Step::Again, because_of(ReasonKind::Returned, why));
    case Ending::Block:
      turn.enter(task, Step::Block, why);
      return turn.note(FactKind::TaskBlocked, task.id(), why);
    case Ending::Abort:
      turn.enter(task, Step::Abort, why);
      turn.note(FactKind::TaskAborted, task.id(), why);
      return roster::refresh_unreachable(turn, task);
    case Ending::Deliver:
      turn.enter(task, Step::Deliver, why);
      return turn.note(FactKind::TaskDone, task.id(), why);
    case Ending::Interrupt:
      task.worker = 0;
      return turn.enter(task, Step::Again, {ReasonKind::Interrupted});
    case Ending::Redo: return wait_for_another_try(turn, task, ReasonKind::StartedAgain);
    case Ending::FailedStart: return failed_to_start(turn, task);
    case Ending::Retry: return start_over(turn, task);
  }
}

/// Nothing runs any more and all is saved: the task goes where the reason leads.
void close(Turn& turn, TaskRecord& task) {
  go_where_it_leads(turn, task);
  roster::look_again(turn, task);
}

void not_saved(TaskRecord& task, const std::string& worktree, const NotDone& failure) {
  // Nothing that could destroy the work may follow: the user has to look.
  if (task.ending == Ending::Abort) {
    const std::vector<std::string> by = std::move(task.ending_why.names);
    task.ending_why = because_of(ReasonKind::AbortedUnsaved, reason_of(failure));
    task.ending_why.names = by;
    task.ending_why.path = worktree;
    return;
  }
  // What was in the way of looking at it is so of saving it: after that it is looked at again.
  const Reason* known = fault_in(task.ending_why);
  const bool is_same = task.ending == Ending::Block && !failure.hint.empty() && known != nullptr &&
                       known->hint == failure.hint;
  if (is_same) return;
  task.stuck = Stuck::Start;
  task.ending = Ending::Block;
  task.ending_why = because_of(ReasonKind::CannotSave, reason_of(failure));
}

/// Is it interrupted before anybody knows of an agent that was told the answer?
bool is_still_to_be_told(Turn& turn, const TaskRecord& task) {
  return task.ending == Ending::Interrupt && task.ending_why.kind == ReasonKind::Answered &&
         turn.agent_of(task).session.empty();
}

}  // namespace

void begin(Turn& turn, TaskRecord& task, Ending ending, Reason why) {
  attempts::stop_clock(turn, task);
  turn.enter(task, Step::End, task.why);
  task.ending = ending;
  if (!is_still_to_be_told(turn, task)) task.ending_why = std::move(why);
  if (turn.is_idle(task)) carry_on(turn, task);
}

void begin_spoilt(Turn& turn, TaskRecord& task, Ending ending, Reason why, Spoilt spoilt) {
  turn.edit_agent(task).spoilt = spoilt;
  begin(turn, task, ending, std::move(why));
}

void block(Turn& turn, TaskRecord& task, Stuck stuck, Reason why) {
  if (is_ending(task.state)) return;
  task.stuck = stuck;
  begin(turn, task, Ending::Block, std::move(why));
}

void start_anew(Turn& turn, TaskRecord& task, Reason why) {
  ++task.restarts;
  begin(turn, task, Ending::Redo, std::move(why));
}

void stop_agent(Turn& turn, TaskRecord& task) {
  if (turn.agent_of(task).is_alive()) turn.enter(turn.edit_agent(task), AgentStep::Stop);
  outbox::emit(turn, StopAgent{task.id(), task.attempts});
}

void carry_on(Turn& turn, TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  if (agent.is_to_be_stopped()) {
    task.why = because_of(ReasonKind::BeingStopped, task.ending_why);
    return stop_agent(turn, task);
  }
  // One that never came up.
  if (has_open_message(turn.state(), task)) messages::agent_is_gone(turn, task);
  if (task.state == TaskState::Stopping) {
    turn.enter(task, Step::Save, task.why);
    if (!agent.worktree.empty()) {
      return outbox::emit(turn, RescueWork{.task = task.id(),
                                           .attempt = task.attempts,
                                           .worktree = agent.worktree,
                                           .branch = agent.branch,
                                           .start = agent.start});
    }
  }
  close(turn, task);
}

void go_on_if_stuck(Turn& turn, TaskRecord& task) {
  if (task.state != TaskState::Blocked || task.stuck == Stuck::No || !turn.is_idle(task)) return;
  turn.note(FactKind::TaskRetried, task.id(), {ReasonKind::NotItsFault});
  switch (task.stuck) {
    case Stuck::No: return;
    case Stuck::Start: return begin(turn, task, Ending::Retry, task.why);
    case Stuck::Check: return attempts::check_work(turn, task);
    case Stuck::Landing:
      task.test_anew = true;
      return turn.enter(task, Step::Queue, {ReasonKind::LandingTurn});
  }
}

void on(Turn& turn, const StopAgent& effect, const StopAgent::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    const Reason why = because_of(ReasonKind::CannotStop, reason_of(*failure));
    turn.note(FactKind::TaskTrouble, task.id(), why);
    if (is_ending(task.state) && starts_again(task.ending)) {
      task.stuck = Stuck::No;
      task.ending = Ending::Block;
      task.ending_why = why;
    }
  }
  attempts::stop_clock(turn, task);
  if (!turn.agent_of(task).is_to_be_stopped()) return;
  AgentRun& agent = turn.edit_agent(task);
  agent.has_orphans = false;
  if (!agent.is_alive()) return;
  turn.enter(agent, AgentStep::Exit);
  messages::agent_is_gone(turn, task);
  healing::is_gone(turn, task);
}

void on(Turn& turn, const RescueWork& effect, const RescueWork::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (const auto* failure = std::get_if<NotDone>(&end))
    return not_saved(task, turn.agent_of(task).worktree, *failure);
  const std::string& ref = std::get<WorkRescued>(end).ref;
  const bool known = std::ranges::find(task.rescues, ref) != task.rescues.end();
  if (ref.empty() || known) return;
  task.rescues.push_back(ref);
  if (task.ending == Ending::FailedStart) {
    // It has left work, so it did start.
    task.ending = Ending::Failed;
    ++task.failures;
    kinds::works(turn, turn.agent_of(task).kind);
  }
  turn.note(FactKind::TaskSaved, task.id(), {.kind = ReasonKind::WorkKept, .path = ref});
}

}  // namespace orch::endings
