// Compares the names of edited files with those of the look before.
#include "app/checkout_watch.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

// A look reads the times of all files of the checkout.
constexpr Span kBetweenLooks = std::chrono::minutes(1);
constexpr std::size_t kLongestPath = 120;

bool has_live_agent(const State& state) {
  return std::ranges::any_of(
      state.agents, [](const auto& entry) { return entry.second.phase == AgentPhase::Live; });
}

}  // namespace

std::vector<std::string> newly_edited(const std::set<std::string>& before,
                                      const std::vector<std::string>& now,
                                      const std::string& task_file) {
  std::vector<std::string> fresh;
  for (const std::string& path : now) {
    const bool is_ours = path == task_file || path.starts_with(task_file + '/');
    if (!is_ours && !before.contains(path)) fresh.push_back(path);
  }
  return fresh;
}

CheckoutWatch::CheckoutWatch(git::Repository& git, const State& state, const RunContext& context,
                             const port::Clock& clock, std::function<void(Event)> post)
    : git_(git), state_(state), context_(context), clock_(clock), post_(std::move(post)) {}

void CheckoutWatch::look() {
  const bool rests = looked_ && clock_.now() - *looked_ < kBetweenLooks;
  if (rests || looking_ || state_.run.phase != RunPhase::Running || !has_live_agent(state_)) return;
  looked_ = clock_.now();
  looking_ = true;
  using Edited = Result<std::vector<std::string>>;
  loop::spawn<Edited>(git_.edited_in(context_.info.repository), [this](const Edited& edited) {
    looking_ = false;
    // A bare repository has no checkout, and a checkout may be away.
    if (edited) compare(*edited);
  });
}

void CheckoutWatch::compare(const std::vector<std::string>& edited) {
  const std::optional<std::set<std::string>> before =
      std::exchange(edited_, std::set(edited.begin(), edited.end()));
  if (!before) return;
  const fs::path task_file =
      fs::path(context_.info.task_file).lexically_relative(context_.info.repository);
  const std::vector<std::string> fresh = newly_edited(*before, edited, task_file.native());
  if (fresh.empty()) return;
  std::string names = one_line(fresh.front(), kLongestPath);
  if (fresh.size() > 1) names += fmt::format(" and {} more", fresh.size() - 1);
  post_(CheckoutChanged{std::move(names)});
}

}  // namespace orch::app
