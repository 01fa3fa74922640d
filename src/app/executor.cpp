// Effect -> port.
#include "app/executor.hpp"

#include "app/agent_stop.hpp"
#include "app/agents.hpp"
#include "app/deliveries.hpp"
#include "app/gates.hpp"
#include "app/landings.hpp"
#include "app/pushes.hpp"
#include "app/reviews.hpp"
#include "app/task_marks.hpp"
#include "app/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/variant.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {
namespace {

/// One of the ends of an effect as what travels in an event.
template <class Ends>
loop::Job<Outcome> as_outcome(loop::Job<Ends> step) {
  Ends end = co_await step;
  co_return std::visit([](auto& one) { return Outcome(std::move(one)); }, end);
}

}  // namespace

Executor::Executor(const Paths& paths, Hands hands) : paths_(paths), hands_(hands) {}

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
          one.worktree = paths_.found(one.worktree).string();
      },
      effect);
  loop::Job<Outcome> step = std::visit(
      Overloaded{
          [this](const TestBase& e) { return as_outcome(test(e)); },
          [this](const CreateWorktree& e) { return as_outcome(hands_.worktrees.create(e)); },
          [this](const StartAgent& e) { return as_outcome(hands_.agents.start(e)); },
          [this](const StopAgent& e) { return as_outcome(hands_.stop.stop(e)); },
          [this](const TypeText& e) { return as_outcome(hands_.deliveries.type(e)); },
          [this](const AnswerQuestion& e) { return as_outcome(hands_.deliveries.answer(e)); },
          [this](const InterruptTurn& e) { return as_outcome(hands_.deliveries.interrupt(e)); },
          [this](const CollectWork& e) { return as_outcome(hands_.worktrees.collect(e)); },
          [this](const RescueWork& e) { return as_outcome(hands_.worktrees.rescue(e)); },
          [this](const ReturnWork& e) { return as_outcome(hands_.worktrees.give_back(e)); },
          [this](const TakeIn& e) { return as_outcome(hands_.worktrees.take_in(e)); },
          [this](const ReviewWork& e) { return as_outcome(hands_.reviews.review(e)); },
          [this](const PrepareLanding& e) { return as_outcome(hands_.landings.prepare(e)); },
          [this](const TestLanding& e) { return as_outcome(test(e)); },
          [this](const Land& e) { return as_outcome(hands_.landings.land(e)); },
          [this](const FollowBase& e) { return as_outcome(hands_.landings.follow(e)); },
          [this](const TickFile& e) { return as_outcome(hands_.marks.tick(e)); },
          [this](const CleanUp& e) { return as_outcome(hands_.worktrees.clean_up(e)); },
          [this](const PushBranch& e) { return as_outcome(hands_.pushes.push(e)); },
          [this](const RunPushCommand& e) { return as_outcome(hands_.pushes.run_command(e)); },
          [this](const WriteReport&) { return as_outcome(finish()); },
      },
      effect);
  Outcome outcome = co_await step;
  if (auto* ready = std::get_if<WorktreeReady>(&outcome))
    ready->worktree = paths_.kept(ready->worktree);
  co_return outcome;
}

loop::Job<WriteReport::Ends> Executor::finish() {
  (void)co_await hands_.worktrees.shrink_pool();
  co_return co_await hands_.landings.write_report();
}

loop::Job<TestBase::Ends> Executor::test(const TestBase& effect) {
  Checks checks = hands_.landings.base_checks();
  TestOrder order{.anew = true};  // the user has asked for it by `up`
  const Result<Tested> tested =
      co_await hands_.gates.test(effect.commit, std::move(checks), std::move(order));
  if (!tested) co_return not_done(tested.error());
  co_return *tested;
}

loop::Job<TestLanding::Ends> Executor::test(const TestLanding& effect) {
  Result<Checks> checks = co_await hands_.landings.checks(effect);
  if (!checks) co_return not_done(checks.error());
  const Result<Tested> tested = co_await hands_.gates.test_landing(effect, std::move(*checks));
  if (!tested) co_return not_done(tested.error());
  co_return *tested;
}

NotDone not_done(const Error& error) {
  const bool full = error.fault == Fault::Full;
  const bool passes = full || error.fault == Fault::Busy || error.fault == Fault::TimedOut ||
                      error.fault == Fault::Io || error.fault == Fault::Conflict;
  return {.why = error.what,
          .hint = error.hint,
          .transient = passes,
          .no_space = full,
          .whole = error.fault == Fault::NeedsUser};
}

}  // namespace orch::app
