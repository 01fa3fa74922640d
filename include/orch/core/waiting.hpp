#pragma once
// Why a waiting task waits. Asked when somebody wants to know, not stored: one worker that gets
// busy would change the reason of every task that waits.
#include "orch/core/state.hpp"

#include <map>
#include <set>
#include <string>

namespace orch {

class WaitingReasons {
 public:
  /// `state` must live as long as this, and not change.
  explicit WaitingReasons(const State& state);

  /// None: nothing is in its way.
  Reason of(const TaskRecord& task) const;

  /// What stands next to the task's state: what an effect of it is retried for, or what it waits
  /// for, or the reason of its state.
  Reason shown(const TaskRecord& task) const;

 private:
  const State& state_;
  Reason no_room_;  ///< on the machine, for another agent
  bool p0_first_ = false;
  int busy_ = 0;                        ///< workers
  std::map<std::string, int> at_work_;  ///< of each kind of agent
  std::set<std::string> apart_;         ///< kinds whose next start keeps its distance
};

/// What stands next to the run's phase.
Reason shown_reason(const State& state);

/// Does a task with the highest priority hold the others back? As long as it can move without a
/// user.
bool holds_others_back(const State& state, const TaskRecord& task);

/// The task that has files of this one's and keeps them until it is merged or given up; nullptr:
/// none.
const TaskRecord* holder_of_files(const State& state, const TaskRecord& task);

/// As many agents of a kind may be at work at the same time; 0: as many as there are workers.
int most_of_kind(const State& state, const std::string& kind);

/// Are all that it needs merged?
bool needs_are_met(const State& state, const TaskRecord& task);

/// Does its agent wait for something that it has delegated?
bool has_delegated(const State& state, const TaskRecord& task);

}  // namespace orch
