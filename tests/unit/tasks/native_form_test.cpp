#include "tasks/write/native_form.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "tasks/source/task_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
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

/// Does the native reader know `Ordered after`?
bool reads_order() {
  const TaskFile file = read("- [ ] T1: a\n- [ ] T2: b\n  Ordered after: T1\n", "native");
  const bool known = file.units.units.size() == 2 && !file.units.units[1].spec.after.empty();
  if (!known)
    WARN("SKIPPED: the native reader does not know 'Ordered after', so no order is compared");
  return known;
}

/// The same for `Owner: user`.
bool reads_owner() {
  const TaskFile file = read("- [ ] T1: a\n  Owner: user\n", "native");
  const bool known = file.units.units.size() == 1 && file.units.units[0].spec.human;
  if (!known) WARN("SKIPPED: the native reader does not know 'Owner', so no owner is compared");
  return known;
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
  CHECK(specs[2].depends == std::vector<TaskId>{{"API-2"}});
  // An order that a convention implies does not become something that the file says.
  if (reads_order()) {
    REQUIRE(back.read.reading.items[2].after.size() == 1);
    CHECK(back.read.reading.items[2].after[0].id == "T1");
  }
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

TEST_CASE("a body that could be read as tasks, fields, headings or fences is read back as text") {
  const std::string hostile[] = {
      "- [ ] **Step 1: Look at it**\n- [ ] **Step 2: Commit**",
      "# T9: a heading\nDepends: T2\n\n- [x] T2: b",
      "```\n- [ ] T9: half a fence",
      "```sh\ntrue\n```\n- [ ] T9: c\n~~~~\n```",
      "T9: a title\n===\n\nAnother\n---\n> - [ ] T9: in a quote\n1. [ ] T9: numbered",
      "<!-- swallowed\n| ID | Title |\n|---|---|\n| T9 | row |",
      "~~~~~~text\n- [ ] T9: x\n~~~\n    - [ ] T9: y\n\n\n- - [ ] T9: z",
      "- [~] T9: later\nPriority: P0\nFiles:\n- [ ] a.c",
  };
  for (const std::string& body : hostile) {
    TaskSpec first = task("T1");
    first.body = body;
    const std::string text = native_form({first, task("T2")}, "Plan");
    CAPTURE(text);
    const TaskFile back = read(text, "");
    CHECK(back.read.format == "native");
    const std::vector<TaskSpec> specs = back.units.specs();
    REQUIRE(specs.size() == 2);
    CHECK(specs[0].id.value == "T1");
    CHECK(specs[1].id.value == "T2");
    CHECK(specs[0].depends.empty());
    CHECK(specs[0].files.empty());
    CHECK(specs[0].priority == Priority::P2);
    CHECK_FALSE(make_plan(specs).has_errors());
    for (const std::string_view line : split_lines(body))
      CHECK(specs[0].body.find(trim(line)) != std::string::npos);
  }
}

TEST_CASE("steps of a plan are no tasks of the file that is written of it") {
  const std::string plan =
      "## Task 1: Raise the version\n**Files:**\n- Modify: `a.c`\n\n- [ ] **Step 1: Look at it**\n"
      "- [ ] **Step 2: Commit**\n## Task 2: Test it\n- [ ] **Step 1: Write a test**\n";
  const TaskFile file = read(plan, "");
  REQUIRE(file.units.units.size() == 2);
  const TaskFile back = read(native_form(file.read.reading, file.units, "Plan"), "");
  REQUIRE(back.units.units.size() == 2);
  CHECK(back.units.units[0].spec.title == file.units.units[0].spec.title);
  CHECK(back.units.units[0].spec.files == std::vector<std::string>{"a.c"});
  CHECK(back.units.units[1].spec.title == "Test it");
}

TEST_CASE("a task for a person is written as such") {
  TaskSpec deploy = task("T1");
  deploy.withheld = "for a person (line 3)";
  deploy.human = true;
  const std::string text = native_form({deploy}, "Plan");
  CHECK(text.find("- [ ] T1: title of T1\n  Owner: user\n") != std::string::npos);
  if (reads_owner()) CHECK(read(text, "native").units.units[0].spec.human);
}

namespace {

struct Compared {
  int files = 0;
  int tasks = 0;
};

std::vector<std::string> names_of(const std::vector<TaskSpec>& specs, const TaskSpec& spec) {
  std::vector<std::string> titles;
  for (const TaskId& id : spec.depends) {
    const auto found = std::ranges::find(specs, id, &TaskSpec::id);
    if (found != specs.end()) titles.push_back(std::to_string(found - specs.begin()));
  }
  std::ranges::sort(titles);
  return titles;
}

/// What only comes first by the order of the file.
std::vector<std::string> order_of(const std::vector<TaskSpec>& specs, const TaskSpec& spec) {
  std::vector<std::string> places;
  for (const auto& [id, why] : spec.after) {
    const auto found = std::ranges::find(specs, id, &TaskSpec::id);
    const bool stated = std::ranges::find(spec.depends, id) != spec.depends.end();
    if (found != specs.end() && !stated) places.push_back(std::to_string(found - specs.begin()));
  }
  std::ranges::sort(places);
  return places;
}

/// Reads, writes in the native form, and reads that.
void compare(const std::filesystem::path& path, bool order, bool owner, Compared& compared) {
  const Result<Loaded> loaded = load_source(path);
  if (!loaded) return;
  const TaskFile file = read_task_file(*loaded, "", UnitRule::Auto);
  const auto is_error = [](const Problem& one) { return one.severity == Severity::Error; };
  const std::vector<TaskSpec> first = file.units.specs();
  const Plan plan = make_plan(first);
  if (plan.has_errors() || std::ranges::any_of(file.list().problems, is_error)) return;
  const std::string text = native_form(file.read.reading, file.units, path.filename().string());
  const TaskFile back = read(text, "");
  ++compared.files;
  CAPTURE(path.string());
  CHECK(back.read.format == "native");
  const std::vector<TaskSpec> second = back.units.specs();
  CHECK(second.size() == first.size());
  if (second.size() != first.size()) return;
  const std::vector<PlannedTask>& planned = plan.tasks;
  for (std::size_t i = 0; i < first.size(); ++i) {
    CAPTURE(first[i].id.value, second[i].id.value, first[i].line);
    // A priority in the title is a field in the native form, and a task without title has its id.
    const bool same_title = lower(first[i].title).find("(priority:") == std::string::npos;
    if (same_title && !first[i].title.empty()) CHECK(second[i].title == one_line(first[i].title));
    CHECK(second[i].done == first[i].done);
    CHECK(names_of(second, second[i]) == names_of(first, planned[i].spec));
    if (order) CHECK(order_of(second, second[i]) == order_of(first, planned[i].spec));
    if (owner || !first[i].human) CHECK(second[i].withheld.empty() == first[i].withheld.empty());
    CHECK(second[i].priority == first[i].priority);
    // Where no field names files, the native reader takes those of the title.
    if (!first[i].files.empty()) CHECK(second[i].files == first[i].files);
    CHECK(second[i].script == first[i].script);
    ++compared.tasks;
  }
}

void compare_below(const std::filesystem::path& folder) {
  const bool order = reads_order();
  const bool owner = reads_owner();
  Compared compared;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) compare(entry.path(), order, owner, compared);
  WARN(folder.string() << ": " << compared.files << " files, " << compared.tasks << " tasks");
  CHECK(compared.files > 0);
}

}  // namespace

TEST_CASE("every file of the corpus is the same tasks in the native form") {
  compare_below(std::filesystem::path(ORCH_CORPUS) / "files");
}

TEST_CASE("every real file is the same tasks in the native form", "[.real-files]") {
  const char* folder = std::getenv("ORCH_TASK_FILES");
  if (folder == nullptr) {
    WARN("SKIPPED: ORCH_TASK_FILES is not set");
    return;
  }
  compare_below(folder);
}
