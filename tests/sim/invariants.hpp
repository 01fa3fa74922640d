#pragma once
// What must hold after every event, whatever happened.
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orch::sim {

/// Is the start of an agent for this task decided, and not known to have ended?
bool is_starting(const State& state, const TaskId& task);

class Invariants {
 public:
  /// The first that is broken, or empty. `before` is the state that the event met.
  std::string check(const State& before, const Event& event, const Decision& decision,
                    const Engine& engine, Time now);

  /// How often each step was taken.
  using Steps = std::map<std::pair<TaskState, Step>, std::size_t>;

  const Steps& steps() const { return steps_; }

  using LandingSteps = std::map<std::pair<LandingState, LandingStep>, std::size_t>;

  const LandingSteps& landing_steps() const { return landing_steps_; }

  using AgentSteps = std::map<std::pair<AgentPhase, AgentStep>, std::size_t>;

  const AgentSteps& agent_steps() const { return agent_steps_; }

  /// At rest, with nobody who helps: a task that could go on and does not; or empty.
  static std::string stuck_task(const State& state);

 private:
  std::string check_steps(const State& before, const Decision& decision, const State& state);
  std::string check_effects(const State& state) const;
  std::string check_healing(const State& state, const Decision& decision) const;
  std::string check_workers(const State& before, const State& state) const;
  std::string check_landing(const State& before, const Event& event, const Decision& decision,
                            const State& state) const;
  static std::string check_train(const State& state);
  std::string check_kind(const State& before, const State& state, const TaskRecord& task) const;
  std::string check_session(const State& before, const State& state, const TaskRecord& task) const;
  std::string check_starts(const State& before, const Decision& decision, const State& state);
  std::string check_ends(const State& before, const State& state) const;
  std::string check_run(const State& before, const Event& event, const Engine& engine,
                        Time now) const;

  Steps steps_;
  AgentSteps agent_steps_;
  LandingSteps landing_steps_;
  std::set<EffectId> begun_;
  std::set<std::pair<TaskId, int>> started_;
  std::map<TaskId, std::vector<TaskId>> needs_at_start_;
};

}  // namespace orch::sim
