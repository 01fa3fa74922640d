#include "tasks/write/native_form.hpp"

#include "catch.hpp"
#include "tasks/source/task_file.hpp"

#include <map>

using namespace orch;
using namespace orch::tasks;

namespace {

TaskFile read(std::string text, std::string_view format) {
  return read_task_file({.path = "tasks.md", .text = std::move(text)}, format, UnitRule::Auto);
}

TaskSpec task(const std::string& id, std::vector<TaskId> depends = {}) {
  return {.id = {id}, .title = "title of " + id, .depends = std::move(depends)};
}

}  // namespace

TEST_CASE("what is written in the native form is read as the same tasks") {
  TaskSpec first = task("T1");
  first.body = "Some words.\n\n```sh\nmake\n```\nPriority: of no meaning here";
  first.done = true;
  TaskSpec second = task("API-2", {{"T1"}});
  second.priority = Priority::P0;
  second.files = {"a.c", "src/**"};
  second.creates = {"a.c"};
  second.tags = {"x", "y"};
  second.agent = "sh";
  second.timeout = Span(90'000);
  TaskSpec third = task("2.1");
  third.after = {{TaskId{"T1"}, "phase order"}};
  third.depends = {{"API-2"}};
  const TaskFile back = read(native_form({first, second, third}, "Plan"), "native");
  const std::vector<TaskSpec> specs = back.units.specs();
  REQUIRE(specs.size() == 3);
  CHECK(back.list().problems.empty());
  CHECK(specs[0].id.value == "T1");
  CHECK(specs[0].done);
  CHECK(specs[0].script == "make");
  CHECK(specs[0].priority == Priority::P2);
  CHECK(specs[1].id.value == "API-2");
  CHECK(specs[1].title == "title of API-2");
  CHECK(specs[1].depends == second.depends);
  CHECK(specs[1].priority == Priority::P0);
  CHECK(specs[1].files == second.files);
  CHECK(specs[1].creates == second.creates);
  CHECK(specs[1].tags == second.tags);
  CHECK(specs[1].agent == "sh");
  CHECK(specs[1].timeout == second.timeout);
  CHECK(specs[2].depends == std::vector<TaskId>{{"API-2"}, {"T1"}});
}

TEST_CASE("what is withheld stays so in the native form") {
  TaskSpec later = task("T1");
  later.withheld = "deferred (line 3)";
  const TaskFile back = read(native_form({later, task("T2", {{"T1"}})}, "Plan"), "native");
  REQUIRE(back.units.units.size() == 2);
  CHECK_FALSE(back.units.units[0].spec.withheld.empty());
  CHECK_FALSE(back.units.units[0].spec.done);
  CHECK(back.units.units[1].spec.depends == std::vector<TaskId>{{"T1"}});
}
