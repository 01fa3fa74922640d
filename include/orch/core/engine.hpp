#pragma once
// The pure heart: one event and the time in, a decision out. No I/O, no clock, no dice.
#include "orch/core/decision.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <optional>
#include <utility>

namespace orch {

class Engine {
 public:
  Engine() = default;

  explicit Engine(State state) : state_(std::move(state)) {}

  Decision handle(const Event& event, Time now);

  const State& state() const { return state_; }

  /// When to send ClockTicked: the earliest retry or time limit; nothing while nobody waits for
  /// time.
  std::optional<Time> next_wake() const;

  /// Is nothing under way, and nothing that waits to be tried again before the next `up`?
  bool is_at_rest() const;

 private:
  State state_;
};

}  // namespace orch
