// Effects from their decision to their end.
#include "core/outbox.hpp"

#include "core/endings.hpp"
#include "core/pushes.hpp"
#include "core/train.hpp"
#include "orch/base/text.hpp"
#include "orch/core/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace orch {

Span back_off(Span first, int tries, std::uint64_t dice) {
  constexpr int kMostDoublings = 16;
  const int doublings = std::clamp(tries, 1, kMostDoublings) - 1;
  const Span delay = std::min(first * (1 << doublings), kLongestDelay);
  const double spread = static_cast<double>(dice % 1000) / 1000.0 * 0.5 - 0.25;
  return delay + Span(static_cast<Span::rep>(static_cast<double>(delay.count()) * spread));
}

namespace outbox {
namespace {

bool is_landing_step(const Effect& effect) {
  return std::holds_alternative<PrepareLanding>(effect) ||
         std::holds_alternative<TestLanding>(effect) || std::holds_alternative<Land>(effect);
}

/// Those whose landing is a step further with it.
std::vector<TaskId> landing_with(const Effect& step) {
  std::vector<TaskId> ids;
  if (const auto* land = std::get_if<Land>(&step)) ids = land->with;
  ids.push_back(task_of(step));
  return ids;
}

/// What the step's landing was begun for.
CommitId onto_of(const State& state, const Effect& step) {
  if (const auto* land = std::get_if<Land>(&step)) return land->onto;
  const auto& landings = state.run.landings;
  const auto found = std::ranges::find(landings, task_of(step), &Landing::task);
  return found == landings.end() ? CommitId{} : found->onto;
}

/// Is that neither the tip of the integration branch nor on its way there?
bool is_outdated(const State& state, const Effect& step) {
  const CommitId onto = onto_of(state, step);
  if (onto == state.run.integration) return false;
  if (std::holds_alternative<Land>(step)) return true;
  return !train::is_tip(state.run, onto) &&
         std::ranges::none_of(state.run.landings, [&](const Landing& other) {
           return other.task != task_of(step) && other.candidate == onto;
         });
}

/// These belong to the end of an attempt, and to nothing that an end could cut short.
bool is_ending_step(const Effect& effect) {
  return std::holds_alternative<StopAgent>(effect) || std::holds_alternative<RescueWork>(effect);
}

Reason trouble(const NotDone& failure) {
  if (failure.no_space) return because_of(ReasonKind::DiskFull, reason_of({.why = failure.why}));
  return because_of(ReasonKind::RetryLater, reason_of(failure));
}

bool is_cut_short(const State& state, const Effect& effect) {
  const TaskRecord* task = state.find(task_of(effect));
  return task != nullptr && is_ending(task->state) && !is_ending_step(effect);
}

/// A full disk is waited for without end: every effect that has to write would fail as this one
/// did. The report is a copy of what the store has.
bool is_worth_a_try(const State& state, const OutboxEntry& entry, const NotDone& failure) {
  if (!failure.transient || is_cut_short(state, entry.effect)) return false;
  const bool patient = failure.no_space && !std::holds_alternative<WriteReport>(entry.effect);
  return patient || entry.retry.tries < kTriesOfEffect;
}

Span delay_before(const State& state, EffectId id, int tries, const NotDone& failure) {
  const Rules& rules = state.run.rules;
  const std::uint64_t dice = fnv1a(fmt::format("{}/effect/{}/{}", rules.seed, id, tries));
  Span delay = back_off(rules.retry_delay, tries, dice);
  if (failure.no_space) delay = std::min(delay, kLongestWaitForSpace);
  return std::max(delay, Span(1));
}

/// Others land while this landing waits to be tried again.
void give_up_lane(Turn& turn, const Effect& effect) {
  for (const TaskId& id : landing_with(effect)) {
    if (Landing* landing = turn.edit_landing(id)) turn.enter(*landing, LandingStep::Wait);
    TaskRecord* task = turn.edit(id);
    if (task != nullptr) turn.enter(*task, Step::Requeue, {ReasonKind::LandingTurn});
  }
}

LandingStep step_of(const RunRecord& run, const Effect& effect) {
  if (const auto* test = std::get_if<TestLanding>(&effect)) {
    const bool is_judged = test->verdict && run.rules.parallel > 1 && !test->task.value.empty();
    return is_judged ? LandingStep::Judge : LandingStep::Test;
  }
  return std::holds_alternative<Land>(effect) ? LandingStep::Move : LandingStep::Prepare;
}

Reason reason_for(const Effect& landing_step) {
  if (std::holds_alternative<TestLanding>(landing_step)) return {ReasonKind::TestingMerge};
  if (std::holds_alternative<Land>(landing_step)) return {ReasonKind::MergeTested};
  return {ReasonKind::Merging};
}

void take_lane(Turn& turn, const Effect& effect) {
  for (const TaskId& id : landing_with(effect)) {
    if (Landing* landing = turn.edit_landing(id)) turn.enter(*landing, step_of(turn.run(), effect));
    TaskRecord* task = turn.edit(id);
    if (task != nullptr) turn.enter(*task, Step::Land, reason_for(effect));
  }
  if (std::holds_alternative<Land>(effect)) turn.make_durable();
}

/// Is it a step of the landing of the user's own commits?
bool is_of_base(const RunRecord& run, const Effect& step) {
  if (!task_of(step).value.empty()) return false;
  return std::ranges::none_of(run.landings,
                              [](const Landing& landing) { return !landing.undo.value.empty(); });
}

/// Is there no point any more in trying this again?
bool is_pointless(const State& state, const Effect& effect) {
  const RunRecord& run = state.run;
  const TaskRecord* task = state.find(task_of(effect));
  if (is_landing_step(effect)) {
    if (run.phase != RunPhase::Running || is_outdated(state, effect)) return true;
    if (is_of_base(run, effect) && run.base_work != run.base_tip) return true;
    for (const TaskId& id : landing_with(effect)) {
      const TaskRecord* lands = state.find(id);
      if (lands != nullptr && lands->held) return true;
    }
  }
  if (const auto* review = std::get_if<ReviewWork>(&effect))
    return run.phase != RunPhase::Running || task == nullptr || task->state != TaskState::Queued ||
           task->work != review->work;
  if (const auto* follow = std::get_if<FollowBase>(&effect)) {
    return run.phase != RunPhase::Running || !run.base_tip.empty() ||
           follow->target != run.integration;
  }
  if (const auto* push = std::get_if<PushBranch>(&effect))
    return run.phase != RunPhase::Running || pushes::is_outdated(run, push->target, push->to);
  if (const auto* command = std::get_if<RunPushCommand>(&effect))
    return run.phase != RunPhase::Running || pushes::is_outdated(run, command->target, command->to);
  return is_cut_short(state, effect);
}

void begin_landings_anew(Turn& turn, const Effect& step) {
  for (const TaskId& id : landing_with(step)) {
    turn.end_landing(id);
    TaskRecord* task = turn.edit(id);
    const bool goes_on = task != nullptr && !is_ending(task->state);
    if (goes_on) turn.enter(*task, Step::Requeue, {ReasonKind::LandingTurn});
  }
}

/// It is not under way, and nobody waits for it any more.
void withdraw(Turn& turn, EffectId id) {
  const Effect effect = take_out(turn, id);
  if (std::holds_alternative<FollowBase>(effect)) {
    turn.edit_run().following = false;
    turn.edit_run().follow_tried = {};
  }
  if (std::holds_alternative<RunPushCommand>(effect)) turn.edit_run().commanded = {};
  if (is_landing_step(effect)) begin_landings_anew(turn, effect);
  TaskRecord* task = turn.edit(task_of(effect));
  if (task == nullptr) return;
  // It may have begun all the same, so it is ended before another one is started.
  const bool may_live = std::holds_alternative<StartAgent>(effect) &&
                        turn.agent_of(*task).phase == AgentPhase::Starting;
  if (may_live) turn.enter(turn.edit_agent(*task), AgentStep::Live);
  if (is_ending(task->state)) endings::carry_on(turn, *task);
}

}  // namespace

NotDone unexpected(std::string_view effect, const Outcome& outcome) {
  return {.why = fmt::format("{} ended as {}, which is a mistake of tmux-orch's", effect,
                             name_of(outcome)),
          .hint = {},
          .transient = false};
}

void emit(Turn& turn, Effect effect) {
  const EffectId id = turn.edit_run().next_effect++;
  turn.begin(id, effect);
  turn.add_entry(id, OutboxEntry{std::move(effect), {}});
}

bool is_under_way(const State& state, EffectId id) {
  const auto found = state.pending.find(id);
  return found != state.pending.end() && !found->second.retry.not_before;
}

bool is_tried_again(Turn& turn, EffectId id, const Outcome& outcome) {
  const OutboxEntry& entry = turn.state().pending.at(id);
  const auto* failure = std::get_if<NotDone>(&outcome);
  if (failure == nullptr || !is_worth_a_try(turn.state(), entry, *failure)) return false;
  Retry& retry = turn.edit_retry(id);
  ++retry.tries;
  retry.not_before = turn.now() + delay_before(turn.state(), id, retry.tries, *failure);
  if (is_landing_step(entry.effect)) give_up_lane(turn, entry.effect);
  retry.trouble = trouble(*failure);
  if (retry.tries == 1) {
    const bool of_run = turn.find(task_of(entry.effect)) == nullptr;
    turn.note(of_run ? FactKind::RunTrouble : FactKind::TaskTrouble, task_of(entry.effect),
              retry.trouble);
  }
  return true;
}

Effect take_out(Turn& turn, EffectId id) {
  return turn.take_entry(id).effect;
}

// `down` waits for agents that end and work that is saved, and not for long: the next `up` goes on
// with the rest.
std::optional<Time> due(const State& state, const OutboxEntry& entry) {
  const RunPhase phase = state.run.phase;
  if (!entry.retry.not_before || phase == RunPhase::Stopped) return {};
  const bool left_to_up = !is_ending_step(entry.effect) || entry.retry.tries > kTriesWhileStopping;
  if (phase == RunPhase::Stopping && left_to_up) return {};
  if (is_landing_step(entry.effect) && !train::has_room(state, entry.effect)) return {};
  return entry.retry.not_before;
}

/// Has a step of a landing begun, which may have made room for another one?
static bool begin_due(Turn& turn) {
  bool has_landing_step = false;
  std::vector<EffectId> waiting;
  for (const auto& [id, entry] : turn.state().pending)
    if (entry.retry.not_before) waiting.push_back(id);
  for (const EffectId id : waiting) {
    const OutboxEntry& entry = turn.state().pending.at(id);
    if (is_pointless(turn.state(), entry.effect)) {
      withdraw(turn, id);
      continue;
    }
    const std::optional<Time> time = due(turn.state(), entry);
    if (!time || *time > turn.now()) continue;
    turn.edit_retry(id).not_before.reset();
    if (is_landing_step(entry.effect)) {
      take_lane(turn, entry.effect);
      has_landing_step = true;
    }
    turn.begin(id, entry.effect);
  }
  return has_landing_step;
}

void go_through(Turn& turn) {
  while (begin_due(turn)) {
  }
}

void try_all_again(Turn& turn) {
  for (const auto& [id, entry] : turn.state().pending) {
    if (!entry.retry.not_before) continue;
    Retry& retry = turn.edit_retry(id);
    retry.not_before = turn.now();
    retry.tries = 1;
  }
}

bool is_at_rest(const State& state) {
  return std::ranges::all_of(state.pending, [&state](const auto& pending) {
    return pending.second.retry.not_before && !due(state, pending.second);
  });
}

}  // namespace outbox
}  // namespace orch
