// The task file of a run is followed: each edit counts, also one that comes while the run goes on.
#include "app/task_watch.hpp"

#include "../git/fixture.hpp"
#include "app/run_files.hpp"
#include "orch/base/files.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace orch;
using orch::test::Fixture;

namespace {

/// A run on a task file with T1 that is at work, and what its watch posts.
struct Desk {
  Fixture fixture;
  std::filesystem::path file = fixture.repo.root() / "tasks.md";
  app::Paths paths{fixture.repo.root()};
  app::RunContext context{{.id = "r1"}, {}, paths, app::RunPaths(paths.run("r1")), {}, {}, {}};
  State state;
  std::vector<TasksChanged> posted;
  std::unique_ptr<app::TaskWatch> watch;

  Desk() {
    fixture.repo.write(file, "- [ ] T1 First\n");
    fixture.repo.commit("tasks");
    context.info.task_file = file.string();
    REQUIRE(make_folders(context.run.root(), 0700));
    state.run.rules.base = "main";
    add("T1", "First");
    watch = std::make_unique<app::TaskWatch>(
        fixture.loop, fixture.children, fixture.git, state, context,
        [this](Event event) { take(std::get<TasksChanged>(std::move(event))); });
  }

  void add(const std::string& id, const std::string& title) {
    TaskRecord task;
    task.plan.spec.id = TaskId{id};
    task.plan.spec.title = title;
    state.tasks.push_back(task);
  }

  /// As the run takes it.
  void take(TasksChanged event) {
    for (const TaskSpec& spec : event.tasks)
      if (state.find(spec.id) == nullptr) add(spec.id.value, spec.title);
    posted.push_back(std::move(event));
  }

  /// The first look is over, and the user adds T2.
  void begin_and_edit() {
    watch->start();
    settle();
    posted.clear();
    fixture.repo.write(file, "- [ ] T1 First\n- [ ] T2 Second\n");
  }

  /// Until nothing is looked at any more.
  void settle() {
    watch->look_last([this] { fixture.loop.stop(); });
    fixture.loop.run();
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const TaskSpec& spec : posted.back().tasks)
      found.push_back(spec.id.value);
    return found;
  }
};

}  // namespace

TEST_CASE("an edit of the task file is posted once") {
  Desk desk;
  desk.begin_and_edit();
  desk.watch->heartbeat();
  desk.settle();
  REQUIRE(desk.posted.size() == 1);
  CHECK(desk.ids() == std::vector<std::string>{"T1", "T2"});
  desk.watch->heartbeat();
  desk.settle();
  CHECK(desk.posted.size() == 1);
}

TEST_CASE("what was read while the run went on is read again, and not lost") {
  Desk desk;
  desk.begin_and_edit();
  desk.watch->heartbeat();
  // The run goes on at each turn of the loop, also while the file is read next to it.
  bool goes_on = true;
  std::function<void()> go_on = [&] {
    desk.state.tasks[0].plan.spec.title += ".";
    if (goes_on) desk.fixture.loop.post(go_on);
  };
  go_on();
  desk.settle();
  CHECK(desk.posted.empty());
  goes_on = false;
  desk.watch->heartbeat();
  desk.settle();
  REQUIRE_FALSE(desk.posted.empty());
  CHECK(desk.ids() == std::vector<std::string>{"T1", "T2"});
}
