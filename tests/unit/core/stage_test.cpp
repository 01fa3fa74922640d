// What a task is at, as far as its time is concerned.
#include "orch/core/stage.hpp"

#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "orch/core/state.hpp"

using namespace orch;

namespace {

State one_task(TaskState state) {
  State made;
  TaskRecord task;
  task.plan.spec.id = TaskId{"T"};
  task.state = state;
  task.agent = 1;
  made.tasks = std::vector{task};
  made.agents[1] = {.id = 1, .task = TaskId{"T"}, .phase = AgentPhase::Live};
  return made;
}

Stage stage_of(const State& state) {
  return orch::stage_of(state, state.tasks[0]);
}

}  // namespace

TEST_CASE("each state of a task is a stage") {
  for (const auto& [state, name] : EnumNames<TaskState>::kTable) {
    INFO(name);
    CHECK(stage_of(one_task(state)) != Stage::Unknown);
  }
  CHECK(stage_of(one_task(TaskState::Blocked)) == Stage::Person);
  CHECK(stage_of(one_task(TaskState::Saving)) == Stage::Ending);
}

TEST_CASE("a task at work waits for a person while its agent does") {
  State state = one_task(TaskState::Running);
  CHECK(stage_of(state) == Stage::Working);
  state.agents[1].turn.activity = Activity::Asking;
  CHECK(stage_of(state) == Stage::Person);
  state.agents[1].turn.activity = Activity::Busy;
  CHECK(stage_of(state) == Stage::Working);
}

TEST_CASE("what the user holds waits for them, unless it is under way") {
  State state = one_task(TaskState::Queued);
  CHECK(stage_of(state) == Stage::Queued);
  state.tasks[0].held = true;
  CHECK(stage_of(state) == Stage::Person);
  state.tasks[0].state = TaskState::Running;
  CHECK(stage_of(state) == Stage::Working);
}

TEST_CASE("a landing is told apart from its tests") {
  State state = one_task(TaskState::Landing);
  state.run.landings = {{.task = TaskId{"T"}, .state = LandingState::Preparing}};
  CHECK(stage_of(state) == Stage::Landing);
  state.run.landings[0].state = LandingState::Testing;
  CHECK(stage_of(state) == Stage::Testing);
  state.run.landings[0].task = TaskId{"U"};
  CHECK(stage_of(state) == Stage::Landing);
}

TEST_CASE("stages are read back, and one of a later version is none that is known") {
  const std::vector<StageChange> stages = {{TaskId{"T"}, Stage::Working, 2}};
  CHECK(decode_stages(encode(stages)).value() == stages);
  CHECK(decode_stages(R"([{"task":"T","stage":"dreaming"}])").value() ==
        std::vector<StageChange>{{TaskId{"T"}, Stage::Unknown, 0}});
  CHECK(decode_stages("x").error().fault == Fault::Corrupt);
}
