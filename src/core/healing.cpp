// Waits, tells to continue, and lets one try for all of its kind.
#include "core/healing.hpp"

#include "core/attempts.hpp"
#include "core/budgets.hpp"
#include "core/endings.hpp"
#include "core/kinds.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"
#include "core/routing.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::healing {
namespace {

using namespace std::chrono_literals;

// Two that fail so close to each other fail for the same reason.
constexpr Span kTogether = 1min;
// A program tries a request that fails again by itself for up to 4 minutes: one that has been at
// work for longer has had an answer.
constexpr Span kTriesItself = 4min;
// Between those that follow.
constexpr Span kApart = 2s;

const KindRecord* record_of(const State& state, const std::string& kind) {
  const auto found = state.run.kinds.find(kind);
  return found == state.run.kinds.end() ? nullptr : &found->second;
}

bool is_held_up(const KindRecord* record) {
  return record != nullptr && record->paused_until;
}

/// Those of the kind that wait to be told to continue, in file order.
std::vector<std::size_t> waiting(Turn& turn, const std::string& kind) {
  std::vector<std::size_t> places = turn.agenda().places(Matter::ContinuesLater);
  std::erase_if(places, [&](std::size_t place) {
    return turn.state().agent_of(turn.state().tasks[place]).kind != kind;
  });
  return places;
}

void resume(Turn& turn, const std::string& kind) {
  KindRecord& record = turn.edit_run().kinds[kind];
  const TaskId probe = record.probe;
  try_again(record);
  turn.note(FactKind::KindResumed, probe, {.kind = ReasonKind::KindResumed, .text = kind});
  Time next = turn.now();
  for (const std::size_t place : waiting(turn, kind)) {
    AgentRun& agent = turn.edit_agent(turn.edit(turn.state().tasks[place]));
    agent.turn.continue_at = next += kApart;
  }
}

/// The one that tries has been at work for long, or nobody is there who could try.
bool is_over(const KindRecord& record, Time now) {
  if (!record.paused_until) return false;
  if (record.probed_at) return *record.probed_at + kTriesItself <= now;
  return *record.paused_until <= now;
}

/// Is another one of its kind the only one that may try?
bool must_wait(const KindRecord* record, const TaskId& task, Time now) {
  if (!is_held_up(record)) return false;
  if (*record->paused_until > now) return true;
  return !record->probe.value.empty() && record->probe != task;
}

bool may_be_told(const State& state, const TaskRecord& task, const AgentRun& agent) {
  return agent.phase == AgentPhase::Live && task.state == TaskState::Running && !task.held &&
         agent.control == Control::Ours && !agent.said_done && !has_open_message(state, task);
}

void tell(Turn& turn, TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  turn.note(FactKind::TaskContinued, task.id(),
            {.kind = ReasonKind::ToldToContinue,
             .text = agent.turn.evidence,
             .number = agent.continues + 1});
  turn.edit_agent(task).turn.continue_at.reset();
  messages::tell_to_continue(turn, task);
}

/// As its error says, or the longer the more often it was told to.
Span wait_of(const Turn& turn, const AgentRun& agent) {
  if (agent.turn.opens_in > Span{0}) return agent.turn.opens_in;
  const std::vector<Span>& waits = turn.run().rules.continue_after;
  if (waits.empty()) return kTogether;
  return waits[std::min(static_cast<std::size_t>(agent.continues), waits.size() - 1)];
}

/// Others of its kind would fail as it did.
bool concerns_kind(const Turn& turn, const AgentRun& agent) {
  if (agent.turn.error == TurnError::RateLimit) return true;
  const KindRecord* record = record_of(turn.state(), agent.kind);
  if (record == nullptr) return false;
  const bool together = record->failed && record->failed_task != agent.task &&
                        turn.now() - *record->failed <= kTogether;
  return together || record->probe == agent.task;
}

/// When its turn is to be ended, or the user to be asked; nothing: it does not hang.
std::optional<Time> interrupt_at(const State& state, const AgentRun& agent) {
  const Span after = attempts::rules_of(state, agent.kind).interrupt_after;
  if (after <= Span{0} || !agent.turn.stalled_since) return std::nullopt;
  return std::max(*agent.turn.stalled_since, agent.interrupted) + after;
}

void interrupt(Turn& turn, TaskRecord& task) {
  AgentRun& agent = turn.edit_agent(task);
  ++agent.interrupts;
  agent.interrupted = turn.now();
  turn.note(FactKind::TaskInterrupted, task.id(),
            {.kind = ReasonKind::TurnInterrupted,
             .number = (turn.now() - *agent.turn.stalled_since).count()});
  outbox::emit(turn, InterruptTurn{.task = task.id(),
                                   .attempt = agent.attempt,
                                   .number = agent.interrupts,
                                   .agent = agent.kind});
}

void ask_about_hanging(Turn& turn, TaskRecord& task) {
  const Reason why{.kind = ReasonKind::TurnsHang, .number = turn.agent_of(task).interrupts};
  attempts::stop_clock(turn, task);
  turn.enter(task, Step::Block, why);
  turn.note(FactKind::TaskBlocked, task.id(), why);
}

void interrupt_what_hangs(Turn& turn) {
  for (const std::size_t place : turn.agenda().places(Matter::Hangs)) {
    const TaskRecord& known = turn.state().tasks[place];
    const AgentRun& agent = turn.agent_of(known);
    const std::optional<Time> at = interrupt_at(turn.state(), agent);
    const bool may = may_be_told(turn.state(), known, agent) && turn.is_free(known, Lane::Pane) &&
                     messages::may_go_on(turn, known);
    if (!at || *at > turn.now() || !may) continue;
    if (agent.interrupts < kInterrupts) {
      interrupt(turn, turn.edit(known));
    } else {
      ask_about_hanging(turn, turn.edit(known));
    }
  }
}

}  // namespace

