// Backlog.md: its front matter, its criteria that are no tasks, and its ticks.
#include "tasks/conventions/backlog.hpp"

#include "catch.hpp"
#include "tasks/conventions/ccpm.hpp"

#include <algorithm>
#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

const std::string kTask =
    "---\nid: BACK-41\ntitle: 'Export: PDF'\nstatus: In Progress\nassignee:\n  - '@ann'\n"
    "created_date: '2026-01-02'\nlabels: [export]\ndependencies:\n  - back-38\n  - BACK-39.1\n"
    "parent_task_id: BACK-40\npriority: high\nmodified_files:\n  - src/pdf.c\n---\n\n"
    "## Description\n\n<!-- SECTION:DESCRIPTION:BEGIN -->\nWrite pages.\n"
    "<!-- SECTION:DESCRIPTION:END -->\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n"
    "- [ ] #1 Pages break well\n- [x] #2 Fonts are there\n<!-- AC:END -->\n\n"
    "## Definition of Done\n<!-- DOD:BEGIN -->\n- [ ] #1 Tests pass\n<!-- DOD:END -->\n\n"
    "```sh\nmake pdf\n```\n";

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Backlog.md's files are known by their keys") {
  CHECK(is_backlog_task(front_matter_of(kTask)));
  CHECK_FALSE(is_backlog_task(front_matter_of("---\ntitle: a\nstatus: draft\n---\n- [ ] x\n")));
  CHECK_FALSE(is_backlog_task(front_matter_of("# a\n")));
}

TEST_CASE("a Backlog.md task is read") {
  const Reading reading = read_backlog({kTask, "backlog/tasks/back-41 - Export.md"});
  REQUIRE(reading.items.size() == 1);
  const Item& task = reading.items[0];
  CHECK(task.id == "BACK-41");
  CHECK(task.has_id);
  CHECK(task.title == "Export: PDF");
  CHECK(task.standing == Standing::InProgress);
  CHECK(task.depends == Texts{"back-38", "BACK-39.1"});
  CHECK(task.parent == "BACK-40");
  CHECK(task.priority == Priority::P1);
  CHECK(task.files == Texts{"src/pdf.c"});
  CHECK(task.tags == Texts{"export"});
  CHECK(task.line == 1);
  CHECK(task.script == "make pdf");
  CHECK(task.body.starts_with("## Description\n"));
  CHECK(task.body.find("SECTION") == std::string::npos);
  CHECK(task.body.find("#1 Pages break well") != std::string::npos);
}

TEST_CASE("criteria of a Backlog.md task are named") {
  const Reading reading = read_backlog({kTask, ""});
  REQUIRE(reading.problems.size() == 3);
  CHECK(reading.problems[0].severity == Severity::Note);
  CHECK(reading.problems[0].line == 26);
  CHECK(reading.problems[0].message ==
        "this checkbox is an acceptance criterion of BACK-41 and is no task");
  CHECK(reading.problems[2].message ==
        "this checkbox is a definition of done of BACK-41 and is no task");
}

TEST_CASE("a tick of a Backlog.md task replaces one value") {
  const Mark mark = *read_backlog({kTask, ""}).items.at(0).mark;
  std::string text = kTask;
  text.replace(mark.offset, mark.length, mark.ticked);
  CHECK(text.find("status: Done\nassignee:") != std::string::npos);
  CHECK(text.size() == kTask.size() - std::string("In Progress").size() + 4);
  const Mark done = *read_backlog({text, ""}).items.at(0).mark;
  CHECK(done.done);
  text.replace(done.offset, done.length, done.unticked);
  CHECK(text.find("status: To Do\n") != std::string::npos);
}

TEST_CASE("a quoted status keeps its quotes") {
  const std::string text = "---\nid: T-1\ntitle: a\nstatus: \"To Do\"\ndependencies: []\n---\n";
  const Mark mark = *read_backlog({text, ""}).items.at(0).mark;
  CHECK(std::string(text).replace(mark.offset, mark.length, mark.ticked).find("\"Done\"\n") !=
        std::string::npos);
}

TEST_CASE("broken front matter of a task is an error with its line") {
  for (const char* lines : {"dependencies: &x [a]\n", "dependencies:\n  a: 1\n", "title: [a]\n"}) {
    CAPTURE(lines);
    const std::string text = std::string("---\nid: T-1\nstatus: To Do\n") + lines + "---\n";
    const Reading reading = read_backlog({text, "x.md"});
    REQUIRE_FALSE(reading.problems.empty());
    CHECK(reading.problems[0].severity == Severity::Error);
    CHECK(reading.problems[0].line == 4);
  }
}
