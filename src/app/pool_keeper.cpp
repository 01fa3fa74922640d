// Prepares one slot at a time.
#include "app/pool_keeper.hpp"

#include "app/pool_place.hpp"
#include "app/trash_place.hpp"
#include "git/repository.hpp"
#include "orch/base/log.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>
#include <variant>

namespace orch::app {
namespace {

constexpr Span kSoon = std::chrono::milliseconds(20);
/// More are made by the tasks themselves, which park theirs.
constexpr std::size_t kMostMade = 2;

constexpr std::uintmax_t kLargeIndex = 1u << 20;  // some ten thousand files
constexpr Span kLongestWait = std::chrono::seconds(3);
/// On their way to land: of fewer, the landings would leave a processor idle meanwhile.
constexpr std::ptrdiff_t kEnoughLanding = 2;

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
    : loop_(loop), git_(git), state_(state), context_(context), soon_(loop, [this] { look(); }) {}

void PoolKeeper::decided() {
  if (!waiting_.empty()) loop_.post([this] { wake_one(); });
  if (std::exchange(armed_, true)) return;
  soon_.once(kSoon);
}

void PoolKeeper::heartbeat() {
  wake_one();
}

void PoolKeeper::look() {
  armed_ = false;
  const CommitId tip = state_.run.integration;
  if (at_work_ || state_.run.phase != RunPhase::Running || tip == failed_at_) return;
  if (!has_pool(context_.config) || !is_quiet(state_)) return;
  git::PoolPlan pool = pool_for(context_, state_);
  if (pool.most == 0) return;
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

bool PoolKeeper::is_one_coming() const {
  if (state_.run.phase != RunPhase::Running) return false;
  const git::PoolPlan pool = pool_for(context_, state_);
  if (pool.most == 0 || git_.has_slot(pool)) return false;
  const bool is_tested = !context_.config.merge.tests.empty();  // which may take any time
  const auto landing = std::ranges::count_if(state_.tasks, [&](const TaskRecord& task) {
    const bool lands = task.state == TaskState::Checking || task.state == TaskState::Queued ||
                       task.state == TaskState::Landing;
    return (lands && !is_tested) ||
           (task.state == TaskState::Merged && task.agent != 0 && !task.cleaned);
  });
  std::error_code error;
  const std::uintmax_t index = fs::file_size(git_.git_dir() / "index", error);
  const bool is_large = !error && index >= kLargeIndex;
  return landing >= (is_large ? kEnoughLanding : 2 * state_.run.rules.workers + kEnoughLanding);
}

loop::Job<bool> PoolKeeper::slot_to_come() {
  const auto begun = std::chrono::steady_clock::now();
  while (is_one_coming() && std::chrono::steady_clock::now() - begun < kLongestWait) {
    loop::Awaiter<bool> woken(
        [this](std::function<void(bool)> wake) { waiting_.push_back(std::move(wake)); });
    co_await woken;
  }
  co_return true;
}

void PoolKeeper::wake_one() {
  if (waiting_.empty()) return;
  const auto wake = std::move(waiting_.front());
  waiting_.pop_front();
  wake(true);
}

}  // namespace orch::app
