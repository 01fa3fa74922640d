// The life of one attempt.
#include "core/attempts.hpp"

#include "core/activities.hpp"
#include "core/budgets.hpp"
#include "core/delegation.hpp"
#include "core/endings.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/locks.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"
#include "core/returns.hpp"
#include "core/sending.hpp"
#include "core/usages.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orch::attempts {
namespace {

constexpr std::size_t kReportsRemembered = 64;

Span limit_of(const State& state, const TaskRecord& task) {
  return task.plan.spec.timeout.value_or(state.run.rules.task_timeout);
}

/// An agent can name less than it was given, and nothing that is not its own.
void keep_only(std::vector<std::string>& items, const std::vector<std::string>& named) {
  std::vector<std::string> kept;
  for (const std::string& item : items) {
    const auto same = [&item](const std::string& one) { return lower(one) == lower(item); };
    if (std::ranges::any_of(named, same)) kept.push_back(item);
  }
  if (!kept.empty()) items = std::move(kept);
}

Reason exit_reason(const AgentExited& event) {
  switch (event.kind) {
    case ExitKind::Code:
      if (event.code == 0) return {ReasonKind::NeverSaidDone};
      return {.kind = ReasonKind::ExitCode, .number = event.code};
    case ExitKind::Signal: return {.kind = ReasonKind::Signal, .number = event.code};
    case ExitKind::Stopped: return {ReasonKind::Stopped};
    case ExitKind::Lost: return {ReasonKind::Killed};
    case ExitKind::Hangup: return {ReasonKind::WindowClosed};
    case ExitKind::NotStarted: return {.kind = ReasonKind::NotStarted, .text = event.why};
  }
  return {};
}

/// Looked at at once, or as soon as no effect is in the way.
void says_done(Turn& turn, TaskRecord& task) {
  turn.edit_agent(task).said_done = true;
  if (turn.is_free(task, Lane::Worktree)) check_work(turn, task);
}

/// Has its program ended at once, without a word of the conversation that it was to go on with?
bool has_refused_session(const Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  const Span soon = rules_of(turn.state(), agent.kind).failed_start;
  return agent.resumed && agent.session.empty() && !agent.reported &&
         turn.now() - agent.began < soon;
}

void exited_by_itself(Turn& turn, TaskRecord& task, const AgentExited& event) {
  if (event.code == 0 && task.plan.spec.coordinates())
    return endings::begin(turn, task, Ending::Abort, {ReasonKind::CoordinatorLeft});
  if (event.code == 0 && rules_of(turn.state(), turn.agent_of(task).kind).done == DoneBy::Exit) {
    kinds::works(turn, turn.agent_of(task).kind);
    return says_done(turn, task);
  }
  if (has_refused_session(turn, task)) {
    Reason why = because_of(ReasonKind::SessionRefused, task.ending_why);
    why.text = event.last_words;
    return endings::begin_spoilt(turn, task, Ending::Redo, std::move(why), Spoilt::Refused);
  }
  if (kinds::is_failed_start(turn, task, event)) {
    return endings::begin(
        turn, task, Ending::FailedStart,
        {.kind = ReasonKind::FailedAtStart, .text = event.last_words, .number = event.code});
  }
  kinds::works(turn, turn.agent_of(task).kind);
  ++task.failures;
  Reason why = exit_reason(event);
  if (why.kind == ReasonKind::NeverSaidDone && task.why.kind == ReasonKind::DoneRefused)
    why.cause.push_back(task.why);
  endings::begin(turn, task, Ending::Failed, std::move(why));
}

void said_progress(Turn& turn, TaskRecord& task, const AgentReported& report) {
  // Written so that what is not a number is 0.
  task.progress = report.progress > 0 ? std::min(report.progress, 1.0) : 0.0;
  turn.note(FactKind::TaskProgress, task.id(),
            {.kind = ReasonKind::Progress,
             .text = report.text,
             .number = std::lround(task.progress * 100)});
}

void said_blocked(Turn& turn, TaskRecord& task, const AgentReported& report) {
  stop_clock(turn, task);
  turn.enter(task, Step::Block, quoted(report.text));
  turn.note(FactKind::TaskBlocked, task.id(), quoted(report.text));
}

/// Stands until something newer is known of it.
void was_refused(Turn& turn, TaskRecord& task, const AgentReported& report) {
  const Reason refused{.kind = ReasonKind::DoneRefused, .text = report.text};
  if (task.state == TaskState::Running) task.why = refused;
  turn.note(FactKind::TaskDoneRefused, task.id(), refused);
}

void said_done(Turn& turn, TaskRecord& task, const AgentReported& report) {
  task.reported = report.head;
  AgentRun& agent = turn.edit_agent(task);
  agent.no_changes = report.no_changes;
  agent.last_words = report.text;
  if (!report.items.empty()) keep_only(agent.items, report.items);
  says_done(turn, task);
}

}  // namespace

