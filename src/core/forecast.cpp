// From what git says of two works to what is done about it.
#include "core/forecast.hpp"

#include "core/anomalies.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::forecast {
namespace {

constexpr std::size_t kMostCounted = 3;
constexpr std::int64_t kPlacesEach = 3;

/// "T2 in a.c, b.c; T3 in a.c and 4 more"
std::string text_of(const std::vector<ForeseenConflict>& conflicts) {
  std::vector<std::string> parts;
  for (const ForeseenConflict& conflict : conflicts) {
    std::string part = fmt::format("{} in {}", conflict.with.value, join(conflict.files, ", "));
    const auto more = conflict.count - static_cast<std::int64_t>(conflict.files.size());
    if (more > 0) part += fmt::format(" and {} more", more);
    parts.push_back(std::move(part));
  }
  return join(parts, "; ");
}

std::int64_t count_of(const std::vector<ForeseenConflict>& conflicts) {
  std::int64_t count = 0;
  for (const ForeseenConflict& conflict : conflicts)
    count += conflict.count;
  return count;
}

}  // namespace

std::int64_t places_back(const State& state, const TaskRecord& task) {
  // Who lands already is ahead in any order.
  const auto is_open = [&state](const ForeseenConflict& conflict) {
    const TaskRecord* other = state.find(conflict.with);
    return other != nullptr && !is_final(other->state) && other->state != TaskState::Landing;
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(task.conflicts, is_open));
  return kPlacesEach * static_cast<std::int64_t>(std::min(count, kMostCounted));
}

void on(Turn& turn, const ConflictsForeseen& event) {
  TaskRecord* task = turn.edit(event.task);
  if (task == nullptr) return;
  task->conflicts = event.conflicts;
  const std::string evidence = text_of(event.conflicts);
  anomalies::on(turn, AnomalySeen{.task = event.task,
                                  .attempt = task->attempts,
                                  .anomaly = Anomaly::Conflict,
                                  .amount = count_of(event.conflicts),
                                  .serial = static_cast<std::int64_t>(fnv1a(evidence) >> 1),
                                  .evidence = evidence});
}

}  // namespace orch::forecast
