// Effect -> port.
#include "app/executor.hpp"

#include "app/agents.hpp"
#include "app/gates.hpp"
#include "app/landings.hpp"
#include "app/task_marks.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/variant.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {

Executor::Executor(World& world, Agents& agents, Gates& gates, Landings& landings, TaskMarks& marks)
    : world_(world), agents_(agents), gates_(gates), landings_(landings), marks_(marks) {}

void Executor::begin(EffectId, const Effect& effect, Ended ended) {
  loop::spawn<Outcome>(carry_out(effect),
                       [name = name_of(effect), ended = std::move(ended)](Outcome outcome) {
                         failpoint(fmt::format("{}.after_effect", name));
                         ended(std::move(outcome));
                       });
}

// What is stored has relative paths, so that it moves with the repository; whoever works has
// absolute ones. The effect lives in this frame, so the steps may take it by reference.
loop::Job<Outcome> Executor::carry_out(Effect effect) {
  std::visit(
      [this](auto& one) {
        if constexpr (requires { one.worktree; })
          one.worktree = world_.places.found(one.worktree).string();
      },
      effect);
  loop::Job<Outcome> step =
      std::visit(Overloaded{
                     [this](const TestBase& e) { return test(e.commit); },
                     [this](const CreateWorktree& e) { return create_worktree(e); },
                     [this](const StartAgent& e) { return agents_.start(e); },
                     [this](const StopAgent& e) { return agents_.stop(e); },
                     [this](const CollectWork& e) { return collect_work(e); },
                     [this](const RescueWork& e) { return rescue_work(e); },
                     [this](const PrepareLanding& e) { return landings_.prepare(e); },
                     [this](const TestLanding& e) { return test(e.candidate); },
                     [this](const Land& e) { return landings_.land(e); },
                     [this](const FollowBase& e) { return landings_.follow(e); },
                     [this](const TickFile& e) { return marks_.tick(e); },
                     [this](const CleanUp& e) { return clean_up(e); },
                     [this](const WriteReport&) { return landings_.write_report(); },
                 },
                 effect);
  Outcome outcome = co_await step;
  if (auto* ready = std::get_if<WorktreeReady>(&outcome))
    ready->worktree = world_.places.kept(ready->worktree);
  co_return outcome;
}

loop::Job<Outcome> Executor::test(const CommitId& commit) {
  const Result<Tested> tested = co_await gates_.test(commit);
  if (!tested) co_return not_done(tested.error());
  co_return *tested;
}

NotDone not_done(const Error& error) {
  const bool full = error.fault == Fault::Full;
  const bool passes = full || error.fault == Fault::Busy || error.fault == Fault::TimedOut ||
                      error.fault == Fault::Io || error.fault == Fault::Conflict;
  return {.why = error.what, .hint = error.hint, .transient = passes, .no_space = full};
}

}  // namespace orch::app
