#pragma once
// Which tasks have to be looked at for what, so that an event costs what it changes and not what
// the run is large. Derived from the state, never stored: the Turn brings it up to date with every
// task that was handed out to be changed.
#include "orch/core/state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

namespace orch {

/// What there may be to do about a task.
enum class Matter : std::uint8_t {
  Active,          ///< it has begun and not ended
  Open,            ///< wanted, and not over
  OpenP0,          ///< the same with the highest priority
  AtWork,          ///< it has a worker
  AgentAlive,      ///< its agent is to be ended some time
  ClockRuns,       ///< its time limit comes nearer
  NeedsUser,       ///< its agent waits for the user
  ContinuesLater,  ///< its agent is told to continue at some time
  Hangs,           ///< its agent is busy without progress
  Delayed,         ///< it waits for a time
  Queued,          ///< it waits for its turn to land
  Landed,          ///< in all or in part, and not cleaned up yet
  TickOwed,        ///< merged and clean, and its mark is not written
  TickLate,        ///< and could not be written
  Count,
};

class Agenda {
 public:
  Agenda() = default;

  explicit Agenda(const State& state);

  /// Looks again at one task, and at those that its state decides about.
  void update(const State& state, const TaskRecord& task);

  /// Places in the list of tasks, in file order. A copy: what is done about them changes the sets.
  std::vector<std::size_t> places(Matter matter) const;

  std::size_t count(Matter matter) const { return set_of(matter).size(); }

  using Rank = std::tuple<Priority, int, std::size_t>;

  /// The waiting tasks whose needs are met, by their places at the end of each rank, the most
  /// urgent first: by priority, then the longest chain of work behind it, then file order.
  const std::set<Rank>& ready() const { return ready_; }

  /// Places of the tasks that need this one.
  const std::vector<std::size_t>& dependents(std::size_t place) const { return dependents_[place]; }

 private:
  std::set<std::size_t>& set_of(Matter matter) { return sets_[static_cast<std::size_t>(matter)]; }

  const std::set<std::size_t>& set_of(Matter matter) const {
    return sets_[static_cast<std::size_t>(matter)];
  }

  void put(Matter matter, std::size_t place, bool belongs);
  void look_at(const State& state, std::size_t place);
  void rank(const State& state, std::size_t place);

  std::array<std::set<std::size_t>, static_cast<std::size_t>(Matter::Count)> sets_;
  std::set<Rank> ready_;
  std::vector<Rank> ranks_;  ///< under which each task is in `ready_`, if it is
  std::vector<std::vector<std::size_t>> dependents_;
  std::vector<TaskState> states_;  ///< as they were at the last look
};

}  // namespace orch
