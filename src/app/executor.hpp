#pragma once
// Effect -> port: carries out what the core decided, one coroutine an effect, each an "ensure".
#include "app/world.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/port/effects.hpp"

namespace orch::app {

class Agents;
class Gates;
class Landings;
class TaskMarks;

class Executor final : public port::Effects {
 public:
  Executor(World& world, Agents& agents, Gates& gates, Landings& landings, TaskMarks& marks);

  void begin(EffectId id, const Effect& effect, Ended ended) override;

 private:
  loop::Job<Outcome> carry_out(Effect effect);

  // worktrees.cpp
  loop::Job<Outcome> create_worktree(const CreateWorktree& effect);
  loop::Job<Outcome> collect_work(const CollectWork& effect);
  loop::Job<Outcome> rescue_work(const RescueWork& effect);
  loop::Job<Outcome> clean_up(const CleanUp& effect);
  loop::Job<Outcome> test(const CommitId& commit);

  World& world_;
  Agents& agents_;
  Gates& gates_;
  Landings& landings_;
  TaskMarks& marks_;
  bool told_of_programs_ = false;  ///< that git's configuration names more of them by now
};

/// An error of a port as the outcome of an effect. What may pass by itself is tried again.
NotDone not_done(const Error& error);

}  // namespace orch::app
