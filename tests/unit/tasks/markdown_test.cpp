// Plain task lists.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

TaskList read_markdown(std::string_view text) {
  return read_tasks(text, {}, "markdown");
}

std::vector<std::string> titles(const TaskList& list) {
  std::vector<std::string> found;
  for (const TaskSpec& task : list.tasks)
    found.push_back(task.title);
  return found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("every bullet and number may carry a task") {
  const TaskList list =
      read_markdown("# Plan\n\n- [ ] one\n* [x] two\n+ [X] three\n1. [ ] four\n2) [ ] five\n");
  CHECK(titles(list) == Words{"one", "two", "three", "four", "five"});
  CHECK_FALSE(list.tasks[0].done);
  CHECK(list.tasks[1].done);
  CHECK(list.tasks[2].done);
  CHECK(list.tasks[0].line == 3);
  CHECK(list.tasks[4].line == 7);
  CHECK(list.format == "markdown");
  CHECK(list.problems.empty());
}

TEST_CASE("all other text is the body, without its indentation") {
  const TaskList list = read_markdown(
      "- [ ] one\n  goes on\n\n  - deep\n    - deeper\n\n    para\n- [ ] "
      "two\n\n\ttab\n\t\tdeeper\n");
  REQUIRE(list.tasks.size() == 2);
  CHECK(list.tasks[0].body == "goes on\n\n- deep\n  - deeper\n\n  para");
  CHECK(list.tasks[1].body == "tab\n\tdeeper");
}

TEST_CASE("boxes inside a task are parts of it") {
  const TaskList list = read_markdown(
      "- [ ] one\n  before\n  - [x] part\n    of part\n\n  after\n- Backend\n\t- [ ] two\n\t\t- [ "
      "] "
      "inner\n");
  REQUIRE(titles(list) == Words{"one", "part", "two", "inner"});
  CHECK(list.tasks[0].body == "before\n\nafter");
  CHECK(list.tasks[1].body == "of part");
  CHECK(list.tasks[1].parent == TaskId{"one"});
  CHECK_FALSE(list.tasks[2].parent);
  CHECK(list.tasks[3].parent == TaskId{"two"});
}

TEST_CASE("boxes that are indented too far for Markdown are boxes still") {
  const TaskList list = read_markdown(
      "- [ ] one\n        - [ ] far\n            - [x] farther\n        - [ ] beside\n- [ ] two\n");
  REQUIRE(titles(list) == Words{"one", "far", "farther", "beside", "two"});
  CHECK(list.tasks[1].parent == TaskId{"one"});
  CHECK(list.tasks[2].parent == TaskId{"far"});
  CHECK(list.tasks[3].parent == TaskId{"one"});
}

TEST_CASE("an edit elsewhere renames no task") {
  const TaskList before = read_markdown("- [ ] Fix a\n- [ ] Fix b\n");
  const TaskList after = read_markdown("text\n\n- [ ] New\n- [x] Fix b\n  body\n- [ ] Fix a\n");
  CHECK(before.tasks[0].id == after.tasks[2].id);
  CHECK(before.tasks[1].id == after.tasks[1].id);
}

TEST_CASE("boxes in code and comments are no tasks and are named") {
  const TaskList list = read_markdown(
      "- [ ] one\n\n```\n- [ ] fenced\n```\n\n<!--\n- [ ] comment\n\n1. [x] comment too\n-->\n\n"
      "text\n\n    - [ ] indented\n\n> - [ ] quoted\n\n- [ ] two\n  ```\n  - [ ] mine\n  ```\n");
  CHECK(titles(list) == Words{"one", "two"});
  std::vector<int> lines;
  for (const Problem& problem : list.problems) {
    CHECK(problem.severity == Severity::Note);
    lines.push_back(problem.line);
  }
  CHECK(lines == std::vector<int>{4, 8, 10, 15, 17});
}

TEST_CASE("a fence or a comment that is never closed swallows nothing") {
  for (const char* opening : {"```sh", "~~~", "<!-- todo", "```\n```\n```"}) {
    CAPTURE(opening);
    const TaskList list =
        read_markdown(std::string("- [ ] one\n\n") + opening + "\n- [ ] two\n\n- [ ] three");
    CHECK(titles(list) == Words{"one", "two", "three"});
    REQUIRE(list.problems.size() == 1);
    CHECK(list.problems[0].severity == Severity::Warning);
  }
}

TEST_CASE("a mark that is neither open nor done keeps a task from being started") {
  const ReadFile file = read_items({"- [ ] one\n- [-] two\n- [~] three\n- [] four\n- [v] five\n- [ "
                                    "]\n- [link](x)\n- [P] six\n- [/] seven\n",
                                    {}},
                                   "markdown");
  std::vector<Standing> standings;
  for (const Item& item : file.reading.items)
    standings.push_back(item.standing);
  CHECK(standings == std::vector<Standing>{Standing::Open, Standing::Deferred, Standing::Deferred,
                                           Standing::Open, Standing::Done, Standing::InProgress});
  REQUIRE(file.reading.problems.size() == 4);
  CHECK(file.reading.problems[0].line == 2);
  CHECK(file.reading.problems[2].line == 6);
}

TEST_CASE("an empty box does not hide the boxes below it") {
  CHECK(titles(read_markdown("- [ ]\n  - [ ] one\n")) == Words{"one"});
}

TEST_CASE("line ends, a byte order mark and a missing last newline change nothing") {
  const std::string plain = "- [ ] one\n  body\n\n- [x] two\n  ```sh\n  run\n  ```";
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : plain)
    windows += c == '\n' ? "\r\n" : std::string(1, c);
  const TaskList list = read_markdown(plain);
  REQUIRE(list.tasks.size() == 2);
  CHECK(list.tasks[1].script == "run");
  CHECK(read_markdown(windows) == list);
  CHECK(read_markdown(plain + "\n") == list);
}

TEST_CASE("shell blocks become the script") {
  const TaskList list = read_markdown(
      "- [ ] one\n  ```sh\n  a\n    b\n  ```\n  ```python\n  no\n  ```\n  - ~~~Bash title=x\n    "
      "c\n    ~~~\n"
      "  ````shell\n  ```\n  d\n- [ ] two\n  ```sh-session\n  no\n  ```\n");
  REQUIRE(list.tasks.size() == 2);
  CHECK(list.tasks[0].script == "a\n  b\nc\n```\nd");
  CHECK(list.tasks[1].script.empty());
}

TEST_CASE("fields stay in the body too") {
  const TaskList list = read_markdown("- [ ] one\n  Depends: x\n");
  CHECK(list.tasks[0].body == "Depends: x");
  CHECK(list.tasks[0].depends.empty());
}
