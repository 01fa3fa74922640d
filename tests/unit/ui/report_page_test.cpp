// The report: what is in it, that nothing in it acts, and how large it gets.
#include "ui/report_page.hpp"

#include "catch.hpp"
#include "ui/gate_times.hpp"
#include "ui/markup.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <vector>

#include <nlohmann/json.hpp>

using namespace orch;
using namespace std::chrono_literals;

namespace {

Time at(int seconds) {
  return at_ms(1000LL * seconds);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Every tag of a page is closed in its order, and no sign stands in a text that begins one.
bool is_well_formed(std::string_view page) {
  page.remove_prefix(page.find('\n') + 1);  // <!DOCTYPE html>
  std::vector<std::string> open;
  while (true) {
    const std::size_t begin = page.find('<');
    if (page.substr(0, begin).find('>') != std::string_view::npos) return false;
    if (begin == std::string_view::npos) return open.empty();
    const std::size_t end = page.find('>', begin);
    if (end == std::string_view::npos) return false;
    const std::string_view tag = page.substr(begin + 1, end - begin - 1);
    page.remove_prefix(end + 1);
    if (tag.find('<') != std::string_view::npos) return false;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.emplace_back(tag.substr(0, tag.find_first_of(" \n")));
    }
    // A style has no markup in it: its text goes up to its end.
    if (!open.empty() && open.back() == "style") page.remove_prefix(page.find("</style>"));
  }
}

TaskRecord task(const std::string& id, TaskState state) {
  TaskRecord made;
  made.plan.spec.id = TaskId{id};
  made.plan.spec.title = "the title of " + id;
  made.state = state;
  made.attempts = 1;
  return made;
}

struct Example {
  State state;
  std::vector<PastEvent> past;

  void stage(int seconds, const std::string& id, Stage stage, int worker = 0) {
    past.push_back({.at = at(seconds),
                    .wall_ms = 1'700'000'000'000 + 1000LL * seconds,
                    .stages = {{TaskId{id}, stage, worker}},
                    .facts = {}});
  }

  void fact(int seconds, FactKind kind, const std::string& id, Reason reason = {}) {
    past.push_back({.at = at(seconds),
                    .wall_ms = 1'700'000'000'000 + 1000LL * seconds,
                    .stages = {},
                    .facts = {{kind, TaskId{id}, std::move(reason)}}});
  }

  ui::Timeline timeline() const { return ui::timeline_of(state, past, state.run.ended); }

  std::string page(const ui::ReportView& view = {
                       .run = "r1", .task_file = "tasks.md", .logs = {}}) const {
    return ui::report_page(state, timeline(), view);
  }
};

/// T2 needs T1, and T3 has files of T2's.
Example example() {
  Example made;
  State& state = made.state;
  state.run.rules.base = "main";
  state.run.rules.workers = 2;
  state.run.ended = at(100);
  state.tasks = std::vector{task("T1", TaskState::Merged), task("T2", TaskState::Merged),
                            task("T3", TaskState::Blocked)};
  state.tasks[0].merged = CommitId{"0123456789abcdef"};
  state.tasks[1].needs = {TaskId{"T1"}};
  state.tasks[2].overlaps = {TaskId{"T2"}};
  for (const char* id : {"T1", "T2", "T3"})
    made.stage(0, id, Stage::Waiting);
  made.stage(5, "T1", Stage::Preparing, 1);
  made.stage(6, "T1", Stage::Working, 1);
  made.stage(20, "T1", Stage::Queued);
  made.stage(22, "T1", Stage::Landing);
  made.stage(23, "T1", Stage::Testing);
  made.stage(30, "T1", Stage::Merged);
  made.stage(32, "T2", Stage::Working, 1);
  made.stage(50, "T2", Stage::Merged);
  made.stage(50, "T3", Stage::Working, 2);
  made.stage(70, "T3", Stage::Person);
  return made;
}

}  // namespace

