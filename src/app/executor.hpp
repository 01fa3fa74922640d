#pragma once
// Effect -> port: carries out what the core decided, one coroutine an effect, each an "ensure".
#include "app/paths.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/port/effects.hpp"

namespace orch::app {

class AgentStop;
class Agents;
class Deliveries;
class Gates;
class Landings;
class Pushes;
class Reviews;
class TaskMarks;
class Worktrees;

class Executor final : public port::Effects {
 public:
  /// Who does which effects.
  struct Hands {
    Worktrees& worktrees;
    Agents& agents;
    AgentStop& stop;
    Deliveries& deliveries;
    Gates& gates;
    Landings& landings;
    Reviews& reviews;
    TaskMarks& marks;
    Pushes& pushes;
  };

  Executor(const Paths& paths, Hands hands);

  void begin(EffectId id, const Effect& effect, Ended ended) override;

 private:
  loop::Job<Outcome> carry_out(Effect effect);

  loop::Job<WriteReport::Ends> finish();
  loop::Job<TestBase::Ends> test(const TestBase& effect);
  loop::Job<TestLanding::Ends> test(const TestLanding& effect);

  const Paths& paths_;
  Hands hands_;
};

/// An error of a port as the outcome of an effect. What may pass by itself is tried again.
NotDone not_done(const Error& error);

}  // namespace orch::app
