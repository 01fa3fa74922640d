// The life of one attempt: worktree, agent, what it says, how it ends, and what is done about it.
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/retry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch {
namespace {

constexpr std::size_t kReportsRemembered = 64;

std::string cannot_start(const TaskRecord& task, const std::string& why) {
  return fmt::format("{}; then `{}`", why, call_about("retry", task.id().value));
}

/// A reason that names a command about the task says itself how to go on.
std::string with_way_on(const TaskRecord& task, const std::string& why, std::string_view verb) {
  const std::string& id = task.id().value;
  for (const char* named : {"merge", "retry"})
    if (why.find(call_about(named, id)) != std::string::npos) return why;
  return fmt::format("{}; then `{}`", why, call_about(verb, id));
}

}  // namespace

/// The kind of agent that the next attempt will have.
const std::string& Engine::kind_of(const TaskRecord& task) const {
  return task.plan.spec.agent.empty() ? state_.run.rules.agent : task.plan.spec.agent;
}

const AgentRules& Engine::rules_of(const std::string& kind) const {
  static const AgentRules kNone;
  const auto found = state_.run.rules.agents.find(kind);
  return found == state_.run.rules.agents.end() ? kNone : found->second;
}

Span Engine::limit_of(const TaskRecord& task) const {
  return task.plan.spec.timeout.value_or(state_.run.rules.task_timeout);
}

void Engine::on_worktree(TaskRecord& task, const Outcome& outcome) {
  if (const auto* ready = std::get_if<WorktreeReady>(&outcome)) {
    task.attempt.worktree = ready->worktree;
    task.attempt.branch = ready->branch;
    task.attempt.start = ready->start;
    if (!ready->note.empty()) note("task.left", task.id(), ready->note);
    if (task.ending != Ending::None) return;
    task.attempt.items = task.plan.spec.items;
    enter(task, TaskState::Running, "starting");
    emit_for(task, StartAgent{.task = task.id(),
                              .attempt = task.attempt.number,
                              .worker = task.attempt.worker,
                              .agent = task.attempt.agent,
                              .worktree = task.attempt.worktree,
                              .branch = task.attempt.branch,
                              .last_failure = task.ending_why});
  } else if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    block(task, Stuck::Start, cannot_start(task, text_of(*failure)));
  }
}

void Engine::on_started(TaskRecord& task, const Outcome& outcome) {
  if (const auto* started = std::get_if<AgentStarted>(&outcome)) {
    task.attempt.window = started->window;
    task.attempt.pane = started->pane;
    task.attempt.pid = started->pid;
    task.attempt.pid_start = started->pid_start;
    task.attempt.boot = started->boot;
    task.attempt.token = started->token;
    task.attempt.alive = true;
    task.attempt.began = now_;
    if (task.ending != Ending::None || task.state != TaskState::Running) return;
    start_clock(task);
    enter(task, TaskState::Running);
    note("task.started", task.id(),
         fmt::format(
             "started by worker {} ({}){}", task.attempt.worker, task.attempt.agent,
             task.attempt.number > 1 ? fmt::format(", attempt {}", task.attempt.number) : ""));
  } else if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    // It may have begun all the same, so it is ended before another one is started.
    task.attempt.alive = true;
    block(task, Stuck::Start, cannot_start(task, text_of(*failure)));
  }
}

/// Something of ours or of the system's failed, not the task.
void Engine::block(TaskRecord& task, Stuck stuck, std::string why) {
  if (task.ending != Ending::None) return;
  task.stuck = stuck;
  end_attempt(task, Ending::Block, std::move(why));
}

/// Its window went away: that does not count to its attempts, but it does not go on for ever.
void Engine::start_anew(TaskRecord& task, const std::string& why) {
  if (++task.mishaps > kRestartsOfTask) return block(task, Stuck::Start, cannot_start(task, why));
  end_attempt(task, Ending::Redo, why);
}

