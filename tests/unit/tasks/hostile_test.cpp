// Large, deep and malicious files end, with the right result.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"

#include <fmt/format.h>

#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

std::string repeated(std::string_view part, int times) {
  std::string text;
  text.reserve(part.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i)
    text += part;
  return text;
}

}  // namespace

TEST_CASE("titles come out as they are") {
  for (const std::string& title :
       {std::string("; rm x"), std::string("#(touch x) #{pane_id}"),
        std::string("$(touch x) `touch y`"), std::string(R"("quotes' \ and \n)"),
        std::string("../../etc/passwd"), std::string("-rf /"),
        std::string("🚀 emoji 👩‍👩‍👧 \xE2\x80\xAE back"), std::string(300, 'w'),
        std::string("a\tb  c"), std::string("[link](x) *b* <i> &amp; ![p](q)"),
        std::string("\x1b[31mred\x07"), std::string("%begin 1 2 0")}) {
    CAPTURE(title);
    for (const char* format : {"- [ ] {}\n", "- [ ] T1: {}\n", "## T1: {}\n"}) {
      const TaskList list = read_tasks(fmt::format(fmt::runtime(format), title));
      REQUIRE(list.tasks.size() == 1);
      CHECK(list.tasks[0].title == title);
      CHECK(list.problems.empty());
    }
  }
}

TEST_CASE("many boxes are as many tasks") {
  std::string text;
  text.reserve(4'000'000);
  for (int i = 0; i < 200'000; ++i)
    text += fmt::format("- [ ] T{}: do\n", i);
  const TaskList list = read_tasks(text);
  CHECK(list.tasks.size() == 200'000);
  CHECK(list.tasks.back().id.value == "T199999");
  CHECK(list.tasks.back().line == 200'000);
  CHECK(list.problems.empty());
}

TEST_CASE("boxes nested a thousand deep are one task") {
  std::string text;
  for (int depth = 0; depth < 1'000; ++depth)
    text += fmt::format("{:>{}}- [ ] T{}: do\n", "", 2 * depth, depth);
  text += "- [ ] T9999: last\n";
  const TaskList list = read_tasks(text);
  REQUIRE(list.tasks.size() == 2);
  CHECK(list.tasks[0].body.ends_with("T999: do"));
  CHECK(list.tasks[1].id.value == "T9999");
}

TEST_CASE("ten thousand markers on a line hide no task below") {
  const std::string blank_lines = repeated("\n", 1'000'000);
  for (const char* marker : {"- ", "> ", "1. ", "> - "}) {
    CAPTURE(marker);
    const TaskList list =
        read_tasks(repeated(marker, 10'000) + "[ ] x\n\n- [ ] T1: y\n" + blank_lines);
    REQUIRE(list.tasks.size() == 1);
    CHECK(list.tasks[0].id.value == "T1");
  }
}

TEST_CASE("hostile inline text costs nothing") {
  for (const char* part :
       {"![[]()", "[a](", "**a *", "<!-- ", "<a b='", "`` ` ", "&#x", "\\[", "]]", "</a"}) {
    CAPTURE(part);
    const TaskList list = read_tasks("- [ ] T1: " + repeated(part, 200'000) + "\n- [ ] T2: b\n");
    CHECK(list.tasks.size() == 2);
  }
}

TEST_CASE("hostile blocks cost little") {
  for (const char* line :
       {"```\n", "<!-- a\n", "> ", "- ", "1. ", "# ", "    <? \n", "[a]: b\n", "a\n===\n", "\r"}) {
    CAPTURE(line);
    const TaskList list =
        read_tasks("- [ ] T1: a\n\n" + repeated(line, 300'000) + "\n\n# x\n\n- [ ] T2: b\n");
    REQUIRE_FALSE(list.tasks.empty());
    CHECK(list.tasks[0].id.value == "T1");
  }
}

TEST_CASE("many fields in a line and many columns cost little") {
  const TaskList fields = read_tasks("### T1: a\n**Owner:** b, " +
                                     repeated("Status: c, Tags: d; ", 10'000) + "\n### T2: b\n");
  CHECK(fields.tasks.size() == 2);
  const TaskList columns = read_tasks("|" + repeated("|", 20'000) + "\n|" + repeated("-|", 20'000) +
                                      "\n" + repeated("| a |\n", 20'000) + "\n- [ ] T1: a\n");
  CHECK(columns.tasks.size() == 1);
}

TEST_CASE("one endless block is refused and not read") {
  const TaskList list = read_tasks("- [ ] T1: a\n" + repeated("  text\n", 1'000'000));
  REQUIRE_FALSE(list.problems.empty());
  CHECK(list.problems.back().line == 1);
  CHECK(list.problems.back().message == "the block that starts here is larger than 4 MB");
}

TEST_CASE("notes and lists of values are bounded") {
  const TaskList notes =
      read_tasks("- [ ] T1: a\n\n```\n" + repeated("- [ ] x\n", 10'000) + "```\n");
  CHECK(notes.tasks.size() == 1);
  CHECK(notes.problems.size() == 101);
  std::string files;
  for (int i = 0; i < 200'000; ++i)
    files += fmt::format("f{}, ", i);
  CHECK(read_tasks("- [ ] T1: a\n  Files: " + files + "\n").tasks.at(0).files.size() == 2'000);
}

TEST_CASE("order by stages, lists and graphs costs no more than its edges") {
  constexpr int kTasks = 3'000;
  std::string stages = "## Phase 1\n";
  std::string list = "## Tasks\n";
  std::string order = "## Execution order\n";
  std::string graph = "```mermaid\ngraph TD\n";
  for (int i = 0; i < kTasks; ++i) {
    stages += fmt::format("- [ ] A{}: do\n", i);
    list += fmt::format("- [ ] T{}: do\n", i);
    order += fmt::format("1. T{} - now\n", i);
    graph += fmt::format("T{} --> T{}\n", i, i + 1);
  }
  stages += "## Phase 2\n";
  for (int i = 0; i < kTasks; ++i)
    stages += fmt::format("- [ ] B{}: do\n  Depends on: Phase 1\n", i);
  const TaskList read = read_tasks(stages);
  REQUIRE(read.tasks.size() == 2 * kTasks);
  CHECK(read.tasks[kTasks].depends.size() == 1000);
  CHECK(read.tasks.back().depends.size() < 2);
  CHECK(read_tasks(list + order).tasks.size() == kTasks);
  CHECK(read_tasks(list + graph + "```\n").tasks.size() == kTasks);
}