const std::string& usual_kind(const State& state, const TaskRecord& task) {
  return task.plan.spec.agent.empty() ? state.run.rules.agent : task.plan.spec.agent;
}

const AgentRules& rules_of(const State& state, const std::string& kind) {
  static const AgentRules kNone;
  const auto found = state.run.rules.agents.find(kind);
  return found == state.run.rules.agents.end() ? kNone : found->second;
}

std::vector<std::string> items_unmerged(const TaskRecord& task) {
  std::vector<std::string> left = task.plan.spec.items;
  std::erase_if(left, [&task](const std::string& item) {
    return std::ranges::find(task.items_merged, item) != task.items_merged.end();
  });
  return left;
}

namespace {

/// As its program said, or the one that it was given; unless that was another attempt's and nobody
/// has seen that it could go on with it, or it is spoilt.
std::string session_to_go_on_with(const AgentRun& last) {
  if (last.spoilt != Spoilt::No) return {};
  return last.resumed || !last.session.empty() ? last.session : last.offered;
}

/// What the next attempt is told of. That a conversation could not be gone on with is nothing to
/// it: it begins one of its own, for the reason that there was before.
const Reason& failure_before(const TaskRecord& task) {
  const Reason& last = task.ending_why;
  const bool is_ours = last.kind == ReasonKind::SessionRefused && !last.cause.empty();
  return is_ours ? last.cause.front() : last;
}

}  // namespace

void start(Turn& turn, TaskRecord& task, int worker, const std::string& kind) {
  const AgentRun& last = turn.agent_of(task);
  AgentRun agent{
      .role = task.plan.spec.role, .task = task.id(), .attempt = ++task.attempts, .worker = worker};
  agent.kind = kind;
  agent.items = items_unmerged(task);
  const bool fresh = agent.attempt > 1 && !rules_of(turn.state(), agent.kind).resumes;
  if (!fresh) {
    agent.worktree = last.worktree;
    agent.branch = last.branch;
    agent.start = last.start;
    if (last.kind == agent.kind) agent.offered = session_to_go_on_with(last);
    agent.resumed = !agent.offered.empty();
    // What its conversation came to is told again.
    if (agent.resumed) agent.health.anomalies = last.health.anomalies;
  }
  if (task.plan.spec.is_delegated()) delegation::is_begun(turn, task);
  const AgentRun& given = turn.give_agent(task, std::move(agent));
  task.worker = worker;
  task.not_before.reset();
  task.reported = task.work = {};
  task.progress = 0;
  task.cleaned = task.returned.as_is = false;
  task.seen.clear();
  task.weakened.clear();
  ++turn.edit_run().dispatched;
  kinds::begun_one(turn, given.kind);
  turn.enter(task, Step::Start, {ReasonKind::MakingWorktree});
  outbox::emit(turn,
               CreateWorktree{.task = task.id(),
                              .attempt = task.attempts,
                              .agent = given.kind,
                              .from = task.plan.spec.is_delegated() ? task.plan.spec.delegated_at
                                                                    : turn.run().integration,
                              .fresh = fresh,
                              .began = given.start});
}

void on(Turn& turn, const CreateWorktree& effect, const CreateWorktree::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    return endings::block(turn, task, Stuck::Start,
                          because_of(ReasonKind::CannotStart, reason_of(*failure)));
  }
  const auto& ready = std::get<WorktreeReady>(end);
  AgentRun& agent = turn.edit_agent(task);
  // Programs keep their conversations by folder.
  if (agent.resumed && agent.worktree != ready.worktree) {
    agent.offered.clear();
    agent.resumed = false;
  }
  agent.worktree = ready.worktree;
  agent.branch = ready.branch;
  agent.start = ready.start;
  if (!ready.note.empty()) turn.note(FactKind::TaskLeft, task.id(), quoted(ready.note));
  if (task.state != TaskState::Preparing) return;
  agent.items = items_unmerged(task);
  turn.enter(agent, AgentStep::Start);
  turn.enter(task, Step::Ready, {ReasonKind::Starting});
  outbox::emit(turn, StartAgent{.task = task.id(),
                                .attempt = task.attempts,
                                .worker = agent.worker,
                                .agent = agent.kind,
                                .worktree = agent.worktree,
                                .branch = agent.branch,
                                .last_failure = failure_before(task),
                                .resume = agent.offered});
}

