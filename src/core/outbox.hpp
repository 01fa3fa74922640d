#pragma once
// What is decided and not done yet: begun, tried again after a while, withdrawn. The one place that
// knows how often and when; everybody else sees how an effect ended for good.
#include "core/turn.hpp"

#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

namespace orch::outbox {

/// Its lane must be free.
void emit(Turn& turn, Effect effect);

/// Is it begun, and not known to have ended? What is not has ended before: news of it is old.
bool is_under_way(const State& state, EffectId id);

/// Has it ended for a reason that may pass? Then it is tried again later, and nothing more is to be
/// done about it now.
bool is_tried_again(Turn& turn, EffectId id, const Outcome& outcome);

/// Takes an entry out.
Effect take_out(Turn& turn, EffectId id);

/// Begins what has waited long enough, and withdraws what nobody waits for any more.
void go_through(Turn& turn);

/// `up` tries at once, and as often as at first, what was waited for.
void try_all_again(Turn& turn);

/// When the entry is begun again; nothing: it is under way, or not begun again in this phase.
std::optional<Time> due(const State& state, const OutboxEntry& entry);

/// Does nothing go on but what waits for the next `up`?
bool is_at_rest(const State& state);

/// What nobody expects is a failure with a name, so that no task waits for more.
NotDone unexpected(std::string_view effect, const Outcome& outcome);

/// The outcome as one of the ends that this effect has.
template <class Kind>
typename Kind::Ends ends_of(const Outcome& outcome) {
  return std::visit(
      [&outcome](const auto& end) -> typename Kind::Ends {
        if constexpr (std::is_constructible_v<typename Kind::Ends, decltype(end)>) {
          return end;
        } else {
          return unexpected(Kind::kName, outcome);
        }
      },
      outcome);
}

}  // namespace orch::outbox