/// What nobody but the system was in the way of goes on where it stood, and loses nothing.
void Engine::go_on_if_stuck(TaskRecord& task) {
  const bool idle = task.doing == 0 && task.ending == Ending::None;
  if (task.state != TaskState::Blocked || task.stuck == Stuck::No || !idle) return;
  note("task.retried", task.id(), "tried again, as it was not the task that failed");
  switch (task.stuck) {
    case Stuck::No: return;
    case Stuck::Start: return end_attempt(task, Ending::Retry, task.why);
    case Stuck::Check: return check_work(task);
    case Stuck::Landing: return enter(task, TaskState::Queued, "waits for its turn to land");
  }
}

// An agent that ends at once may be heard of before its start has been confirmed.
void Engine::on(const AgentExited& event) {
  TaskRecord* task = state_.find(event.task);
  if (task == nullptr || task->attempt.number != event.attempt) return;
  const auto doing = state_.pending.find(task->doing);
  const bool starting =
      doing != state_.pending.end() && std::holds_alternative<StartAgent>(doing->second.effect);
  if (!task->attempt.alive && !starting) return;
  task->attempt.alive = false;
  stop_clock(*task);
  touch(*task);
  if (task->ending != Ending::None) {
    if (task->doing == 0) carry_on_ending(*task);
    return;
  }
  if (task->state != TaskState::Running || task->attempt.done) return;
  switch (event.kind) {
    case ExitKind::Code:
      if (event.code == 0 && rules_of(task->attempt.agent).done == DoneBy::Exit) {
        task->attempt.done = true;
        if (task->doing == 0) check_work(*task);
        return;
      }
      ++task->failures;
      return end_attempt(*task, Ending::Failed,
                         event.code == 0 ? "ended without saying done"
                                         : fmt::format("exited with {}", event.code));
    case ExitKind::Signal:
    case ExitKind::Stopped:
    case ExitKind::Lost: ++task->crashes; return end_attempt(*task, Ending::Failed, event.why);
    case ExitKind::Hangup: return start_anew(*task, event.why);
    case ExitKind::NotStarted: return block(*task, Stuck::Start, cannot_start(*task, event.why));
  }
}

void Engine::on(const AgentReported& event) {
  TaskRecord* task = state_.find(event.task);
  if (task == nullptr || task->attempt.number != event.attempt) return;
  if (std::ranges::find(task->heard, event.id) != task->heard.end()) return;
  task->heard.push_back(event.id);
  if (task->heard.size() > kReportsRemembered) task->heard.erase(task->heard.begin());
  touch(*task);
  const bool at_work = task->state == TaskState::Running || task->state == TaskState::Blocked;
  // What it adds before its landing begins is looked at again.
  const bool done_before = task->state == TaskState::Checking || task->state == TaskState::Queued;
  if (!event.text.empty()) task->last_note = event.text;
  switch (event.kind) {
    case ReportKind::Notify: return note("task.notified", task->id(), event.text);
    case ReportKind::Progress:
      if (!at_work) return;
      // Written so that what is not a number is 0.
      task->progress = event.progress > 0 ? std::min(event.progress, 1.0) : 0.0;
      return note("task.progress", task->id(),
                  fmt::format("{:.0f} % {}", task->progress * 100, event.text));
    case ReportKind::Blocked:
      if (!at_work || task->ending != Ending::None) return;
      stop_clock(*task);
      enter(*task, TaskState::Blocked, event.text);
      return note("task.blocked", task->id(), event.text);
    case ReportKind::Done:
      if ((!at_work && !done_before) || task->ending != Ending::None) return;
      task->reported = event.head;
      task->attempt.no_changes = event.no_changes;
      if (!event.items.empty()) keep_only(task->attempt.items, event.items);
      task->attempt.done = true;
      if (task->doing == 0) check_work(*task);
      return;
  }
}

/// An agent can name less than it was given, and nothing that is not its own.
void Engine::keep_only(std::vector<std::string>& items, const std::vector<std::string>& named) {
  std::vector<std::string> kept;
  for (const std::string& item : items) {
    const auto same = [&item](const std::string& one) { return lower(one) == lower(item); };
    if (std::ranges::any_of(named, same)) kept.push_back(item);
  }
  if (!kept.empty()) items = std::move(kept);
}

