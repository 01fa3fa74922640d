#pragma once
// A run in figures: how many tasks came to what, and how long it took.
#include "orch/base/time.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::ui {

struct Figures {
  int total = 0;
  int successful = 0;
  int failed = 0;
  int unreachable = 0;
  int aborted = 0;
  int open = 0;
  int delegated = 0;   ///< parts of other tasks, which are not among these
  int delivered = 0;   ///< of them, done
  Span parallel{0};    ///< from the start of the run to its end
  Span sequential{0};  ///< that agents were at work, all together
  int workers = 0;

  double speedup() const;
  /// The share of the workers' time in which they were at work.
  double utilisation() const;
};

/// Of the tasks that the run is for.
Figures figures_of(const State& state);

/// What has become of the parts that agents delegated; empty: none was.
std::string delegated_text(const Figures& figures);

}  // namespace orch::ui
