#pragma once
// One run of the engine against the fake world, from one seed: faults first, then rest.
#include "orch/core/engine.hpp"
#include "sim/dice.hpp"
#include "sim/invariants.hpp"
#include "sim/ledger.hpp"
#include "sim/task_file.hpp"
#include "sim/world.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace orch::sim {

class Simulation {
 public:
  Simulation(std::uint64_t seed, bool print);

  /// `steps` with faults, then until it rests; what went wrong, or empty.
  std::string run(int steps);

  std::size_t events() const { return ledger_.trace().size(); }

  const Invariants::Steps& steps() const { return invariants_.steps(); }

 private:
  Rules draw_rules();
  void begin();
  // The supervisor: all that is lost when it is killed lies in engine_, in_flight_ and arrived_.
  void handle(const Event& event);
  bool carry_out_one();
  bool deliver_one();
  bool read_a_report();
  bool notice_an_exit();
  bool look_at_clock();
  void killed();
  void restarted();
  // The rest of the world.
  void something_happens();
  void person_asks();
  void person_edits_tasks();
  void stale_news();
  std::string unheard(const State& before, const Event& event) const;
  void come_to_rest();
  void help_until_finished();
  void check_the_end();
  void complain(std::string what);

  Dice dice_;
  bool print_;
  Rules rules_;
  TaskFile tasks_;
  World world_;
  Engine engine_;
  Ledger ledger_;
  Invariants invariants_;
  std::map<EffectId, Effect> in_flight_;
  std::deque<Event> arrived_;
  std::vector<Event> past_;
  Time now_{};
  std::string complaint_;
};

}  // namespace orch::sim
