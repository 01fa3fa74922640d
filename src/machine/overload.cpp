// Counts, for a minute, who wants a processor and has none.
#include "machine/overload.hpp"

#include <algorithm>

namespace orch::machine {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr double kNearlyAll = 0.9;
constexpr double kHardlyAny = 0.2;

bool is_hungry(const Load& load) {
  return load.running > 0 && load.cpu < kHardlyAny;
}

}  // namespace

int running_in(const Tree& tree) {
  return static_cast<int>(std::ranges::count_if(
      tree.processes, [](const TreeProcess& process) { return process.stat.is_running(); }));
}

void OverloadJudge::begin(std::int64_t at_ms) {
  since_ms_ = at_ms;
  looks_ = 0;
  hungry_.clear();
}

std::optional<Overload> OverloadJudge::judge(const std::vector<Load>& loads, std::int64_t at_ms) {
  double all = 0;
  for (const Load& load : loads)
    all += load.cpu;
  if (all < kNearlyAll * processors_) {
    since_ms_.reset();
    return {};
  }
  if (!since_ms_) begin(at_ms);
  ++looks_;
  for (const Load& load : loads)
    if (is_hungry(load)) ++hungry_[load.key];
  if (at_ms - *since_ms_ < kMinuteMs) return {};
  Overload overload;
  for (const Load& load : loads) {
    if (hungry_[load.key] * 2 > looks_) {
      overload.starved.push_back(load.key);
    } else if (load.cpu > overload.cpu) {
      overload.key = load.key;
      overload.cpu = load.cpu;
    }
  }
  begin(at_ms);
  if (overload.starved.empty() || overload.key.empty()) return {};
  return overload;
}

}  // namespace orch::machine
