#pragma once
// Landings of no task: the user's own commits on the base, and what takes a landed task back. There
// is one at a time, beside no other landing.
#include "core/turn.hpp"

namespace orch::lone_landing {

/// Of `landing.work`, onto the tip.
void begin(Turn& turn, Landing landing);
void test_or_move(Turn& turn, Landing& landing, const CommitId& candidate);
void move(Turn& turn, Landing& landing);

}  // namespace orch::lone_landing
