// What is decided and not done yet: begun, tried again after a while, withdrawn. The one place that
// knows how often and when; everybody else sees how an effect ended for good.
#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/retry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch {
namespace {

template <class... Kinds>
bool is_one_of(const Outcome& outcome) {
  return (std::holds_alternative<Kinds>(outcome) || ...);
}

/// Can this effect end so? NotDone is an end of every effect.
bool fits(const Effect& effect, const Outcome& outcome) {
  if (std::holds_alternative<NotDone>(outcome)) return true;
  return std::visit(
      Overloaded{
          [&](const TestBase&) { return is_one_of<Tested>(outcome); },
          [&](const CreateWorktree&) { return is_one_of<WorktreeReady>(outcome); },
          [&](const StartAgent&) { return is_one_of<AgentStarted>(outcome); },
          [&](const StopAgent&) { return is_one_of<Done>(outcome); },
          [&](const CollectWork&) { return is_one_of<WorkCollected>(outcome); },
          [&](const RescueWork&) { return is_one_of<WorkRescued>(outcome); },
          [&](const PrepareLanding&) {
            return is_one_of<LandingPrepared, LandingConflicts>(outcome);
          },
          [&](const TestLanding&) { return is_one_of<Tested>(outcome); },
          [&](const Land&) { return is_one_of<Landed, BranchMoved>(outcome); },
          [&](const FollowBase&) { return is_one_of<Done, BranchMoved, StayedBehind>(outcome); },
          [&](const TickFile&) { return is_one_of<Done>(outcome); },
          [&](const CleanUp&) { return is_one_of<Done, WorkRescued>(outcome); },
          [&](const WriteReport&) { return is_one_of<Done>(outcome); },
      },
      effect);
}

bool is_landing_step(const Effect& effect) {
  return std::holds_alternative<PrepareLanding>(effect) ||
         std::holds_alternative<TestLanding>(effect) || std::holds_alternative<Land>(effect);
}

/// The tip that a landing step was decided for.
CommitId onto_of(const Effect& effect) {
  if (const auto* prepare = std::get_if<PrepareLanding>(&effect)) return prepare->onto;
  if (const auto* test = std::get_if<TestLanding>(&effect)) return test->onto;
  if (const auto* land = std::get_if<Land>(&effect)) return land->onto;
  return {};
}

/// These belong to the end of an attempt, and to nothing that an end could cut short.
bool is_ending_step(const Effect& effect) {
  return std::holds_alternative<StopAgent>(effect) || std::holds_alternative<RescueWork>(effect);
}

std::string trouble_text(const NotDone& failure) {
  if (failure.no_space) return fmt::format("waits for room on the disk: {}", failure.why);
  return fmt::format("waits to be tried again: {}", text_of(failure));
}

}  // namespace

std::string text_of(const NotDone& failure) {
  return failure.hint.empty() ? failure.why : failure.why + "; " + failure.hint;
}

Span back_off(Span first, int tries, std::uint64_t dice) {
  constexpr int kMostDoublings = 16;
  const int doublings = std::clamp(tries, 1, kMostDoublings) - 1;
  const Span delay = std::min(first * (1 << doublings), kLongestDelay);
  const double spread = static_cast<double>(dice % 1000) / 1000.0 * 0.5 - 0.25;
  return delay + Span(static_cast<Span::rep>(static_cast<double>(delay.count()) * spread));
}

void Engine::emit(Effect effect) {
  const EffectId id = state_.run.next_effect++;
  state_.pending.emplace(id, OutboxEntry{effect, {}});
  out_.effects.emplace_back(id, std::move(effect));
}

void Engine::emit_for(TaskRecord& task, Effect effect) {
  task.doing = state_.run.next_effect;
  touch(task);
  emit(std::move(effect));
}

bool Engine::under_way(EffectId id) const {
  const auto found = state_.pending.find(id);
  return found != state_.pending.end() && !found->second.retry.not_before;
}

/// What nobody expects is a failure with a name, so that no task waits for more.
Outcome Engine::expected(const Effect& effect, const Outcome& outcome) {
  if (fits(effect, outcome)) return outcome;
  return NotDone{.why = fmt::format("{} ended as {}, which is a mistake of tmux-orch's",
                                    name_of(effect), name_of(outcome)),
                 .hint = {},
                 .transient = false};
}

std::string& Engine::why_of(const Effect& effect) {
  TaskRecord* task = state_.find(task_of(effect));
  if (task == nullptr) return state_.run.why;
  touch(*task);
  return task->why;
}

/// A full disk is waited for without end: every effect that has to write would fail as this one
/// did. The report is a copy of what the store has.
bool Engine::tried_again(EffectId id, OutboxEntry& entry, const Outcome& outcome) {
  const auto* failure = std::get_if<NotDone>(&outcome);
  if (failure == nullptr || !failure->transient) return false;
  const TaskRecord* task = state_.find(task_of(entry.effect));
  const bool cut_short =
      task != nullptr && task->ending != Ending::None && !is_ending_step(entry.effect);
  if (cut_short) return false;
  const bool patient = failure->no_space && !std::holds_alternative<WriteReport>(entry.effect);
  Retry& retry = entry.retry;
  if (!patient && retry.tries >= kTriesOfEffect) return false;
  ++retry.tries;
  const std::uint64_t dice =
      fnv1a(fmt::format("{}/effect/{}/{}", state_.run.rules.seed, id, retry.tries));
  Span delay = back_off(state_.run.rules.retry_delay, retry.tries, dice);
  if (failure->no_space) delay = std::min(delay, kLongestWaitForSpace);
  retry.not_before = now_ + std::max(delay, Span(1));
  if (is_landing_step(entry.effect)) give_up_lane(state_.find(task_of(entry.effect)));
  std::string& why = why_of(entry.effect);
  if (retry.tries == 1) {
    note(task == nullptr ? "run.trouble" : "task.trouble", task_of(entry.effect),
         trouble_text(*failure));
  }
  if (why != retry.trouble || retry.tries == 1) retry.why = why;
  why = retry.trouble = trouble_text(*failure);
  return true;
}

