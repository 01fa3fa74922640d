#pragma once
// What agents may use before the user is asked, and what they have used.
#include "orch/base/fields.hpp"

#include <cstdint>

namespace orch {

/// A turn is what an agent does with one text: its prompt, a message, a reminder.
struct Budget {
  std::int64_t cost = 0;  ///< millionths of a dollar; 0: as much as it takes
  int turns = 0;          ///< 0: as many as it takes

  ORCH_FIELDS(cost, turns)
  bool operator==(const Budget&) const = default;
};

struct Spent {
  std::int64_t cost = 0;  ///< millionths of a dollar, as far as it is known
  int turns = 0;

  ORCH_FIELDS(cost, turns)
  bool operator==(const Spent&) const = default;
};

}  // namespace orch
