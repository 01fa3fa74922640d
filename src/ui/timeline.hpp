#pragma once
// Where the time of a run went, by what was stored of its events.
#include "orch/core/reason.hpp"
#include "orch/core/stage.hpp"
#include "orch/core/state.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orch::ui {

struct Interval {
  Time from{};
  Time to{};

  Span length() const { return to - from; }
};

/// A task at one stage.
struct StageSpan {
  Stage stage = Stage::Unknown;
  int worker = 0;  ///< 1..N; 0: none
  Interval when;
};

/// Work that did not fit what had landed before it.
struct Conflict {
  Time at{};
  TaskId task;
  Reason what;  ///< with the files
};

struct Timeline {
  Interval whole;
  std::int64_t wall_begin_ms = 0;
  std::vector<std::vector<StageSpan>> tasks;  ///< by their places; empty: nothing was stored
  std::vector<Interval> stops;                ///< the run was stopped, and `up` went on with it
  Time base_tested{};                         ///< no task starts before that
  std::vector<Conflict> conflicts;            ///< each once in a row
};

/// `past` in its order; up to `until`.
Timeline timeline_of(const State& state, const std::vector<PastEvent>& past, Time until);

/// What a task waited for, each for how long.
struct Waits {
  Span stopped{0};  ///< the run stood still
  Span base{0};     ///< the base was being tested
  Span need{0};     ///< another task, whose work it needs
  Span file{0};     ///< another task, which had its files
  Span worker{0};   ///< a worker, or another reason not to start
  Span reviews{0};  ///< another agent, which looked at it
  Span queue{0};    ///< its turn to land
  Span tests{0};    ///< the tests of the merged tree
  Span person{0};

  Waits& operator+=(const Waits& other);
};

Waits waits_of(const State& state, const Timeline& timeline, std::size_t place);

}  // namespace orch::ui
