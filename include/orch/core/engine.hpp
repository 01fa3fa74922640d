#pragma once
// The pure heart: one event and the time in, a decision out. No I/O, no clock, no dice.
#include "orch/core/decision.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <memory>
#include <optional>

namespace orch {

class Agenda;

class Engine {
 public:
  Engine();

  explicit Engine(State state);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  Decision handle(const Event& event, Time now);

  const State& state() const { return state_; }

  /// When to send ClockTicked: the earliest retry or time limit; nothing while nobody waits for
  /// time.
  std::optional<Time> next_wake() const;

  /// Is nothing under way, and nothing that waits to be tried again before the next `up`?
  bool is_at_rest() const;

 private:
  State state_;
  std::unique_ptr<Agenda> agenda_;  ///< which tasks have to be looked at for what
};

}  // namespace orch