TEST_CASE("what a task waited for is told apart by what the others were at") {
  const Example run = example();
  const ui::Timeline timeline = run.timeline();
  const ui::Waits first = ui::waits_of(run.state, timeline, 0);
  CHECK(first.worker == 5s);
  CHECK(first.queue == 2s);
  CHECK(first.tests == 7s);
  const ui::Waits second = ui::waits_of(run.state, timeline, 1);
  CHECK(second.need == 30s);
  CHECK(second.worker == 2s);
  Example later = run;  // what is done is no need any more
  later.state.tasks[1].needs.clear();
  later.state.tasks[1].plan.spec.depends = {TaskId{"T1"}};
  CHECK(ui::waits_of(later.state, later.timeline(), 1).need == 30s);
  const ui::Waits third = ui::waits_of(run.state, timeline, 2);
  CHECK(third.file == 18s);
  CHECK(third.worker == 32s);
  CHECK(third.person == 30s);
  const std::vector<ui::WaitSum> sums = ui::wait_sums(run.state, timeline);
  REQUIRE(sums.size() == 6);
  CHECK(sums[0].sum == 30s);
  CHECK(sums[0].who == TaskId{"T2"});
}

TEST_CASE("a run that stood still has no task wait for a worker meanwhile") {
  Example run = example();
  run.past.clear();
  run.stage(0, "T1", Stage::Waiting);
  run.fact(10, FactKind::RunStopped, "");
  run.fact(40, FactKind::RunResumed, "");
  run.stage(45, "T1", Stage::Working, 1);
  const ui::Waits waits = ui::waits_of(run.state, run.timeline(), 0);
  CHECK(waits.stopped == 30s);
  CHECK(waits.worker == 15s);
}

TEST_CASE("the tests of the base hold all tasks back") {
  Example run = example();
  run.past.clear();
  run.stage(0, "T1", Stage::Waiting);
  run.fact(8, FactKind::BaseTested, "");
  run.stage(9, "T1", Stage::Working, 1);
  const ui::Waits waits = ui::waits_of(run.state, run.timeline(), 0);
  CHECK(waits.base == 8s);
  CHECK(waits.worker == 1s);
}

TEST_CASE("a conflict is told once, however many facts have it") {
  Example run = example();
  const Reason conflict{.kind = ReasonKind::Conflicting, .text = "main", .names = {"a.c"}};
  run.fact(71, FactKind::TaskReturned, "T3", because_of(ReasonKind::Returned, conflict));
  Reason again = conflict;
  again.kind = ReasonKind::Conflicts;
  run.fact(80, FactKind::TaskBlocked, "T3", again);
  const ui::Timeline timeline = run.timeline();
  REQUIRE(timeline.conflicts.size() == 1);
  CHECK(timeline.conflicts[0].what.names == std::vector<std::string>{"a.c"});
  CHECK(contains(run.page(), "conflicts with main in a.c"));
}

