// Choosing a reader, and what every file is checked for.
#include "tasks/conventions/reader.hpp"

#include "as_tasks.hpp"
#include "catch.hpp"
#include "orch/core/plan.hpp"

#include <string>

using namespace orch;
using namespace orch::tasks;

TEST_CASE("the surest reader is taken and says why") {
  const TaskList native = read_tasks("- [ ] T1: One\n");
  CHECK(native.format == "native");
  CHECK(native.reason == "its tasks have ids");
  const TaskList plain = read_tasks("- [ ] One\n", "TODO.md");
  CHECK(plain.format == "markdown");
  CHECK(plain.reason == "it has checkboxes");
}

TEST_CASE("a format may be asked for") {
  const TaskList list = read_tasks("- [ ] T1: One\n", "", "markdown");
  CHECK(list.format == "markdown");
  CHECK(list.reason == "it was asked for");
  CHECK(list.tasks.at(0).id.value == "T1");
  const TaskList unknown = read_tasks("- [ ] T1: One\n", "", "ini");
  REQUIRE(unknown.problems.size() == 1);
  CHECK(unknown.problems[0].message == "there is no task format 'ini'");
  CHECK(unknown.problems[0].hint.starts_with("the formats are native, "));
}

TEST_CASE("the table names each reader once") {
  for (const Reader& reader : readers())
    CHECK(find_reader(reader.name) == &reader);
  CHECK(find_reader("") == nullptr);
}

TEST_CASE("two tasks of one name are an error only where a third waits for it") {
  const TaskList list =
      read_tasks("- [ ] T1: One\n\n- [ ] T2: Two\n- [ ] T1: Three\n- [ ] T1: Four\n");
  REQUIRE(list.problems.size() == 2);
  CHECK(list.problems[0].severity == Severity::Warning);
  CHECK(list.problems[0].line == 4);
  CHECK(list.problems[0].message == "two tasks are called 'T1': lines 1 and 4");
  CHECK(list.problems[1].line == 5);
  CHECK(list.tasks[2].id.value == "T1-2");
  CHECK(list.tasks[3].id.value == "T1-3");
  const TaskList needed =
      read_tasks("- [ ] T1: One\n- [ ] T1: Two\n- [ ] T2: Three\n  Depends: T1\n");
  REQUIRE(needed.problems.size() == 1);
  CHECK(needed.problems[0].severity == Severity::Error);
  CHECK(needed.tasks[1].id.value == "T1-2");
  CHECK(make_plan(needed.tasks).problems.empty());
}

TEST_CASE("a file without tasks is told what a task looks like") {
  for (const char* text : {"# Title\n\ntext\n", "- bullet\n", "```\n- [ ] x\n```\n"}) {
    const TaskList list = read_tasks(text);
    CHECK(list.tasks.empty());
    REQUIRE_FALSE(list.problems.empty());
    CHECK(list.problems[0].message == "there are no tasks in this file");
    CHECK(list.problems[0].hint.find("- [ ] T1: ") != std::string::npos);
  }
}

TEST_CASE("an empty file is an error") {
  for (const char* text : {"", "\n \t\r\n", "\xEF\xBB\xBF"}) {
    const TaskList list = read_tasks(text);
    REQUIRE(list.problems.size() == 1);
    CHECK(list.problems[0].message == "the file is empty");
  }
}

TEST_CASE("what is not UTF-8 text is refused with its line") {
  const auto refused = [](const std::string& bad) {
    const TaskList list = read_tasks("- [ ] one\n- [ ] " + bad + " two\n");
    return list.tasks.empty() && list.problems.size() == 1 && list.problems[0].line == 2 &&
           list.problems[0].severity == Severity::Error;
  };
  for (const char* bad : {"\xFF", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF0\x9F\x98", "\x80"}) {
    CAPTURE(bad);
    CHECK(refused(bad));
  }
  CHECK(refused(std::string(1, '\0')));
  for (const char* good :
       {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK_FALSE(refused(good));
}

TEST_CASE("a file over the limit is refused unread") {
  const std::string text(kLargestFile + 1, 'a');
  const TaskList list = read_tasks(text);
  REQUIRE(list.problems.size() == 1);
  CHECK(list.problems[0].message == "the file is larger than 100 MB");
}
