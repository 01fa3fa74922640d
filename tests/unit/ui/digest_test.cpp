// What the agent that coordinates is told, and with which commands.
#include "ui/digest.hpp"

#include "catch.hpp"
#include "ui/status.hpp"

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

TaskRecord task(const std::string& id, TaskState state, Reason why = {}) {
  TaskRecord made;
  made.plan.spec.id = TaskId{id};
  made.state = state;
  made.why = std::move(why);
  return made;
}

State example() {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.attempts = 3;
  TaskRecord coordinator = task("coordinator", TaskState::Running);
  coordinator.plan.spec.role = Role::Coordinator;
  coordinator.plan.spec.agent = "talker";
  coordinator.attempts = 2;
  coordinator.worked = std::chrono::minutes(3);
  state.tasks =
      std::vector{task("T1", TaskState::Blocked, quoted("which parser?")),
                  task("T2", TaskState::Blocked,
                       {.kind = ReasonKind::Conflicts, .text = "main", .names = {"a.c"}}),
                  task("T3", TaskState::Failed, {.kind = ReasonKind::NoChanges}), coordinator};
  state.run.digest.told = {TaskId{"T1"}, TaskId{"T2"}, TaskId{"T3"}};
  return state;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each task is a line with the commands that whoever coordinates may use, and no others") {
  const std::string text = ui::digest_text(example());
  CHECK(contains(text,
                 "\n- T1 blocked: which parser? (`tmux-orch release T1 'answer'`, "
                 "`tmux-orch retry T1`, `tmux-orch abort T1`)"));
  CHECK(contains(text, "\n- T2 blocked: conflicts with main in a.c (`tmux-orch abort T2`)"));
  CHECK(contains(text, "\n- T3 failed: said done but committed nothing (`tmux-orch retry T3`)"));
  CHECK_FALSE(contains(text, "tmux-orch merge"));
  CHECK_FALSE(contains(text, "Still to be decided"));
}

TEST_CASE("what it was told of before is named, and no more") {
  State state = example();
  state.run.digest.told = {TaskId{"T3"}};
  const std::string text = ui::digest_text(state);
  CHECK_FALSE(contains(text, "which parser?"));
  CHECK(contains(text, "\n- T3 failed"));
  CHECK(contains(text, "\nStill to be decided: T1, T2."));
  state.tasks[0].state = state.tasks[1].state = state.tasks[2].state = TaskState::Running;
  CHECK(contains(ui::digest_text(state), "Nothing needs a decision any more."));
}

TEST_CASE("a task that is nobody's to decide but the user's says so") {
  State state = example();
  state.tasks[1].state = TaskState::Unreachable;
  CHECK(contains(ui::digest_text(state), "in a.c (only the user can decide)"));
}

TEST_CASE("the report has what who coordinates has used, besides the tasks") {
  const State state = example();
  const ui::RunView view{.run = "r1"};
  CHECK(contains(ui::summary_text(state, view), "): 2 attempts, worked 3m 00s\n"));
  const auto report = nlohmann::json::parse(ui::report_json(state, view));
  CHECK(report["coordinator"]["attempts"] == 2);
  CHECK(report["coordinator"]["seconds"] == 180.0);
  CHECK(report["tasks"].size() == 3);
  CHECK(report["totalTasks"] == 3);
}