void pause(Turn& turn, const TaskRecord& task, Span wait, const Reason& why) {
  const std::string& kind = turn.agent_of(task).kind;
  KindRecord& record = turn.edit_run().kinds[kind];
  const bool is_new = !record.paused_until;
  const Time until = turn.now() + wait;
  if (is_new || *record.paused_until < until) record.paused_until = until;
  record.probe = {};
  record.probed_at.reset();
  record.paused = because_of(ReasonKind::KindPaused, why);
  record.paused.text = kind;
  record.paused.number = wait.count();
  const std::optional<Span>& long_pause = turn.run().rules.failover_after;
  record.is_away = long_pause && wait >= *long_pause;
  if (is_new) turn.note(FactKind::KindPaused, task.id(), record.paused);
}

void plan_to_continue(Turn& turn, TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  if (agent.turn.activity != Activity::Failed || agent.turn.continue_at) return;
  if (!is_passing(agent.turn.error)) {
    if (is_of_user(agent.turn.error)) kinds::refused(turn, agent.kind, quoted(agent.turn.evidence));
    return is_gone(turn, task);
  }
  const Span wait = wait_of(turn, agent);
  if (concerns_kind(turn, agent)) {
    pause(turn, task, wait, {.kind = ReasonKind::AgentTurnFailed, .text = agent.turn.evidence});
  }
  KindRecord& record = turn.edit_run().kinds[agent.kind];
  record.failed = turn.now();
  record.failed_task = task.id();
  const auto tries = static_cast<std::size_t>(agent.continues);
  const bool may = tries < turn.run().rules.continue_after.size();
  if (may && messages::may_go_on(turn, task))
    turn.edit_agent(task).turn.continue_at = turn.now() + wait;
}

bool fail_over(Turn& turn, TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  const bool may =
      agent.turn.activity == Activity::Failed && may_be_told(turn.state(), task, agent);
  if (!may || !routing::fails_over(turn.state(), task)) return false;
  Reason why = because_of(ReasonKind::FailedOver, quoted(agent.turn.evidence));
  why.text = agent.kind;
  endings::begin(turn, task, Ending::Redo, std::move(why));
  return true;
}

void does_something(Turn& turn, const TaskRecord& task) {
  const std::string kind = turn.agent_of(task).kind;
  const KindRecord* record = record_of(turn.state(), kind);
  if (is_held_up(record) && record->probe == task.id()) resume(turn, kind);
}

void is_gone(Turn& turn, const TaskRecord& task) {
  const std::string kind = turn.agent_of(task).kind;
  const KindRecord* record = record_of(turn.state(), kind);
  if (!is_held_up(record) || record->probe != task.id()) return;
  KindRecord& changed = turn.edit_run().kinds[kind];
  changed.probe = {};
  changed.probed_at.reset();
}

