// The effects of a trial.
#include "app/trial_effects.hpp"

#include "app/agent_stop.hpp"
#include "app/agents.hpp"
#include "app/deliveries.hpp"

#include <utility>
#include <variant>

namespace orch::app {
namespace {

template <class Ends>
Outcome outcome_of(Ends ends) {
  return std::visit([](auto end) -> Outcome { return end; }, std::move(ends));
}

}  // namespace

TrialEffects::TrialEffects(Agents& agents, AgentStop& stop, Deliveries& deliveries,
                           std::filesystem::path worktree, CommitId head)
    : agents_(agents),
      stop_(stop),
      deliveries_(deliveries),
      worktree_(std::move(worktree)),
      head_(std::move(head)) {}

void TrialEffects::begin(EffectId, const Effect& effect, Ended ended) {
  if (std::holds_alternative<CreateWorktree>(effect))
    return ended(WorktreeReady{worktree_.string(), {}, head_});
  loop::spawn<std::optional<Outcome>>(carry_out(effect),
                                      [ended = std::move(ended)](std::optional<Outcome> outcome) {
                                        if (outcome) ended(std::move(*outcome));
                                      });
}

loop::Job<std::optional<Outcome>> TrialEffects::carry_out(Effect effect) {
  if (const auto* start = std::get_if<StartAgent>(&effect)) {
    StartAgent::Ends ends = co_await agents_.start(*start);
    co_return outcome_of(std::move(ends));
  }
  if (const auto* stop = std::get_if<StopAgent>(&effect)) {
    StopAgent::Ends ends = co_await stop_.stop(*stop);
    co_return outcome_of(std::move(ends));
  }
  if (const auto* type = std::get_if<TypeText>(&effect)) {
    TypeText::Ends ends = co_await deliveries_.type(*type);
    co_return outcome_of(std::move(ends));
  }
  co_return std::nullopt;
}

}  // namespace orch::app
