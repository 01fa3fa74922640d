#pragma once
// After a landing: the idle agent ends, the mark is written, and what was made for the task is
// taken away.
#include "core/turn.hpp"

namespace orch::clean_up {

/// The next step for each task that has landed and is not clean yet.
void carry_on(Turn& turn);

void on(Turn& turn, const CleanUp& effect, const CleanUp::Ends& end);

}  // namespace orch::clean_up
