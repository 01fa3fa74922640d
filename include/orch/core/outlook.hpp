#pragma once
// Which tasks of a plan a run would start, and why it would not start the others.
#include "orch/core/plan.hpp"

#include <cstdint>
#include <vector>

namespace orch {

/// What a run makes of a task.
enum class Prospect : std::uint8_t {
  Done,      ///< already
  Runs,      ///< now, or after others that run
  Withheld,  ///< its file says so, and nobody asked for it
  LeftOut,   ///< others were asked for
  Stuck,     ///< it needs one that is withheld, left out or stuck
};

struct Outlook {
  Prospect prospect = Prospect::Runs;
  int needed = -1;  ///< index of the first such need of a stuck one

  bool operator==(const Outlook&) const = default;
};

/// One for each task of the plan. `only`: those that are asked for; empty: all that are not
/// withheld.
std::vector<Outlook> outlook_of(const Plan& plan, const std::vector<TaskId>& only);

}  // namespace orch
