#pragma once
// One run of the loop and the engine against the fake world, from one seed: faults first, then
// rest.
#include "orch/port/clock.hpp"
#include "sim/dice.hpp"
#include "sim/life.hpp"
#include "sim/task_file.hpp"
#include "sim/witness.hpp"
#include "sim/world.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace orch::sim {

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool print);

  /// `steps` with faults, then until it rests; what went wrong, or empty.
  std::string run(int steps);

  std::size_t events() const { return witness_.past().size(); }

  const Invariants& invariants() const { return witness_.invariants(); }

 private:
  struct Clock final : port::Clock {
    Time time{};

    Time now() const override { return time; }
  };

  Rules draw_rules();

  const State& state() const { return life_->engine.state(); }

  // The supervisor: a life after the other.
  void up();
  void start();
  void restart();
  void live(const std::function<void()>& step);
  void post(Event event);
  bool drain();
  void ring();
  bool sweep_inbox();
  bool look_at_clock();
  // The rest of the world.
  void something_happens();
  void agent_is_seen();
  bool answer_agents();
  void user_asks();
  UserAsked make_tasks() const;
  void user_edits_tasks();
  void ask(const UserAsked& asked);
  void stale_news();
  void exit_while_starting();
  void come_to_rest();
  bool moves();
  void help_until_finished();
  void check_the_end();

  Dice dice_;
  bool print_;
  Rules rules_;
  TaskFile tasks_;
  World world_;
  Witness witness_;
  Clock clock_;
  std::unique_ptr<Life> life_;
};

}  // namespace orch::sim
