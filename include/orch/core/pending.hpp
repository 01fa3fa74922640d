#pragma once
// The effects that were decided and are not known to have ended, and which of them may be in
// flight side by side.
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/reason.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace orch {

/// How an effect that failed for a passing reason is tried again.
struct Retry {
  int tries = 0;                   ///< failed so often; 0: there was no trouble yet
  std::optional<Time> not_before;  ///< it is not under way and begins again then
  Reason trouble;                  ///< the last one, shown while it is not known to have ended

  ORCH_FIELDS(tries, not_before, trouble)
  bool operator==(const Retry&) const = default;
};

/// An effect that was decided and is not known to have ended.
struct OutboxEntry {
  Effect effect;
  Retry retry;

  bool operator==(const OutboxEntry&) const = default;
};

/// Must what is in flight in one lane of a task have ended before something begins in the other?
bool exclude_each_other(Lane one, Lane other);

/// In the order in which they were decided. Of each task one effect at most is in flight in each
/// lane, and none together with one whose lane excludes its own.
class PendingEffects {
 public:
  using Entries = std::map<EffectId, OutboxEntry>;

  PendingEffects() = default;

  auto begin() const { return entries_.begin(); }

  auto end() const { return entries_.end(); }

  auto find(EffectId id) const { return entries_.find(id); }

  bool contains(EffectId id) const { return entries_.contains(id); }

  const OutboxEntry& at(EffectId id) const { return entries_.at(id); }

  std::size_t size() const { return entries_.size(); }

  bool empty() const { return entries_.empty(); }

  /// What it is retried for; its effect never changes.
  Retry& retry_of(EffectId id) { return entries_.at(id).retry; }

  void add(EffectId id, OutboxEntry entry);
  /// It must be there.
  OutboxEntry take(EffectId id);
  void clear();

  /// Is nothing of this task's in flight? A review, which touches nothing, does not count.
  bool is_idle(const TaskId& task) const;
  /// May an effect in this lane of the task's begin?
  bool is_free(const TaskId& task, Lane lane) const;
  /// What is in flight in this lane of the task's; nullptr: nothing.
  const OutboxEntry* in(const TaskId& task, Lane lane) const;
  /// What an effect of the task's, or with an empty id of the run's, is retried for; nullptr:
  /// nothing.
  const Reason* trouble_of(const TaskId& task) const;

  bool operator==(const PendingEffects& other) const { return entries_ == other.entries_; }

 private:
  const std::vector<EffectId>& of(const TaskId& task) const;

  Entries entries_;
  std::unordered_map<std::string, std::vector<EffectId>> of_task_;  ///< derived from the entries
};

}  // namespace orch
