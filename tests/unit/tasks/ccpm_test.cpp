// ccpm's tasks and plain files with front matter: one task a file.
#include "tasks/conventions/ccpm.hpp"

#include "catch.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/model/mark.hpp"

#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

const std::string kTask =
    "---\nname: Cache layer\nstatus: open\ncreated: 2026-01-02T03:04:05Z\ngithub: [none yet]\n"
    "depends_on: [001, 002]\nparallel: true\nconflicts_with: [14]\n---\n\n# Task: Cache layer\n\n"
    "## Acceptance Criteria\n- [ ] it is fast\n\n## Steps\n- [x] think\n";

using Texts = std::vector<std::string>;

std::string ticked(const std::string& text, const Reading& reading) {
  const Mark& mark = *reading.items.at(0).mark;
  return std::string(text).replace(mark.offset, mark.length, mark.ticked);
}

}  // namespace

TEST_CASE("a ccpm task is read; its id is the name of its file") {
  CHECK(is_ccpm_task(front_matter_of(kTask)));
  const Reading reading = read_ccpm({kTask, ".claude/epics/web/007.md"});
  REQUIRE(reading.items.size() == 1);
  const Item& task = reading.items[0];
  CHECK(task.id == "007");
  CHECK_FALSE(task.has_id);
  CHECK(task.title == "Cache layer");
  CHECK(task.depends == Texts{"001", "002"});
  CHECK(task.conflicts == Texts{"14"});
  CHECK(task.parallel == true);
  CHECK_FALSE(task.priority);
  REQUIRE(reading.problems.size() == 2);
  CHECK(reading.problems[0].message ==
        "this checkbox is an acceptance criterion of 007 and is no task");
  CHECK(reading.problems[1].message == "this checkbox is a step of 007 and is no task");
  CHECK(ticked(kTask, reading).find("\nstatus: closed\n") != std::string::npos);
}

TEST_CASE("an epic and a document are no tasks") {
  const std::string epic = "---\nname: a\nstatus: backlog\nprogress: 0%\n---\n- [ ] 001.md\n";
  CHECK(is_ccpm_epic(front_matter_of(epic)));
  CHECK(read_ccpm({epic, ""}).items.empty());
  CHECK(read_ccpm({epic, ""}).problems.at(0).severity == Severity::Error);
  CHECK_FALSE(has_status(front_matter_of("---\nname: a\ndescription: b\n---\n")));
  CHECK_FALSE(has_status(front_matter_of("---\ntitle: a\nstatus: published\n---\n")));
  // Boxes in the text say more than a title and a status.
  CHECK_FALSE(is_front_task(front_matter_of("---\ntitle: a\nstatus: open\n---\n")));
}

TEST_CASE("a plan with front matter is read by what is below") {
  const auto format = [](const std::string& keys, const std::string& body) {
    return read_items({"---\ntitle: a\nstatus: active\n" + keys + "---\n" + body, "a.md"}).format;
  };
  CHECK(format("priority: high\n", "- [ ] T1: b\n- [ ] T2: c\n") == "native");
  CHECK(format("created: 2026-01-02\n", "- [ ] b\n- [ ] c\n") == "markdown");
  CHECK(format("priority: high\n", "- [ ] b\n- [ ] c\n") == "ccpm");
  CHECK(format("depends_on: []\n", "- [ ] T1: b\n- [ ] T2: c\n") == "ccpm");
  CHECK(format("depends_on: &x []\n", "- [ ] b\n") == "ccpm");
  CHECK(format("created: 2026-01-02\n", "Text.\n") == "ccpm");
}

TEST_CASE("a plain file with front matter is a task") {
  const std::string text =
      "---\ntitle: Add a log\nstatus: in-progress\ndepends_on: setup, cache\npriority: P0\n"
      "tags:\n  - core\n---\nWrite it.";
  CHECK(is_front_task(front_matter_of(text)));
  const Reading reading = read_ccpm({text, "tasks/02-log.md"});
  const Item& task = reading.items.at(0);
  CHECK(task.id == "02-log");
  CHECK(task.title == "Add a log");
  CHECK(task.standing == Standing::InProgress);
  CHECK(task.depends == Texts{"setup", "cache"});
  CHECK(task.priority == Priority::P0);
  CHECK(task.body == "Write it.");
  CHECK(ticked(text, reading).find("status: done\n") != std::string::npos);
}

TEST_CASE("what a status does not say is not guessed") {
  const Reading unknown = read_ccpm({"---\nname: a\nstatus: wobbly\nparallel: no\n---\n", "1.md"});
  CHECK(unknown.items.at(0).standing == Standing::Held);
  CHECK(unknown.items[0].parallel == false);
  CHECK(unknown.problems.at(0).severity == Severity::Warning);
  CHECK(unknown.problems[0].line == 3);
  const Reading missing = read_ccpm({"---\nname: a\nparallel: true\n---\n", "1.md"});
  CHECK_FALSE(missing.items.at(0).mark);
  CHECK(missing.problems.at(0).severity == Severity::Note);
  const Reading complete = read_ccpm({"---\nname: a\nstatus: complete\n---\n", "1.md"});
  CHECK(complete.items.at(0).done());
}
