// What a run's tasks become when their file changes: three lists, matched by their ids.
#include "tasks/units/edits.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace orch::tasks {
namespace {

using Specs = std::vector<TaskSpec>;

TaskSpec task(const std::string& id, const std::string& title = "do it", bool done = false) {
  TaskSpec spec;
  spec.id.value = id;
  spec.title = title;
  spec.done = done;
  return spec;
}

TEST_CASE("what is added, changed and taken out between two texts happens to the known tasks") {
  const Specs before = {task("A"), task("B"), task("C")};
  const Specs now = {task("A", "do more"), task("N"), task("C", "do it", true)};
  CHECK(with_edits(before, before, now, Counts::All) == now);
}

TEST_CASE("what neither text has stays, after the others") {
  const Specs known = {task("A"), task("aside"), task("B")};
  CHECK(with_edits(known, {task("A"), task("B")}, {task("B")}, Counts::All) ==
        Specs{task("B"), task("aside")});
}

TEST_CASE("what did not change between the texts stays as it is known") {
  TaskSpec moved = task("A");
  moved.line = 7;
  CHECK(with_edits({task("A", "known")}, {task("A")}, {moved}, Counts::All) ==
        Specs{task("A", "known")});
}

TEST_CASE("where only new tasks count, nothing is ticked, changed, taken out or brought back") {
  const Specs known = {task("A"), task("B")};
  const Specs before = {task("A"), task("B"), task("dropped")};
  const Specs now = {task("A", "other", true), task("dropped"), task("N")};
  CHECK(with_edits(known, before, now, Counts::NewTasks) == Specs{task("A"), task("N"), task("B")});
  CHECK(with_edits(known, before, now, Counts::Nothing) == known);
}

TEST_CASE("a task that stays without its text does not wait for one that was taken out") {
  TaskSpec aside = task("aside");
  aside.depends = {TaskId{"A"}, TaskId{"B"}};
  const Specs result =
      with_edits({task("A"), task("B"), aside}, {task("A"), task("B")}, {task("B")}, Counts::All);
  REQUIRE(result.size() == 2);
  CHECK(result[1].depends == std::vector<TaskId>{TaskId{"B"}});
}

}  // namespace
}  // namespace orch::tasks
