#pragma once
// Messages are typed when their agents are at their prompts, in their order and never twice. Texts
// of agents that wait for the same one are typed together; the user's may be commands of its
// program, so each is typed alone.
#include "core/turn.hpp"

#include <optional>

namespace orch::typing {

/// Begins to type what can be typed now, and refuses what cannot be any more.
void type_next(Turn& turn);
/// When the next text may be typed that waits for a time.
std::optional<Time> next_time(const State& state);

void on(Turn& turn, const TypeText& effect, const TypeText::Ends& end);

}  // namespace orch::typing
