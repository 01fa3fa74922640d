// The stage of a task, from its state and what its agent and its landing are at.
#include "orch/core/stage.hpp"

#include "orch/core/state.hpp"

#include <algorithm>

namespace orch {
namespace {

bool is_being_tested(const State& state, const TaskRecord& task) {
  return std::ranges::any_of(state.run.landings, [&](const Landing& landing) {
    const bool is_tested =
        landing.state == LandingState::Testing || landing.state == LandingState::Judging;
    return landing.task == task.id() && is_tested;
  });
}

}  // namespace

Stage stage_of(const State& state, const TaskRecord& task) {
  const bool begins_by_user = task.state == TaskState::Waiting || task.state == TaskState::Queued;
  if (task.held && begins_by_user) return Stage::Person;
  switch (task.state) {
    case TaskState::Waiting: return Stage::Waiting;
    case TaskState::Preparing: return Stage::Preparing;
    case TaskState::Running:
      return agent_waits_for_user(state, task) ? Stage::Person : Stage::Working;
    case TaskState::Checking: return Stage::Checking;
    case TaskState::Queued:
      return task.why.kind == ReasonKind::Reviewing ? Stage::Reviewing : Stage::Queued;
    case TaskState::Landing: return is_being_tested(state, task) ? Stage::Testing : Stage::Landing;
    case TaskState::PartLanded: return Stage::Landing;
    case TaskState::Stopping:
    case TaskState::Saving: return Stage::Ending;
    case TaskState::Merged: return Stage::Merged;
    case TaskState::Blocked: return Stage::Person;
    case TaskState::Failed:
    case TaskState::Unreachable:
    case TaskState::Aborted: return Stage::Over;
  }
  return Stage::Unknown;
}

}  // namespace orch
