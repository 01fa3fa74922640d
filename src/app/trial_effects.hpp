#pragma once
// Carries out what the trial of an agent is made of, and nothing that would touch the repository:
// its agent is started, told something and stopped in a worktree that is there already.
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/outcome.hpp"
#include "orch/port/effects.hpp"

#include <filesystem>
#include <optional>

namespace orch::app {

class AgentStop;
class Agents;
class Deliveries;

class TrialEffects final : public port::Effects {
 public:
  TrialEffects(Agents& agents, AgentStop& stop, Deliveries& deliveries,
               std::filesystem::path worktree, CommitId head);

  /// Others than these never end: it is not asked how the work would land.
  void begin(EffectId id, const Effect& effect, Ended ended) override;

 private:
  loop::Job<std::optional<Outcome>> carry_out(Effect effect);

  Agents& agents_;
  AgentStop& stop_;
  Deliveries& deliveries_;
  std::filesystem::path worktree_;
  CommitId head_;
};

}  // namespace orch::app