void on(Turn& turn, const StartAgent& effect, const StartAgent::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  AgentRun& agent = turn.edit_agent(task);
  // It may have begun all the same where it failed, so it is ended before another one is started.
  if (agent.phase == AgentPhase::Starting) turn.enter(agent, AgentStep::Live);
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    return endings::block(turn, task, Stuck::Start,
                          because_of(ReasonKind::CannotStart, reason_of(*failure)));
  }
  const auto& started = std::get<AgentStarted>(end);
  agent.window = started.window;
  agent.pane = started.pane;
  agent.shim = {.host = {}, .pid = started.pid, .start = started.pid_start, .boot = started.boot};
  agent.token = started.token;
  // Not every program can go on with one.
  agent.resumed = agent.resumed && agent.offered == started.session;
  agent.offered = started.session;
  agent.began = agent.turn.since = turn.now();
  usages::begin(task, agent);
  budgets::count_turn(turn, task);
  if (task.state != TaskState::Running) return;
  start_clock(turn, task);
  task.why = {};
  turn.note(FactKind::TaskStarted, task.id(),
            {.kind = agent.role == Role::Coordinator ? ReasonKind::Coordinates
                     : agent.worker == 0             ? ReasonKind::StartedInPlace
                                                     : ReasonKind::StartedBy,
             .text = agent.kind,
             .number = agent.worker,
             .attempt = agent.attempt});
}

void on(Turn& turn, const AgentExited& event) {
  const TaskRecord* known = turn.find(event.task);
  if (known == nullptr || known->attempts != event.attempt) return;
  const AgentPhase phase = turn.agent_of(*known).phase;
  if (phase == AgentPhase::Assigned || phase == AgentPhase::Exited) return;
  TaskRecord& task = turn.edit(*known);
  AgentRun& agent = turn.edit_agent(task);
  turn.enter(agent, AgentStep::Exit);
  agent.has_orphans = event.kind == ExitKind::Lost;
  messages::agent_is_gone(turn, task);
  healing::is_gone(turn, task);
  stop_clock(turn, task);
  if (is_ending(task.state) && turn.is_idle(task)) return endings::carry_on(turn, task);
  if (task.state != TaskState::Running || agent.said_done) return;
  switch (event.kind) {
    case ExitKind::Code: return exited_by_itself(turn, task, event);
    case ExitKind::Signal:
    case ExitKind::Stopped:
    case ExitKind::Lost:
      ++task.crashes;
      return endings::begin(turn, task, Ending::Failed, exit_reason(event));
    case ExitKind::Hangup: return endings::start_anew(turn, task, exit_reason(event));
    case ExitKind::NotStarted:
      return endings::block(turn, task, Stuck::Start,
                            because_of(ReasonKind::CannotStart, exit_reason(event)));
  }
}

void on(Turn& turn, const AgentReported& event) {
  const TaskRecord* known = turn.find(event.task);
  if (known == nullptr || known->attempts != event.attempt) return;
  if (std::ranges::find(known->seen_reports, event.id) != known->seen_reports.end()) return;
  TaskRecord& task = turn.edit(*known);
  task.seen_reports.push_back(event.id);
  if (task.seen_reports.size() > kReportsRemembered)
    task.seen_reports.erase(task.seen_reports.begin());
  const bool at_work = task.state == TaskState::Running || task.state == TaskState::Blocked;
  // What it adds before its landing begins is looked at again.
  const bool done_before = task.state == TaskState::Checking || task.state == TaskState::Queued;
  const bool is_note = event.kind == ReportKind::Done || event.kind == ReportKind::Blocked ||
                       event.kind == ReportKind::Progress || event.kind == ReportKind::Notify;
  if (is_note && !event.text.empty()) task.last_note = event.text;
  // What it says next is newer than that its done was refused.
  const bool is_said = event.kind != ReportKind::Hook;
  if (is_said) {
    turn.edit_agent(task).reported = true;
    kinds::works(turn, turn.agent_of(task).kind);
    healing::does_something(turn, task);
  }
  if (at_work && is_said && task.why.kind == ReasonKind::DoneRefused) task.why = {};
  switch (event.kind) {
    case ReportKind::Delegate:
      if (task.state == TaskState::Running) delegation::delegate(turn, task, event);
      return;
    case ReportKind::Lock:
      if (at_work) locks::lock(turn, task, event.items);
      return;
    case ReportKind::Unlock: return locks::unlock(turn, task, event.items);
    case ReportKind::Notify:
    case ReportKind::Send:
    case ReportKind::Acknowledge: return sending::on(turn, task, event);
    case ReportKind::Progress:
      if (at_work) said_progress(turn, task, event);
      return;
    case ReportKind::Blocked:
      if (at_work) said_blocked(turn, task, event);
      return;
    case ReportKind::Hook: return activities::heard(turn, task, event.hook);
    case ReportKind::DoneRefused:
      if (at_work) was_refused(turn, task, event);
      return;
    case ReportKind::Done:
      // Nothing of who coordinates lands: what it says is kept, and it goes on.
      if (task.plan.spec.coordinates()) return;
      if (at_work || done_before) said_done(turn, task, event);
      return;
  }
}

