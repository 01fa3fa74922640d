// What is said of a plan, as text and as JSON.
#include "orch/core/plan.hpp"

#include "catch.hpp"
#include "tasks/source/task_file.hpp"
#include "ui/plan_text.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

/// A file, read and planned, as `plan` does it.
struct Planned {
  tasks::TaskFile file;
  Plan plan;
  ui::PlanView view{.file = "tasks.md"};

  explicit Planned(std::string text)
      : file(tasks::read_task_file({.path = "tasks.md", .text = std::move(text)}, "",
                                   UnitRule::Auto)) {
    again();
  }

  /// After the items of the file were changed.
  void again() {
    file.units = tasks::make_units(file.read.reading, UnitRule::Auto);
    plan = make_plan(file.list().tasks);
  }

  tasks::Item& item(std::size_t place) { return file.read.reading.items[place]; }

  std::string text() const { return ui::plan_text(plan, view, file); }

  nlohmann::json json() const { return nlohmann::json::parse(ui::plan_json(plan, view, file)); }
};

void says(const std::string& text, std::string_view part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
}

void never_says(const std::string& text, std::string_view part) {
  INFO(text);
  CHECK(text.find(part) == std::string::npos);
}

}  // namespace

TEST_CASE("of a plan for some tasks only these are shown, and why they do not start") {
  Planned planned("- [ ] T1: Read\n- [ ] T2: Write\n  Depends: T1\n- [ ] T3: Print\n");
  planned.view.only = {{"T1"}};
  never_says(planned.text(), "T2");
  says(planned.text(), "1 to do, 0 done; at most 1 at once");
  planned.view.only = {{"T2"}, {"T3"}};
  never_says(planned.text(), "  T1");
  says(planned.text(), "T2       Write  [needs T1, which is left out by --only]");
  const nlohmann::json json = planned.json();
  REQUIRE(json["units"].size() == 2);
  CHECK(json["units"][0]["id"] == "T2");
  CHECK(json["tasks"].size() == 2);
  CHECK(json["not_ready"].size() == 1);
  never_says(ui::plan_dot(planned.plan, planned.view), "Read");
}

TEST_CASE("what waits for a withheld task is not counted as to be done") {
  Planned planned("- [~] T1: Read\n- [ ] T2: Write\n  Depends: T1\n- [ ] T3: Print\n");
  says(planned.text(), "not started unless asked for with --only:\n  T1");
  says(planned.text(), "needs T1, which is deferred (line 1)");
  says(planned.text(), "1 to do, 0 done");
}

TEST_CASE("what is for a person and what may be done have groups of their own") {
  Planned planned(
      "- [ ] T1: Deploy\n- [ ] T2: Announce\n  Depends: T1\n- [ ] T3: Read\n- [ ] T4: Print\n");
  planned.item(0).human = true;
  planned.item(2).doubt = "line 9 says that it is done";
  planned.again();
  const std::string text = planned.text();
  says(text, "for a person:\n  T1       Deploy  [for a person (line 1)]\n");
  says(text, "  T3       Read  [line 9 says that it is done]\n");
  says(text, "needs T1, which is for a person (line 1)");
  says(text, "1 to do, 0 done");
  const nlohmann::json json = planned.json();
  CHECK(json["units"][0]["human"] == true);
  CHECK(json["tasks"][0]["human"] == true);
  CHECK(json["units"][1]["human"] == false);
  CHECK(json["units"][2]["doubt"] == "line 9 says that it is done");
  CHECK(json["units"][3]["doubt"].is_null());
  planned.view.only = {{"T3"}};
  says(planned.text(), "1 to do, 0 done");
}

TEST_CASE("a file that several tasks touch is one line, whatever the number of pairs") {
  Planned planned(
      "- [ ] T1: a\n  Files: a.c\n- [ ] T2: b\n  Files: a.c\n- [ ] T5: c\n  Files: a.c, b.c\n"
      "- [ ] T6: d\n  Files: b.c\n");
  says(planned.text(), "a.c: T1, T2, T5 touch it and run one after the other\n");
  says(planned.text(), "b.c: T5, T6 touch it and run one after the other\n");
  CHECK(planned.json()["conflicts"].size() == 4);
  planned.view.on_overlap = OnOverlap::Continue;
  says(planned.text(), "a.c: T1, T2, T5 touch it and may run at the same time\n");
  planned.view.on_overlap = OnOverlap::Cancel;
  says(planned.text(), "a.c: T1, T2, T5 touch it, and so nothing would be started\n");
}

TEST_CASE("what is outside of the tasks is counted") {
  Planned planned("- [ ] T1: a\n");
  never_says(planned.text(), "outside");
  planned.file.read.reading.outside = {.boxes = 15, .bullets = 0, .numbered = 3, .work = 2};
  says(planned.text(), "15 boxes and 3 numbered items are outside the tasks; -v names them\n");
  CHECK(planned.json()["outside"]["boxes"] == 15);
  CHECK(ui::is_mostly_unread(planned.file.read.reading));
  planned.file.read.reading.outside = {.boxes = 1};
  says(planned.text(), "1 box is outside the tasks; -v names it\n");
  CHECK_FALSE(ui::is_mostly_unread(planned.file.read.reading));
}

TEST_CASE("other units are offered where they differ") {
  Planned planned("- [ ] T1: a\n- [ ] T2: b\n");
  planned.view.unit_counts = {{UnitRule::Task, 2}, {UnitRule::Group, 2}, {UnitRule::Phase, 2}};
  never_says(planned.text(), "--unit");
  planned.view.unit_counts = {{UnitRule::Task, 62}, {UnitRule::Group, 2}, {UnitRule::Phase, 4}};
  says(planned.text(), "2 units; --unit task gives 62, --unit phase 4\n");
  planned.view.unit_counts = {{UnitRule::Task, 2}, {UnitRule::Group, 1}, {UnitRule::Phase, 1}};
  never_says(planned.text(), "--unit");
}

TEST_CASE("a plan says how wide it would be by the stated order") {
  Planned planned("- [ ] T1: a\n- [ ] T2: b\n");
  planned.item(1).after = {{"T1", "line 2 says so"}};
  planned.again();
  planned.view.stated = make_plan(
      tasks::make_units(planned.file.read.reading, UnitRule::Auto, OrderRule::Stated).specs());
  says(planned.text(), "at most 1 at once; 2 with --order stated;");
}

TEST_CASE("nothing is said twice") {
  Planned planned("- [ ] T1: a\n  Depends: T2\n- [ ] T2: b\n  Depends: T1\n");
  planned.view.problems = planned.file.list().problems;
  std::size_t cycles = 0;
  for (const Problem& problem : ui::problems_of(planned.plan, planned.view))
    if (problem.message.starts_with("these tasks wait for each other")) ++cycles;
  CHECK(cycles == 1);
  planned.view.problems.push_back(planned.view.problems.front());
  CHECK(ui::problems_of(planned.plan, planned.view).size() == planned.view.problems.size() - 1);
}
