#pragma once
// What one life of a supervisor hears from the agents of the world.
#include "orch/core/state.hpp"
#include "orch/port/inbox.hpp"
#include "sim/dice.hpp"
#include "sim/witness.hpp"
#include "sim/world.hpp"

#include <map>

namespace orch::sim {

class Mailbox final : public port::Inbox {
 public:
  Mailbox(World& world, Dice& dice, const Witness& witness, const State& state)
      : world_(world), dice_(dice), witness_(witness), state_(state) {}

  /// Complains about an attempt whose start is not confirmed.
  std::vector<AgentReported> read(const AgentRun& agent) override;
  /// Complains about a report that is not stored.
  void forget(const AgentReported& report) override;
  void follow(const AgentRun& agent, Exited exited) override;
  void unfollow(const TaskId& task) override;

  /// Tells of the end of an agent that is followed; false: they all live.
  bool tell_an_exit();
  /// Complains about an agent that counts as alive and whose end nobody would hear of.
  void look_for_forgotten() const;

 private:
  struct Followed {
    int attempt = 0;
    Exited exited;
    bool told = false;
  };

  World& world_;
  Dice& dice_;
  const Witness& witness_;
  const State& state_;
  std::map<TaskId, Followed> followed_;
};

}  // namespace orch::sim
