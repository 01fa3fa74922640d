#pragma once
// What the core answers to an event: values for the store, the log and whoever carries effects out.
#include "orch/core/agent_run.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/fact.hpp"
#include "orch/core/landing.hpp"
#include "orch/core/lifecycle.hpp"
#include "orch/core/message.hpp"
#include "orch/core/refusal.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orch {

/// One step of a task's, as it was taken.
struct Transition {
  TaskId task;
  TaskState from = TaskState::Waiting;
  Step step = Step::Start;
  TaskState to = TaskState::Waiting;

  bool operator==(const Transition&) const = default;
};

/// One step of an agent's, as it was taken.
struct AgentTransition {
  AgentRunId agent = 0;
  AgentPhase from = AgentPhase::Assigned;
  AgentStep step = AgentStep::Start;
  AgentPhase to = AgentPhase::Assigned;

  bool operator==(const AgentTransition&) const = default;
};

/// One step of a landing's, as it was taken.
struct LandingTransition {
  TaskId task;
  LandingState from = LandingState::Preparing;
  LandingStep step = LandingStep::Prepare;
  LandingState to = LandingState::Preparing;

  bool operator==(const LandingTransition&) const = default;
};

/// What follows from one event: stored in one transaction, then carried out.
struct Decision {
  std::set<TaskId> changed;                          ///< tasks whose record may differ from before
  std::set<AgentRunId> changed_agents;               ///< the same; those that are gone as well
  std::set<MessageNumber> changed_messages;          ///< the same
  std::vector<std::pair<EffectId, Effect>> effects;  ///< to be begun: new, or tried again
  std::vector<EffectId> ended;                       ///< left the outbox
  std::vector<Fact> facts;
  std::vector<Transition> transitions;             ///< in the order they were taken
  std::vector<AgentTransition> agent_transitions;  ///< the same
  std::vector<LandingTransition> landing_transitions;
  bool durable = false;  ///< must survive a power cut: merge decided, merged, task file written
  Refusal refused;       ///< why a request was not done; empty: it was
  TaskId made;           ///< the task that was asked for
  std::vector<MessageNumber> sent;  ///< what was asked for became these messages
  std::vector<Refusal> not_sent;    ///< to some of those it was for
};

}  // namespace orch
