#pragma once
// The ledger of a simulated run, which looks at everything that it is to keep.
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/ledger.hpp"
#include "sim/dice.hpp"
#include "sim/invariants.hpp"
#include "sim/ledger.hpp"
#include "sim/world.hpp"

#include <set>
#include <string>
#include <vector>

namespace orch::sim {

class Witness final : public port::Ledger {
 public:
  Witness(World& world, Dice& dice, bool print) : world_(world), dice_(dice), print_(print) {}

  /// Whatever is committed from now on comes from this engine, which has what is stored.
  void begins(const Engine& engine);

  /// May be killed before and after, and may fail.
  Status commit(const Event& event, const Decision& decision, const State& after,
                Time now) override;

  State read_back() { return kept_.read_back(); }

  bool is_empty() const { return kept_.trace().empty(); }

  std::string replay() const { return kept_.replay(); }

  bool has_stored(const AgentReported& report) const { return reports_.contains(report.id); }

  const Invariants& invariants() const { return invariants_; }

  /// Is the effect in the outbox, and does it not wait to be tried again?
  bool is_to_do(EffectId id) const;

  /// All that happened and was stored.
  const std::vector<Event>& past() const { return past_; }

 private:
  void print(const Event& event, const Decision& decision, Time now) const;
  std::string unheard(const Event& event) const;
  std::string cut_off(const Event& event) const;
  std::string untold(const Event& event, const Decision& decision, const State& after) const;

  World& world_;
  Dice& dice_;
  bool print_;
  sim::Ledger kept_;
  Invariants invariants_;
  std::vector<Event> past_;
  std::set<std::string> reports_;
  const Engine* engine_ = nullptr;
  State before_;  // what the next event meets
  bool failed_ = false;
};

}  // namespace orch::sim
