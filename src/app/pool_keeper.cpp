// Prepares one slot at a time.
#include "app/pool_keeper.hpp"

#include "app/pool_place.hpp"
#include "app/trash_place.hpp"
#include "git/repository.hpp"
#include "orch/base/log.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace orch::app {
namespace {

constexpr Span kSoon = std::chrono::milliseconds(20);
/// More are made by the tasks themselves, which park theirs.
constexpr std::size_t kMostMade = 2;

/// Does it leave git and the disk alone for the most part, or may take minutes?
bool lets_others_work(const Effect& effect) {
  return std::holds_alternative<TestLanding>(effect) || std::holds_alternative<StopAgent>(effect) ||
         std::holds_alternative<TypeText>(effect) ||
         std::holds_alternative<AnswerQuestion>(effect) ||
         std::holds_alternative<InterruptTurn>(effect);
}

bool is_quiet(const State& state) {
  return std::ranges::all_of(state.pending, [](const auto& entry) {
    return entry.second.retry.not_before || lets_others_work(entry.second.effect);
  });
}

/// How many wait for nothing but a worker.
std::size_t ready_tasks(const State& state) {
  const WaitingReasons reasons(state);
  return static_cast<std::size_t>(std::ranges::count_if(state.tasks, [&](const TaskRecord& task) {
    if (task.state != TaskState::Waiting || task.attempts > 0) return false;
    const ReasonKind why = reasons.of(task).kind;
    return why == ReasonKind::None || why == ReasonKind::WorkersBusy ||
           why == ReasonKind::StartsApart;
  }));
}

}  // namespace

PoolKeeper::PoolKeeper(loop::Loop& loop, git::Repository& git, const State& state,
                       const RunContext& context)
    : git_(git), state_(state), context_(context), soon_(loop, [this] { look(); }) {}

void PoolKeeper::decided() {
  if (std::exchange(armed_, true)) return;
  soon_.once(kSoon);
}

void PoolKeeper::look() {
  armed_ = false;
  const CommitId tip = state_.run.integration;
  if (at_work_ || state_.run.phase != RunPhase::Running || tip == failed_at_) return;
  if (context_.config.worktrees.pool == 0 || !is_quiet(state_)) return;
  git::PoolPlan pool = pool_for(context_, state_);
  git::SlotsAhead wanted;
  const auto workers = static_cast<std::size_t>(state_.run.rules.workers);
  wanted.at_tip = std::min({ready_tasks(state_), pool.most, workers});
  wanted.in_all = std::min(wanted.at_tip, kMostMade);
  if (wanted.at_tip == 0) return;
  if (!check_free_space(pool.folder, context_.config.worktrees)) return;
  at_work_ = true;
  const fs::path trash = trash_folder(context_.paths.repository(), context_.config.worktree);
  loop::spawn<Result<bool>>(
      git_.prepare_slot(std::move(pool), wanted, trash), [this, tip](const Result<bool>& prepared) {
        at_work_ = false;
        if (prepared && *prepared) return decided();
        if (prepared) return;
        failed_at_ = tip;
        log_line(LogLevel::Warning, "no worktree could be prepared: {}", to_text(prepared.error()));
      });
}

}  // namespace orch::app
