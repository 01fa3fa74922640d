#include "ui/lines.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "ui/plan_text.hpp"
#include "ui/rescues.hpp"
#include "ui/status.hpp"

using namespace orch;

namespace {

TaskRecord task(const std::string& id, TaskState state) {
  TaskRecord made;
  made.plan.spec.id = TaskId{id};
  made.state = state;
  return made;
}

State example() {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.base = "main";
  state.tasks = std::vector{task("T1", TaskState::Merged), task("T2", TaskState::Running),
                            task("T3", TaskState::Blocked)};
  state.tasks[2].why = quoted("conflicts\nin \x1b[31ma.c");
  return state;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the status segment counts what there is and leaves out what there is not") {
  CHECK(ui::status_segment(example()) == "1/3 merged, 1 running, 1 blocked");
}

TEST_CASE("a reason that does not fit in its row stands below it, whole") {
  State state = example();
  state.tasks[2].plan.spec.title = "Add a parser";
  const std::string why =
      "conflicts with main in a.c: merge main in its worktree, commit and "
      "`tmux-orch merge T3`; or `tmux-orch retry T3` from the new tip; or `tmux-orch abort T3`";
  state.tasks[2].why = {.kind = ReasonKind::Conflicts, .text = "main", .names = {"a.c"}};
  ui::RunView view;
  view.columns = 60;
  const std::string text = ui::status_text(state, view);
  CHECK(contains(text, "blocked      Add a parser\n    " + why + "\n"));
  state.tasks[2].why = quoted("conflicts");
  CHECK(contains(ui::status_text(state, view), "blocked      conflicts\n"));
}

TEST_CASE("a task that is held shows as held only where it stands still") {
  State state = example();
  state.tasks[1].held = true;
  CHECK(shown_state(state.tasks[1]) == "running");
  state.tasks[1].state = TaskState::Queued;
  CHECK(shown_state(state.tasks[1]) == "held");
}

TEST_CASE("no line for people carries bytes that move their terminal") {
  const State state = example();
  const ui::RunView view{.run = "r1"};
  for (const std::string& text :
       {ui::progress_text(state), ui::status_text(state, view), ui::summary_text(state, view),
        ui::event_line(Fact{FactKind::TaskNotified, TaskId{"T\x1b]0;x\x07"}, quoted("a\nb\x1b[2J")},
                       0)}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
  }
}

TEST_CASE("status as JSON names who is needed, and no supervisor when there is none") {
  const std::string json = ui::status_json(example(), ui::RunView{.run = "r1"});
  CHECK(contains(json, "\"needs_user\": [\n    \"T3\"\n  ]"));
  CHECK_FALSE(contains(json, "supervisor_pid"));
  CHECK(contains(ui::status_json(example(), ui::RunView{.run = "r1", .supervisor_pid = 7}),
                 "\"supervisor_pid\": 7"));
}

TEST_CASE("the report counts each task once") {
  State state = example();
  state.tasks.push_back(task("T4", TaskState::Failed));
  state.tasks.push_back(task("T5", TaskState::Unreachable));
  const std::string json = ui::report_json(state, ui::RunView{.run = "r1"});
  CHECK(contains(json, "\"totalTasks\": 5"));
  CHECK(contains(json, "\"successful\": 1"));
  CHECK(contains(json, "\"failed\": 1"));
  CHECK(contains(json, "\"unreachable\": 1"));
  CHECK(contains(json, "\"open\": 2"));
}

TEST_CASE("what an agent delegated is delivered to it, and none of the tasks that are merged") {
  State state = example();
  TaskRecord part = task("T2-1", TaskState::Merged);
  part.plan.spec.made_by = "T2";
  part.plan.spec.delegated_at = CommitId{"tip"};
  state.tasks.push_back(part);
  part.state = TaskState::Running;
  part.plan.spec.id = TaskId{"T2-2"};
  state.tasks.push_back(part);
  CHECK(ui::status_segment(state) == "1/3 merged, 1 delivered, 2 running, 1 blocked");
  CHECK(contains(ui::progress_text(state), "* T2-1         delivered"));
  const ui::RunView view{.run = "r1"};
  CHECK(contains(ui::summary_text(state, view),
                 "1 of 3 tasks merged onto main in 0s\n"
                 "1 of 2 delegated by agents delivered to them\n"));
  const std::string json = ui::report_json(state, view);
  CHECK(contains(json, "\"totalTasks\": 3"));
  CHECK(contains(json, "\"successful\": 1"));
  CHECK(contains(json, "\"delegated\": 2"));
  CHECK(contains(json, "\"delivered\": 1"));
}

TEST_CASE("status shows who has locked what, and how the user takes it away") {
  State state = example();
  for (const char* path : {"a.c", "b.c", "c.c", "d.c", "e.c", "f.c", "g.c"})
    state.run.locks.push_back({.path = path, .task = TaskId{"T2"}});
  state.run.locks.push_back({.path = "src/x\x1b[31m.c", .task = TaskId{"T3"}});
  const std::string text = ui::status_text(state, ui::RunView{.run = "r1"});
  CHECK(contains(text,
                 "locked by T2: a.c, b.c, c.c, d.c, e.c and 2 more; `tmux-orch unlock T2` takes "
                 "that away\n"));
  CHECK(contains(text, "locked by T3: src/x"));
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("a plan's picture quotes what its tasks are called") {
  TaskSpec first;
  first.id = TaskId{"T1"};
  first.title = "say \"hi\" \\ ]; evil";
  TaskSpec second;
  second.id = TaskId{"T2"};
  second.depends = {first.id};
  const std::string dot = ui::plan_dot(make_plan({first, second}), {});
  CHECK(contains(dot, "\"T1: say \\\"hi\\\" \\\\ ]; evil\""));
  CHECK(contains(dot, "\"T1\" -> \"T2\";"));
}

TEST_CASE("a problem is shown with file, line, column and hint") {
  const Problem problem{Severity::Error, 3, 7, "unknown task 'T9'", "did you mean T8?"};
  CHECK(ui::problem_text("tasks.md", problem) ==
        "tasks.md:3:7: error: unknown task 'T9'\n  did you mean T8?");
}

namespace {

const std::vector<std::string> kIds = {"T1", "\u6771\u4eac-1", "\U0001F680-2", "Gr\u00f6\u00dfe",
                                       "e\u0301clair"};

/// The column in which `word` begins, on each line that has it.
std::vector<std::size_t> columns_of(const std::string& text, std::string_view word) {
  std::vector<std::size_t> columns;
  for (const std::string_view line : split_lines(text)) {
    const std::size_t at = line.find(word);
    if (at != line.npos) columns.push_back(display_width(line.substr(0, at)));
  }
  return columns;
}

void check_lined_up(const std::string& text, std::string_view word) {
  INFO(text);
  const std::vector<std::size_t> columns = columns_of(text, word);
  REQUIRE(columns.size() == kIds.size());
  CHECK(columns == std::vector<std::size_t>(kIds.size(), columns.front()));
}

}  // namespace

TEST_CASE("every table lines up whatever script ids and titles are in") {
  State state;
  Plan plan;
  std::vector<ui::Saved> saved;
  for (const std::string& id : kIds) {
    TaskRecord record = task(id, TaskState::Running);
    record.plan.spec.title = "after it \u6771\u4eac";
    plan.tasks.emplace_back(record.plan).group = 1;
    state.tasks.push_back(record);
    saved.push_back({.name = id, .in_trash = false, .why = "after it"});
  }
  check_lined_up(ui::status_text(state, {.run = "r", .columns = 80}), "after it");
  check_lined_up(ui::plan_text(plan, {.file = "f", .workers = 1}, {}), "after it");
  check_lined_up(ui::rescues_text(saved), "commits and files");
}

TEST_CASE("a title is cut to the columns that are left, not to as many characters") {
  TaskRecord record = task("T1", TaskState::Running);
  for (int i = 0; i < 60; ++i)
    record.plan.spec.title += "\u4eac";
  State state;
  state.tasks.push_back(record);
  const std::string text = ui::status_text(state, {.run = "r", .columns = 60});
  for (const std::string_view line : split_lines(text))
    CHECK(display_width(line) <= 60);
  CHECK(contains(text, "\u4eac\u2026"));
}