TEST_CASE("tests and gates are told with what they took and how they failed") {
  const Example run = example();
  const GateRun base{.command = "make", .took = 2s};
  const GateRun passes{.task = TaskId{"T1"}, .command = "make", .took = 3s};
  GateRun fails{.task = TaskId{"T1"}, .command = "make", .status = 2, .took = 5s, .log = "g/log"};
  const GateRun scan{.task = TaskId{"T1"}, .gate = "scan", .command = "<scan> | a", .took = 25s};
  GateRun killed = scan;
  killed.end = GateEnd::Signal;
  killed.status = 137;
  const std::vector runs{base, passes, fails, scan, killed};

  const std::vector<ui::GateTime> times = ui::gate_times(run.state, runs);
  REQUIRE(times.size() == 3);
  CHECK(times[1].runs == 2);
  CHECK(times[1].took == 8s);
  CHECK(times[1].failures == 1);
  CHECK(times[1].status == 2);
  CHECK(times[2].failure == "signal 9");

  const ui::ReportView view{.run = "r1", .task_file = "", .logs = {}, .gates = runs};
  const std::string page = run.page(view);
  CHECK(is_well_formed(page));
  CHECK(contains(page, "<dt>tests and gates</dt><dd>1m 00s</dd>"));
  CHECK(contains(page,
                 "<tr><td><code>main</code></td><td><code>make</code></td><td>1</td><td>2.0s</td>"
                 "<td></td></tr>"));
  CHECK(contains(page, "<td>2</td><td>8.0s</td><td>exit 2 <a href=\"g/log\">log</a></td>"));
  CHECK(contains(page, "scan <code>&lt;scan&gt; | a</code>"));
  const std::string text = ui::report_markdown(run.state, run.timeline(), run.past, view);
  CHECK(contains(text, "| T1 | make | 2 | 8.0s | 1 | exit 2 |\n"));

  ui::RunView with;
  with.gates = runs;
  const auto metrics = nlohmann::json::parse(ui::report_json(run.state, with));
  CHECK(metrics["gateTime"] == 60.0);
  CHECK(metrics["baseGates"].size() == 1);
  CHECK(metrics["tasks"][1]["gates"].empty());
  const auto told = metrics["tasks"][0]["gates"];
  CHECK(told[0] == nlohmann::json({{"gate", nullptr},
                                   {"command", "make"},
                                   {"runs", 2},
                                   {"seconds", 8.0},
                                   {"failures", 1},
                                   {"exitStatus", 2},
                                   {"failure", "exit 2"},
                                   {"log", "g/log"}}));
  CHECK(told[1]["exitStatus"] == 137);
  CHECK(contains(ui::summary_text(run.state, with), "tests and gates ran 1m 00s\n"));
}

TEST_CASE("the page has figures, bars, causes and what is left to do") {
  Example run = example();
  run.state.tasks[2].why = {.kind = ReasonKind::Conflicts, .text = "main", .names = {"a.c"}};
  const std::string page =
      run.page({.run = "r1", .task_file = "tasks.md", .logs = {{TaskId{"T1"}, "a%20b/output"}}});
  CHECK(is_well_formed(page));
  CHECK(contains(page, "<dt>merged</dt><dd>2 / 3</dd>"));
  CHECK(contains(page, "<span>worker 2</span>"));
  CHECK(contains(page, "T1 the title of T1\npreparing 1.0s\nworking 14s</title>"));
  CHECK(contains(page, "<td>another task whose work it needs</td><td>30s</td>"));
  CHECK(contains(page, "<code>tmux-orch merge T3</code>"));
  CHECK(contains(page, "<code>0123456789</code>"));
  CHECK(contains(page, "<a href=\"a%20b/output\">log</a>"));
  CHECK_FALSE(contains(page, "<script"));
  CHECK_FALSE(contains(page, "http://www.w3.org/1999/xhtml\" src"));
}

TEST_CASE("a run of an earlier version has a page without bars") {
  Example run = example();
  run.past.clear();
  const std::string page = run.page();
  CHECK(is_well_formed(page));
  CHECK(contains(page, "were not stored"));
}