/// Takes an entry out of the outbox, and what was said in its place while it was waited for.
Effect Engine::take_out(EffectId id) {
  const auto found = state_.pending.find(id);
  OutboxEntry entry = std::move(found->second);
  state_.pending.erase(found);
  out_.ended.push_back(id);
  if (entry.retry.tries > 0) {
    std::string& why = why_of(entry.effect);
    if (why == entry.retry.trouble) why = entry.retry.why;
  }
  if (TaskRecord* task = state_.find(task_of(entry.effect))) {
    task->doing = 0;
    touch(*task);
  }
  return std::move(entry.effect);
}

/// Is there no point any more in trying this again?
bool Engine::is_pointless(const Effect& effect) const {
  const RunRecord& run = state_.run;
  const TaskRecord* task = state_.find(task_of(effect));
  if (is_landing_step(effect)) {
    if (run.phase != RunPhase::Running || onto_of(effect) != run.integration) return true;
    if (task == nullptr && run.base_work != run.base_tip) return true;
    if (task != nullptr && task->held) return true;
  }
  if (const auto* follow = std::get_if<FollowBase>(&effect)) {
    return run.phase != RunPhase::Running || !run.base_tip.empty() ||
           follow->target != run.integration;
  }
  return task != nullptr && task->ending != Ending::None && !is_ending_step(effect);
}

/// It is not under way, and nobody waits for it any more.
void Engine::withdraw(EffectId id) {
  const Effect effect = take_out(id);
  RunRecord& run = state_.run;
  TaskRecord* task = state_.find(task_of(effect));
  if (std::holds_alternative<FollowBase>(effect)) {
    run.following = false;
    run.follow_tried = {};
  }
  if (task == nullptr) return;
  // It may have begun all the same, so it is ended before another one is started.
  if (std::holds_alternative<StartAgent>(effect)) task->attempt.alive = true;
  if (task->ending != Ending::None) return carry_on_ending(*task);
  if (is_landing_step(effect)) enter(*task, TaskState::Queued, "waits for its turn to land");
}

/// Others land while this landing waits to be tried again.
void Engine::give_up_lane(TaskRecord* task) {
  state_.run.landing.reset();
  if (task != nullptr) enter(*task, TaskState::Queued, task->why);
}

void Engine::take_lane(const Effect& effect) {
  state_.run.landing = task_of(effect);
  if (TaskRecord* task = state_.find(task_of(effect))) {
    enter(*task, TaskState::Landing, task->why);
  }
  if (std::holds_alternative<Land>(effect)) out_.durable = true;
}

/// Does the landing of the user's own commits wait to be tried again?
bool Engine::base_waits() const {
  return std::ranges::any_of(state_.pending, [](const auto& pending) {
    const auto& [effect, retry] = pending.second;
    return is_landing_step(effect) && task_of(effect).value.empty() && retry.not_before;
  });
}

/// When a waiting entry is begun again; nothing: not in this phase. `down` waits for agents that
/// end and work that is saved, and not for long: the next `up` goes on with the rest.
std::optional<Time> Engine::due(const OutboxEntry& entry) const {
  const RunPhase phase = state_.run.phase;
  if (!entry.retry.not_before || phase == RunPhase::Stopped) return {};
  const bool left_to_up = !is_ending_step(entry.effect) || entry.retry.tries > kTriesWhileStopping;
  if (phase == RunPhase::Stopping && left_to_up) return {};
  if (is_landing_step(entry.effect) && state_.run.landing) return {};
  return entry.retry.not_before;
}

void Engine::go_through_outbox() {
  std::vector<EffectId> waiting;
  for (const auto& [id, entry] : state_.pending) {
    if (entry.retry.not_before) waiting.push_back(id);
  }
  for (const EffectId id : waiting) {
    OutboxEntry& entry = state_.pending.at(id);
    if (is_pointless(entry.effect)) {
      withdraw(id);
      continue;
    }
    const std::optional<Time> time = due(entry);
    if (!time || *time > now_) continue;
    entry.retry.not_before.reset();
    if (is_landing_step(entry.effect)) take_lane(entry.effect);
    out_.effects.emplace_back(id, entry.effect);
  }
}

/// `up` tries at once, and as often as at first, what was waited for.
void Engine::try_all_again() {
  for (auto& [id, entry] : state_.pending) {
    if (!entry.retry.not_before) continue;
    entry.retry.not_before = now_;
    entry.retry.tries = 1;
  }
}

/// Does nothing go on but what waits for the next `up`?
bool Engine::is_at_rest() const {
  return std::ranges::all_of(state_.pending, [this](const auto& pending) {
    return pending.second.retry.not_before && !due(pending.second);
  });
}

}  // namespace orch