void Engine::check_work(TaskRecord& task, bool as_is) {
  stop_clock(task);
  task.attempt.done = false;
  enter(task, TaskState::Checking, "what it left is looked at");
  emit_for(task, CollectWork{.task = task.id(),
                             .attempt = task.attempt.number,
                             .worktree = task.attempt.worktree,
                             .branch = task.attempt.branch,
                             .start = task.attempt.start,
                             .reported = task.reported,
                             .commit = rules_of(task.attempt.agent).commit,
                             .as_is = as_is});
}

void Engine::on_collected(TaskRecord& task, const CollectWork& effect, const Outcome& outcome) {
  if (task.ending != Ending::None) return;
  if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    // The work is done: only looking at it is tried again, and never its agent.
    // What the user asked to be merged as it is waits for the user.
    return block(task, effect.as_is ? Stuck::No : Stuck::Check,
                 with_way_on(task, text_of(*failure), "merge"));
  }
  const auto* collected = std::get_if<WorkCollected>(&outcome);
  if (collected == nullptr) return;  // kept away by the outbox
  task.work = collected->work;
  task.changed = collected->changed;
  task.left = collected->note;
  if (!task.left.empty()) note("task.left", task.id(), task.left);
  const bool by_report = rules_of(task.attempt.agent).done == DoneBy::Report;
  if (!task.changed && by_report && !task.attempt.no_changes) {
    ++task.failures;
    return end_attempt(
        task, Ending::Failed,
        "said done but committed nothing (`tmux-orch done --no-changes` says it is right)");
  }
  task.queued_order = state_.run.next_order++;
  enter(task, TaskState::Queued, "waits for its turn to land");
  note("task.done", task.id(), task.last_note.empty() ? "done" : "done: " + task.last_note);
}

void Engine::end_attempt(TaskRecord& task, Ending ending, std::string why) {
  task.ending = ending;
  task.ending_why = std::move(why);
  task.ending_saved = false;
  stop_clock(task);
  touch(task);
  if (task.doing == 0) carry_on_ending(task);
}

// Stop, save, close: each step is an effect, and the next one follows when it has ended.
void Engine::carry_on_ending(TaskRecord& task) {
  if (task.attempt.alive) {
    task.why = "being stopped: " + task.ending_why;
    return emit_for(task, StopAgent{task.id(), task.attempt.number});
  }
  if (!task.ending_saved && !task.attempt.worktree.empty()) {
    return emit_for(task, RescueWork{.task = task.id(),
                                     .attempt = task.attempt.number,
                                     .worktree = task.attempt.worktree,
                                     .branch = task.attempt.branch,
                                     .start = task.attempt.start});
  }
  close_attempt(task);
}

void Engine::on_stopped(TaskRecord& task, const Outcome& outcome) {
  if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    note("task.trouble", task.id(), "cannot be stopped: " + text_of(*failure));
    // Two agents in one worktree would undo each other's work: none is started beside it.
    const bool starts_again = task.ending == Ending::Failed || task.ending == Ending::Interrupt ||
                              task.ending == Ending::Retry || task.ending == Ending::Redo;
    if (starts_again) {
      task.stuck = Stuck::No;
      task.ending = Ending::Block;
      task.ending_why = "its agent cannot be stopped: " + text_of(*failure);
    }
  }
  stop_clock(task);
  task.attempt.alive = false;
}

void Engine::on_rescued(TaskRecord& task, const Outcome& outcome) {
  const auto* failure = std::get_if<NotDone>(&outcome);
  task.ending_saved = true;
  if (const auto* rescued = std::get_if<WorkRescued>(&outcome)) {
    const bool known = std::ranges::find(task.rescues, rescued->ref) != task.rescues.end();
    if (rescued->ref.empty() || known) return;
    task.rescues.push_back(rescued->ref);
    note("task.saved", task.id(), "its work is kept as " + rescued->ref);
  } else if (failure != nullptr) {
    // Nothing that could destroy the work may follow: a person has to look.
    if (task.ending == Ending::Abort) {
      task.ending_why = fmt::format("aborted by you; its work could not be saved and is in {}: {}",
                                    task.attempt.worktree, text_of(*failure));
      return;
    }
    // What was in the way of looking at it is so of saving it: after that it is looked at again.
    const bool is_same = task.ending == Ending::Block && !failure->hint.empty() &&
                         task.ending_why.find(failure->hint) != std::string::npos;
    if (is_same) return;
    task.stuck = Stuck::Start;
    task.ending = Ending::Block;
    task.ending_why =
        with_way_on(task, "its work could not be saved: " + text_of(*failure), "retry");
  }
}

