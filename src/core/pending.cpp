// The effects in flight, and the lanes that they are in.
#include "orch/core/pending.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch {
namespace {

// The agent works in the worktree, and what lands was collected there; a mark of the task file is
// written while the agent ends, and known before the worktree is given to the next attempt.
// What is typed is for the agent alone, as long as it lives.
constexpr std::array<std::pair<Lane, Lane>, 3> kSideBySide{
    {{Lane::Agent, Lane::Checkout}, {Lane::Pane, Lane::Checkout}, {Lane::Pane, Lane::Worktree}}};

}  // namespace

bool exclude_each_other(Lane one, Lane other) {
  const bool is_review = one == Lane::Review || other == Lane::Review;
  if (is_review) return one == other;
  return std::ranges::none_of(kSideBySide, [&](const auto& pair) {
    return pair == std::pair(one, other) || pair == std::pair(other, one);
  });
}

void PendingEffects::add(EffectId id, OutboxEntry entry) {
  of_task_[task_of(entry.effect).value].push_back(id);
  entries_.insert_or_assign(id, std::move(entry));
}

OutboxEntry PendingEffects::take(EffectId id) {
  const auto found = entries_.find(id);
  OutboxEntry entry = std::move(found->second);
  entries_.erase(found);
  const auto task = of_task_.find(task_of(entry.effect).value);
  std::erase(task->second, id);
  if (task->second.empty()) of_task_.erase(task);
  return entry;
}

void PendingEffects::clear() {
  entries_.clear();
  of_task_.clear();
}

const std::vector<EffectId>& PendingEffects::of(const TaskId& task) const {
  static const std::vector<EffectId> kNone;
  const auto found = of_task_.find(task.value);
  return found == of_task_.end() ? kNone : found->second;
}

bool PendingEffects::is_idle(const TaskId& task) const {
  return std::ranges::all_of(
      of(task), [&](EffectId id) { return lane_of(entries_.at(id).effect) == Lane::Review; });
}

bool PendingEffects::is_free(const TaskId& task, Lane lane) const {
  return std::ranges::none_of(of(task), [&](EffectId id) {
    return exclude_each_other(lane_of(entries_.at(id).effect), lane);
  });
}

const OutboxEntry* PendingEffects::in(const TaskId& task, Lane lane) const {
  for (const EffectId id : of(task))
    if (lane_of(entries_.at(id).effect) == lane) return &entries_.at(id);
  return nullptr;
}

const Reason* PendingEffects::trouble_of(const TaskId& task) const {
  for (const EffectId id : of(task))
    if (const Retry& retry = entries_.at(id).retry; retry.tries > 0) return &retry.trouble;
  return nullptr;
}

}  // namespace orch
