#pragma once
// What kind of error a program says that its turn ended in, and when it says that it may go on.
//
// The texts are those of the services, which many programs show as they come: they are read for all
// kinds of agents by one ordered table. They are untrusted: the worst that one can do is that its
// own agent is told to continue, as often as the limits allow.
#include "orch/base/time.hpp"
#include "orch/core/turn_error.hpp"

#include <ctime>
#include <string_view>

namespace orch {

struct ErrorReading {
  TurnError error = TurnError::Other;
  Span opens_in{0};  ///< so long after now it may be tried again, as the text says; 0: it does not

  bool operator==(const ErrorReading&) const = default;
};

/// `now`: wall clock, for texts that name a time of day, which is taken to be of the local zone. A
/// time further off than a week and a day is none.
ErrorReading read_turn_error(std::string_view text, std::time_t now);

/// Does what a program's screen shows of an error say more than its own word `said`? A name of a
/// rate limit may stand for a quota that is used up.
bool says_more(const ErrorReading& shown, const ErrorReading& said);

}  // namespace orch