void check_work(Turn& turn, TaskRecord& task, bool as_is) {
  stop_clock(turn, task);
  AgentRun& agent = turn.edit_agent(task);
  agent.said_done = false;
  turn.enter(task, Step::Check, {ReasonKind::Collecting});
  outbox::emit(turn, CollectWork{.task = task.id(),
                                 .attempt = task.attempts,
                                 .worktree = agent.worktree,
                                 .branch = agent.branch,
                                 .start = agent.start,
                                 .reported = task.reported,
                                 .commit = rules_of(turn.state(), agent.kind).commit,
                                 .as_is = as_is});
}

void on(Turn& turn, const CollectWork& effect, const CollectWork::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (task.state != TaskState::Checking) return;
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    // The work is done: only looking at it is tried again, and never its agent.
    // What the user asked to be merged as it is waits for the user.
    return endings::block(turn, task, effect.as_is ? Stuck::No : Stuck::Check,
                          because_of(ReasonKind::CannotCheck, reason_of(*failure)));
  }
  const auto& collected = std::get<WorkCollected>(end);
  task.work = collected.work;
  task.reviewed = 0;
  task.changed = collected.changed;
  task.left = collected.note;
  if (!task.left.empty()) turn.note(FactKind::TaskLeft, task.id(), quoted(task.left));
  const bool by_report = rules_of(turn.state(), turn.agent_of(task).kind).done == DoneBy::Report;
  if (!task.changed && by_report && !turn.agent_of(task).no_changes) {
    ++task.failures;
    return endings::begin(turn, task, Ending::Failed, {ReasonKind::NoChanges});
  }
  const bool is_gone = !task.changed && !task.returned.why.empty();
  if (is_gone && !turn.agent_of(task).no_changes) return returns::nothing_mended(turn, task);
  if (task.plan.spec.is_delegated()) return delegation::is_done(turn, task);
  task.queued_order = turn.edit_run().next_order++;
  turn.enter(task, Step::Queue, {ReasonKind::LandingTurn});
  if (effect.as_is) return;
  turn.note(FactKind::TaskDone, task.id(),
            {.kind = ReasonKind::Done, .text = turn.agent_of(task).last_words});
}

void enforce_limits(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::ClockRuns)) {
    const TaskRecord& known = turn.state().tasks[place];
    const std::optional<Time> reached = limit_reached_at(turn.state(), known);
    if (!reached || *reached > turn.now()) continue;
    TaskRecord& task = turn.edit(known);
    ++task.failures;
    endings::begin(turn, task, Ending::Failed,
                   {.kind = ReasonKind::TimeLimit, .number = limit_of(turn.state(), task).count()});
  }
}

std::optional<Time> limit_reached_at(const State& state, const TaskRecord& task) {
  if (task.state != TaskState::Running) return std::nullopt;
  const AgentRun& agent = state.agent_of(task);
  if (!agent.busy_since) return std::nullopt;
  return *agent.busy_since + (limit_of(state, task) - agent.busy);
}

void start_clock(Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  const bool may_run = !task.held && agent.control == Control::Ours;
  if (may_run && !agent.busy_since) turn.edit_agent(task).busy_since = turn.now();
}

void stop_clock(Turn& turn, TaskRecord& task) {
  if (!turn.agent_of(task).busy_since) return;
  AgentRun& agent = turn.edit_agent(task);
  const Span worked = turn.now() - *agent.busy_since;
  agent.busy += worked;
  task.worked += worked;
  agent.busy_since.reset();
}

}  // namespace orch::attempts
