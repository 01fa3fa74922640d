// Boxes and headings with ids and fields.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

TaskList read_native(std::string_view text) {
  return read_tasks(text, {}, "native");
}

std::vector<std::string> ids(const TaskList& list) {
  std::vector<std::string> found;
  for (const TaskSpec& task : list.tasks)
    found.push_back(task.id.value);
  return found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a box with an id, fields, a body and a script") {
  const TaskList list = read_native(
      "# Plan\n\n- [ ] T1: Write the parser\n  Depends: T0\n  Files: src/parser.c (create)\n"
      "  - Priority: P1\n\n  Make it fast.\n  ```sh\n  make parser\n  Depends: not here\n  ```\n"
      "- [x] T0: Begin\n");
  REQUIRE(list.tasks.size() == 2);
  const TaskSpec& task = list.tasks[0];
  CHECK(task.id.value == "T1");
  CHECK(task.title == "Write the parser");
  CHECK(task.depends == std::vector<TaskId>{{"T0"}});
  CHECK(task.creates == Words{"src/parser.c"});
  CHECK(task.priority == Priority::P1);
  CHECK(task.body == "Make it fast.\n```sh\nmake parser\nDepends: not here\n```");
  CHECK(task.script == "make parser\nDepends: not here");
  CHECK(task.line == 3);
  CHECK_FALSE(task.parent);
  CHECK(list.tasks[1].done);
  CHECK(list.problems.empty());
}

TEST_CASE("a heading with an id is a task up to the next heading of its level") {
  const TaskList list = read_native(
      "# Plan\nintro\n\n## T1: One ##\nDepends: T2\n\n- [ ] step\n\n### Notes\ntext\n\n---\n\n"
      "## [x] T2: Two\nbody\n\n## Other\n- [ ] T3: Three\n\nT4: Four\n========\nlast\n");
  REQUIRE(ids(list) == Words{"T1", "T2", "T3", "T4"});
  CHECK(list.tasks[0].title == "One");
  CHECK(list.tasks[0].body == "- [ ] step\n\n### Notes\ntext");
  CHECK(list.tasks[0].depends == std::vector<TaskId>{{"T2"}});
  CHECK(list.tasks[1].done);
  CHECK(list.tasks[1].body == "body");
  CHECK(list.tasks[3].body == "last");
  CHECK(list.tasks[3].line == 20);
}

TEST_CASE("fields right above a rule stay fields") {
  const TaskList list = read_native("## T1: One\nPriority: P0\nDepends: T2\n---\n\n## T2: Two\n");
  REQUIRE(list.tasks.size() == 2);
  CHECK(list.tasks[0].priority == Priority::P0);
  CHECK(list.tasks[0].body.empty());
}

TEST_CASE("a heading over tasks with ids is a group, unless it has a box or fields") {
  const TaskList group =
      read_native("## M1: Milestone\nwords\n- [ ] T1: One\n  Depends: T2\n- [ ] T2: Two\n");
  CHECK(ids(group) == Words{"T1", "T2"});
  REQUIRE(group.problems.size() == 1);
  CHECK(group.problems[0].severity == Severity::Note);
  CHECK(group.problems[0].line == 1);

  CHECK(ids(read_native("## M1: Milestone\nPriority: P0\n- [ ] AC1: true\n")) == Words{"M1"});
  CHECK(ids(read_native("## [ ] M1: Milestone\n- [ ] AC1: true\n")) == Words{"M1"});
  CHECK(ids(read_native("## M1: Milestone\n- [ ] step\n")) == Words{"M1"});
  CHECK(ids(read_native("# E1: Epic\n## T1: One\n## T2: Two\n# E2: Alone\n")) ==
        Words{"T1", "T2", "E2"});
}

TEST_CASE("tasks without an id stand next to those with one") {
  const TaskList list =
      read_native("- [ ] T1: One\n- [ ] Write docs\n- [ ] #write-docs x\n## [ ] Tidy up\n");
  CHECK(ids(list) == Words{"T1", "write-docs-2", "write-docs", "tidy-up"});
  CHECK(list.tasks[1].title == "Write docs");
}

TEST_CASE("what looks like an id only once is a word") {
  CHECK(ids(read_native("- [ ] a\n- [ ] S3 upload\n- [ ] b\n- [ ] T1: x\n")) ==
        Words{"a", "s3-upload", "b", "T1"});
  CHECK(ids(read_native("- [ ] T1 one\n- [ ] T2 two\n- [ ] c\n")) == Words{"T1", "T2", "c"});
  CHECK(ids(read_native("- [ ] T1 one\n- [ ] b\n- [ ] c\n  Depends: T1\n")) ==
        Words{"T1", "b", "c"});
  CHECK(ids(read_native("- [ ] **Docs**: a\n- [ ] **Docs**: b\n- [ ] **auth**: c\n")) ==
        Words{"docs-a", "docs-b", "auth"});
}

TEST_CASE("the fields of a nested box are not its task's") {
  const TaskList list = read_native(
      "- [ ] T1: One\n  - [ ] T1.1: a\n  - [ ] T1.2: b\n    Depends: T1.1\n  Tags: x\n");
  REQUIRE(list.tasks.size() == 1);
  CHECK(list.tasks[0].depends.empty());
  CHECK(list.tasks[0].tags == Words{"x"});
  CHECK(list.tasks[0].body == "- [ ] T1.1: a\n- [ ] T1.2: b\n  Depends: T1.1");
}

TEST_CASE("fields may stand under the title, further in, or not indented at all") {
  for (const char* text :
       {"- [ ] T1: One\nDepends: T2\n", "- [ ] T1: One\n      Depends: T2\n",
        "- [ ] T1: One\n\n      Depends: T2\n", "-\t[ ] T1: One\n\tDepends: T2\n",
        "* [ ] **T1** One\r\n  * **Depends:** T2\r\n", "## T1: One\n\nDepends: T2"}) {
    CAPTURE(text);
    const TaskList list = read_native(text);
    REQUIRE(ids(list) == Words{"T1"});
    CHECK(list.tasks[0].depends == std::vector<TaskId>{{"T2"}});
    CHECK(list.tasks[0].body.empty());
  }
}

TEST_CASE("the convention is told by ids or fields") {
  const auto convention = [](std::string_view text) {
    return std::string(convention_of({text, {}}).name);
  };
  CHECK(convention("- [ ] T1: One\n") == "native");
  CHECK(convention("- [ ] One\n  Depends: x\n") == "native");
  CHECK(convention("- [ ] One\n") == "markdown");
  CHECK(convention("Depends: x\n\n- [ ] One\n") == "markdown");
}