void Engine::close_attempt(TaskRecord& task) {
  const Ending ending = std::exchange(task.ending, Ending::None);
  const std::string why = task.ending_why;
  const int used = task.crashes + task.failures;
  switch (ending) {
    case Ending::None: return;
    case Ending::Failed:
      if (used < state_.run.rules.attempts) {
        task.not_before = now_ + retry_delay(task);
        enter(task, TaskState::Waiting, "waits before it is tried again");
        return note("task.retried", task.id(), fmt::format("{}; tried again", why));
      }
      [[fallthrough]];
    case Ending::GiveUp:
      enter(task, TaskState::Failed,
            ending == Ending::GiveUp ? why : fmt::format("{} (attempt {})", why, used));
      note("task.failed", task.id(), task.why);
      refresh_unreachable();
      return stop_if_critical(task);
    case Ending::Block:
      enter(task, TaskState::Blocked, why);
      return note("task.blocked", task.id(), why);
    case Ending::Abort:
      enter(task, TaskState::Aborted, why);
      note("task.aborted", task.id(), why);
      return refresh_unreachable();
    case Ending::Interrupt: free_slot(task); return enter(task, TaskState::Waiting, "interrupted");
    case Ending::Redo:
      task.not_before = now_ + retry_delay(task);
      enter(task, TaskState::Waiting, "waits before it is tried again");
      return note("task.retried", task.id(), fmt::format("{}; started again", why));
    case Ending::Retry:
      free_slot(task);
      task.not_before.reset();
      task.crashes = task.failures = task.mishaps = 0;
      enter(task, TaskState::Waiting);
      return refresh_unreachable();
  }
}

// D11: when the last P0 has failed, the others were for nothing; a person decides how to go on.
void Engine::stop_if_critical(const TaskRecord& failed) {
  RunRecord& run = state_.run;
  if (failed.plan.effective_priority != Priority::P0 || run.phase != RunPhase::Running) return;
  const auto lost = [](const TaskRecord& task) {
    return task.plan.spec.priority != Priority::P0 || !task.wanted ||
           task.state == TaskState::Failed || task.state == TaskState::Unreachable;
  };
  const bool others = std::ranges::any_of(
      state_.tasks, [](const TaskRecord& task) { return task.wanted && !is_final(task.state); });
  if (!others || !std::ranges::all_of(state_.tasks, lost)) return;
  run.why = "all P0 tasks have failed; `tmux-orch up` goes on with the others";
  note("run.critical", {}, run.why);
  go_down(false);
}

void Engine::free_slot(TaskRecord& task) {
  task.attempt.has_slot = false;
  touch(task);
}

void Engine::start_clock(TaskRecord& task) {
  if (!task.held && !task.attempt.busy_since) task.attempt.busy_since = now_;
}

void Engine::stop_clock(TaskRecord& task) {
  if (!task.attempt.busy_since) return;
  const Span worked = now_ - *task.attempt.busy_since;
  task.attempt.busy += worked;
  task.worked += worked;
  task.attempt.busy_since.reset();
  touch(task);
}

Span Engine::retry_delay(const TaskRecord& task) const {
  const RunRecord& run = state_.run;
  const std::uint64_t dice =
      fnv1a(fmt::format("{}/{}/{}", run.rules.seed, task.id().value, task.attempt.number));
  return back_off(run.rules.retry_delay, task.crashes + task.failures + task.mishaps, dice);
}

}  // namespace orch
