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
    file.units = tasks::make_units(file.read.reading, file.read.format, UnitRule::Auto);
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
