// Where windows go among those that are there.
#include "app/window_order.hpp"

#include "app/test_window.hpp"
#include "catch.hpp"

using namespace orch;
using namespace orch::app;

namespace {

State with_tasks(int count) {
  State state;
  for (int number = 1; number <= count; ++number) {
    TaskRecord task;
    task.plan.spec.id = TaskId{"T" + std::to_string(number)};
    state.tasks.push_back(task);
  }
  return state;
}

tmuxctl::Pane pane(int index, const std::string& task = {}) {
  tmuxctl::Pane made;
  made.window.value = "@" + std::to_string(100 + index);
  made.index = index;
  made.option = task;
  return made;
}

}  // namespace

TEST_CASE("a window has the number of its task, whoever starts first") {
  const State state = with_tasks(4);
  CHECK(window_place(state, TaskId{"T3"}, {pane(0)}) == WindowPlace{3, {}});
  CHECK(window_place(state, TaskId{"T1"}, {pane(0), pane(3, "T3")}) == WindowPlace{1, {}});
  CHECK(window_place(state, TaskId{"T4"}, {pane(0), pane(3, "T3")}) == WindowPlace{4, {}});
  CHECK(window_place(state, TaskId{"T2"}, {pane(1)}) == WindowPlace{3, {}});
}

TEST_CASE("where tasks were added above, it stands between its neighbours all the same") {
  const State state = with_tasks(4);
  CHECK(window_place(state, TaskId{"T2"}, {pane(0), pane(1, "T3")}) == WindowPlace{{}, {"@100"}});
  CHECK(window_place(state, TaskId{"T3"}, {pane(0), pane(4, "T2"), pane(7, "T4")}) ==
        WindowPlace{5, {}});
  CHECK(window_place(state, TaskId{"T3"}, {pane(0), pane(4, "T2"), pane(5, "T4")}) ==
        WindowPlace{{}, {"@104"}});
}

TEST_CASE("a window of somebody else's is not in the way") {
  const State state = with_tasks(2);
  CHECK(window_place(state, TaskId{"T1"}, {pane(0), pane(1)}) == WindowPlace{{}, {"@100"}});
  CHECK(window_place(state, TaskId{"T2"}, {pane(0), pane(3)}) == WindowPlace{2, {}});
  CHECK(home_window({pane(2), pane(1, "T1"), pane(3)}).value == "@102");
}

TEST_CASE("the window of tests stands behind all tasks") {
  CHECK(test_window_index(0) == 99);
  CHECK(test_window_index(98) == 99);
  CHECK(test_window_index(99) == 999);
  CHECK(test_window_index(5000) == 9999);
  const State state = with_tasks(2);
  CHECK(window_place(state, TaskId{"T2"}, {pane(0), pane(99)}) == WindowPlace{2, {}});
}