void carry_on(Turn& turn) {
  if (turn.run().phase != RunPhase::Running) return;
  interrupt_what_hangs(turn);
  for (const std::size_t place : turn.agenda().places(Matter::ContinuesLater)) {
    const TaskRecord& known = turn.state().tasks[place];
    const AgentRun& agent = turn.agent_of(known);
    const bool is_away = routing::fails_over(turn.state(), known);
    if (is_away && fail_over(turn, turn.edit(known))) continue;
    if (*agent.turn.continue_at > turn.now() || !may_be_told(turn.state(), known, agent)) continue;
    const KindRecord* record = record_of(turn.state(), agent.kind);
    if (must_wait(record, known.id(), turn.now())) continue;
    if (is_held_up(record)) {
      KindRecord& changed = turn.edit_run().kinds[agent.kind];
      changed.probe = known.id();
      changed.probed_at = turn.now();
    }
    tell(turn, turn.edit(known));
  }
  std::vector<std::string> over;
  for (const auto& [kind, record] : turn.run().kinds)
    if (is_over(record, turn.now())) over.push_back(kind);
  for (const std::string& kind : over)
    resume(turn, kind);
}

void on(Turn& turn, const InterruptTurn& effect, const InterruptTurn::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    return turn.note(FactKind::TaskTrouble, effect.task,
                     because_of(ReasonKind::InterruptFailed, reason_of(*failure)));
  }
  if (task.attempts != effect.attempt || turn.agent_of(task).phase != AgentPhase::Live) return;
  AgentRun& agent = turn.edit_agent(task);
  const bool is_put_back = std::get<TurnEnded>(end).put_back;
  const bool is_unsent = is_put_back && !effect.resend;
  agent.turn = {.activity = Activity::Idle, .since = turn.now(), .put_back = is_unsent};
  // Few programs tell of an interrupt: what they said before is out of date.
  if (agent.own.at <= agent.interrupted) agent.own = {};
  if (task.state != TaskState::Running || has_open_message(turn.state(), task)) return;
  // Released meanwhile.
  if (is_unsent) return endings::begin(turn, task, Ending::Retry, {ReasonKind::Released});
  if (!is_put_back) return messages::tell_to_continue(turn, task);
  ++task.auto_texts;
  budgets::count_turn(turn, task);
  agent.turn = {.since = turn.now()};
  task.why = {};
}

const Reason* pause_of(const State& state, const std::string& kind) {
  const KindRecord* record = record_of(state, kind);
  return is_held_up(record) ? &record->paused : nullptr;
}

bool pauses_any(const State& state) {
  return std::ranges::any_of(state.run.kinds,
                             [](const auto& entry) { return is_held_up(&entry.second); });
}

void try_again(KindRecord& record) {
  record.paused_until.reset();
  record.paused = {};
  record.is_away = false;
  record.probe = {};
  record.probed_at.reset();
  record.failed.reset();
}

std::optional<Time> next_time(const State& state, const Agenda& agenda) {
  std::optional<Time> next;
  const auto consider = [&next](Time time) {
    if (!next || time < *next) next = time;
  };
  for (const auto& [kind, record] : state.run.kinds) {
    if (!record.paused_until) continue;
    if (record.probed_at) consider(*record.probed_at + kTriesItself);
    if (record.probe.value.empty()) consider(*record.paused_until);
  }
  for (const std::size_t place : agenda.places(Matter::ContinuesLater)) {
    const TaskRecord& task = state.tasks[place];
    const AgentRun& agent = state.agent_of(task);
    if (!may_be_told(state, task, agent) || is_held_up(record_of(state, agent.kind))) continue;
    consider(*agent.turn.continue_at);
  }
  for (const std::size_t place : agenda.places(Matter::Hangs)) {
    const TaskRecord& task = state.tasks[place];
    const AgentRun& agent = state.agent_of(task);
    const std::optional<Time> at = interrupt_at(state, agent);
    if (at && may_be_told(state, task, agent) && state.pending.is_free(task.id(), Lane::Pane) &&
        may_be_texted(state, task))
      consider(*at);
  }
  return next;
}

}  // namespace orch::healing