TEST_CASE("no text of tasks and agents acts in a page") {
  const std::string hostile = "<script>alert(1)</script>\"'><img src=x onerror=y>&amp;\x1b[31m" +
                              std::string("\x00\x07", 2) + "\xff\xef\xbf\xbf]]>" +
                              std::string(10'000, '<');
  Example run = example();
  run.state.run.rules.base = hostile;
  run.state.run.behind_command = hostile;
  run.state.run.behind_why = quoted(hostile);
  for (TaskRecord& one : run.state.tasks) {
    one.plan.spec.title = hostile;
    one.why = quoted("`" + hostile);
    one.rescues = {hostile};
  }
  run.fact(71, FactKind::TaskReturned, "T3",
           {.kind = ReasonKind::Conflicting, .text = hostile, .names = {hostile}});
  const std::string page = run.page(
      {.run = hostile, .task_file = hostile, .logs = {{TaskId{"T1"}, ui::url_path(hostile)}}});
  CHECK(is_well_formed(page));
  CHECK_FALSE(contains(page, "<script"));
  CHECK_FALSE(contains(page, "<img"));
  CHECK(page.find_first_of(std::string("\x00\x07\x1b", 3)) == std::string::npos);
  CHECK_FALSE(contains(page, "\xef\xbf\xbf"));
  CHECK(page.size() < 100'000);

  const std::string text = ui::report_markdown(run.state, run.timeline(), run.past,
                                               {.run = hostile, .task_file = hostile, .logs = {}});
  CHECK_FALSE(contains(text, "<script"));
  CHECK_FALSE(contains(text, "<img"));
  CHECK(text.find_first_of(std::string("\x00\x07\x1b", 3)) == std::string::npos);
}

TEST_CASE("Markdown says what happened, and nothing in it is markup of others") {
  CHECK(ui::markdown_text("a *b* [c](d) | `e` <f>") == "a \\*b\\* \\[c\\](d) \\| \\`e\\` &lt;f\\>");
  CHECK(ui::markdown_sentence("run `a_b *c*` or d_e") == "run `a_b *c*` or d\\_e");
  Example run = example();
  run.fact(80, FactKind::TaskBlocked, "T3", quoted("needs *you*"));
  const std::string text = ui::report_markdown(run.state, run.timeline(), run.past,
                                               {.run = "r1", .task_file = "tasks.md", .logs = {}});
  CHECK(contains(text, "2 of 3 tasks merged onto main, from tasks.md"));
  CHECK(contains(text, "- **T3** blocked"));
  CHECK(contains(text, "- 1m 20s **T3** task.blocked: needs \\*you\\*\n"));
  CHECK(contains(text, "| another task whose work it needs | 30s | 1 | 30s, T2 |"));
}

TEST_CASE("paths in URLs keep nothing that means something there") {
  CHECK(ui::url_path("/a b/ü?#%\"<.log") == "/a%20b/%C3%BC%3F%23%25%22%3C.log");
}

TEST_CASE("a thousand tasks stay below a megabyte, and take a moment") {
  constexpr int kTasks = 1000;
  constexpr int kWorkers = 8;
  Example run;
  run.state.run.rules.workers = kWorkers;
  run.state.run.ended = at(kTasks * 10);
  std::vector<TaskRecord> tasks;
  ui::ReportView view{.run = "r1", .task_file = "tasks.md", .logs = {}};
  for (int i = 0; i < kTasks; ++i) {
    const std::string id = fmt::format("T{}", i);
    tasks.push_back(task(id, TaskState::Merged));
    tasks.back().plan.spec.title = "Write the part with number " + id + " of the program, whole";
    tasks.back().merged = CommitId{"0123456789abcdef0123456789abcdef01234567"};
    tasks.back().worked = 70s;
    if (i > 0) tasks.back().needs = {TaskId{fmt::format("T{}", i - 1)}};
    view.logs[TaskId{id}] = fmt::format("attempts/{}.1/output", id);
  }
  run.state.tasks = std::move(tasks);
  for (int i = 0; i < kTasks; ++i) {
    const std::string id = fmt::format("T{}", i);
    const int begin = i * 10;
    run.stage(0, id, Stage::Waiting);
    run.stage(begin, id, Stage::Preparing, 1 + i % kWorkers);
    run.stage(begin + 1, id, Stage::Working, 1 + i % kWorkers);
    run.stage(begin + 71, id, Stage::Checking);
    run.stage(begin + 72, id, Stage::Queued);
    run.stage(begin + 74, id, Stage::Landing);
    run.stage(begin + 75, id, Stage::Testing);
    run.stage(begin + 80, id, Stage::Merged);
  }
  std::ranges::stable_sort(run.past, {}, &PastEvent::at);
  const auto begin = std::chrono::steady_clock::now();
  const std::string page = run.page(view);
  const auto took = std::chrono::steady_clock::now() - begin;
  CHECK(is_well_formed(page));
  CHECK(page.size() < 1'000'000);
  CHECK(took < 2s);  // as a rule a few hundredths; machines of tests are slow at times
}
