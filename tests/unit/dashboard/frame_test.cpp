#include "dashboard/frame.hpp"

#include "catch.hpp"
#include "example.hpp"
#include "orch/base/unicode.hpp"

using namespace orch;
using namespace orch::dashboard;

namespace {

// clang-format off
constexpr std::string_view k40 = R"(
20261121-051334-6456 on main      2m 40s
##.......... 1/6 merged, 2 running, 1 q…
! T2 (y/n) asks: Do you want to run `ma…
! T5 blocked: I need the key of the ser…
  task  state
* T1    merged       parse the configur…
! T2    running      --config option
> T3    running      conflicts T4; comp…
~ T4    queued       queue 1
! T5    blocked      I need the key of …
. T6    waiting      celebrate
-- events ------------------------------
05:13:35 T1 merged
05:13:36 T5 blocked: I need the key of
         the server
y yes  n no  enter go  l logs  ? help
)";

constexpr std::string_view k80 = R"(
20261121-051334-6456 on main                                              2m 40s
##.......... 1/6 merged, 2 running, 1 queued, 1 blocked, 1 waiting, you are nee…
! T2 (y/n) asks: Do you want to run `make install`?
! T5 blocked: I need the key of the server
  task  state        agent     done  time
* T1    merged                       3m 00s   parse the configuration
! T2    running      asking          1m 40s   --config option
> T3    running      busy      45%   1m 40s   conflicts T4; compiling 読み込み.c
~ T4    queued                                queue 1
! T5    blocked                               I need the key of the server
. T6    waiting                               celebrate
-- events ----------------------------------------------------------------------
05:13:34 run.started 6 tasks on main
05:13:35 T1 merged
05:13:36 T5 blocked: I need the key of the server








y yes  n no  enter go  l logs  d diff  s send  a abort  m merge  r retry  ? help
)";

constexpr std::string_view k200 = R"(
20261121-051334-6456 on main                                                                                                                                                                      2m 40s
##.......... 1/6 merged, 2 running, 1 queued, 1 blocked, 1 waiting, you are needed: T2
! T2 (y/n) asks: Do you want to run `make install`?
! T5 blocked: I need the key of the server
  task  state        worker    agent     progress          time     title
* T1    merged                                             3m 00s   parse the configuration
! T2    running      1 claude  asking                      1m 40s   --config option
> T3    running      2 claude  busy      ####......  45%   1m 40s   読み込みを速くする 🚀                                 conflicts T4; compiling 読み込み.c
~ T4    queued                                                      write the manual                                      queue 1
! T5    blocked                                                     ship it                                               I need the key of the server
. T6    waiting                                                     celebrate
-- events ----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
05:13:34 run.started 6 tasks on main
05:13:35 T1 merged
05:13:36 T5 blocked: I need the key of the server




y yes  n no  enter go  l logs  d diff  s send  a abort  m merge  r retry  h hold  H release  u next  / filter  o order  tab pane  e events  ? help
)";

// clang-format on

std::string example_at(Size size) {
  const Board board = board_of(example_state(), example_sight());
  View view;
  view.selected = TaskId{"T3"};
  return "\n" + text_of(shown(board, view, size, example_moment()));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the dashboard shows the same run at 40, 80 and 200 columns") {
  CHECK(example_at({40, 16}) == k40);
  CHECK(example_at({80, 24}) == k80);
  CHECK(example_at({200, 20}) == k200);
}

TEST_CASE("a frame has as many lines as the terminal has rows, and none is too wide") {
  const Board board = board_of(example_state(), example_sight());
  for (const Mode mode : {Mode::List, Mode::Page, Mode::Filter, Mode::Message, Mode::Confirm}) {
    for (std::size_t columns = 1; columns <= 300; columns += 7) {
      for (const std::size_t rows : {1, 2, 9, 10, 13, 24, 60}) {
        View view;
        view.mode = mode;
        view.input = "読み込みを速くする and more";
        view.page = {.title = "events", .is_live = true};
        view.asked.task = TaskId{"T3"};
        const Size size{columns, rows};
        const Frame frame = shown(board, view, size, example_moment());
        REQUIRE(frame.lines.size() == rows);
        REQUIRE(frame.tasks.size() == rows);
        for (const Line& line : frame.lines)
          REQUIRE(width_of(line) <= std::max<std::size_t>(2, columns));
      }
    }
  }
}

TEST_CASE("a terminal that is too small says how large it must be") {
  const Board board = board_of(example_state(), example_sight());
  View view;
  CHECK(contains(text_of(shown(board, view, {30, 5})), "at least 40x10 are needed"));
}

TEST_CASE("untrusted texts cannot act on the terminal") {
  State state = example_state();
  const std::string evil = "\x1b[2J\x07\x1b]0;x\x07\xe2\x80\xae";
  add_task(state, "T7" + evil, evil + "title\nmore", TaskState::Blocked).why = quoted(evil);
  TaskRecord& busy = add_task(state, "T8", evil, TaskState::Running);
  add_agent(state, busy, Activity::Asking).turn.evidence = evil;
  Sight sight = example_sight();
  sight.events.push_back("05:13:36 T7 " + evil);
  Moment moment = example_moment();
  moment.last_lines[TaskId{"T8"}] = evil;
  const Board board = board_of(std::move(state), std::move(sight));
  for (const Pane pane : {Pane::Events, Pane::Details}) {
    View view;
    view.pane = pane;
    view.filter = "T";
    view.selected = TaskId{"T8"};
    view.message = evil;
    const std::string text = text_of(shown(board, view, {200, 40}, moment));
    CHECK(contains(text, "^[[2J"));
    for (const char* acts : {"\x1b", "\x07", "\xe2\x80\xae"})
      CHECK_FALSE(contains(text, acts));
  }
}

TEST_CASE("of a thousand tasks the selected one is in the list, wherever it is") {
  const Board board = large_board(1000);
  View view;
  for (const char* id : {"T0", "T500", "T999", "T3"}) {
    view.selected = TaskId{id};
    const Frame frame = shown(board, view, {80, 24});
    CHECK(std::ranges::count(frame.tasks, TaskId{id}) == 1);
    CHECK(frame.list_rows < 24);
  }
}

TEST_CASE("a dead supervisor is told of, and since when") {
  Sight sight = example_sight();
  sight.supervisor_alive = false;
  sight.dead_since = "05:14:02";
  const Board board = board_of(example_state(), sight);
  View view;
  CHECK(contains(text_of(shown(board, view, {120, 24})), "no supervisor is alive since 05:14:02"));
}

TEST_CASE("a run that is over shows its end from the beginning, below its events where they fit") {
  Sight sight = example_sight();
  sight.summary = {"run r: 1 of 6 tasks merged onto main in 3m"};
  View view;
  const std::string text = text_of(shown(board_of(example_state(), sight), view, {80, 24}));
  CHECK(contains(text, "T5 blocked: I need the key of the server\nrun r: 1 of 6 tasks merged"));
  for (int number = 0; number < 40; ++number)
    sight.summary.push_back("  a line of it");
  const std::string cut = text_of(shown(board_of(example_state(), sight), view, {80, 24}));
  CHECK(contains(cut, "-------\nrun r: 1 of 6 tasks merged"));
}

TEST_CASE("the details of the selected task stand under the list") {
  const Board board = board_of(example_state(), example_sight());
  View view;
  view.pane = Pane::Details;
  view.selected = TaskId{"T3"};
  const std::string text = text_of(shown(board, view, {80, 30}, example_moment()));
  CHECK(contains(text, "task       T3 読み込みを速くする"));
  CHECK(contains(text, "worktree   /repo/.worktrees/T3"));
}

TEST_CASE("elapsed times change once a second, and beyond a minute once in ten") {
  CHECK(elapsed_text(Span(42'900)) == "42s");
  CHECK(elapsed_text(Span(59'999)) == "59s");
  CHECK(elapsed_text(Span(69'000)) == "1m 00s");
  CHECK(elapsed_text(Span(79'000)) == "1m 10s");
  CHECK(elapsed_text(Span(3'723'000)) == "1h 02m");
  CHECK(elapsed_text(Span(-5)) == "0s");
}

TEST_CASE("how long is left is said only when enough has landed and something goes on") {
  State state = example_state();
  const Time now = at_ms(120'000);
  CHECK_FALSE(time_left(board_of(state, example_sight()), now));
  for (const char* id : {"M1", "M2"})
    add_task(state, id, "", TaskState::Merged).attempts = 1;
  // Three have landed in two minutes; T3, T4 and T6 go on, and T2 and T5 wait for the user.
  CHECK(time_left(board_of(state, example_sight()), now) == Span(120'000));
  Sight dead = example_sight();
  dead.supervisor_alive = false;
  CHECK_FALSE(time_left(board_of(state, dead), now));
  state.run.phase = RunPhase::Stopped;
  CHECK_FALSE(time_left(board_of(state, example_sight()), now));
}

TEST_CASE("long lines are wrapped at spaces, and wide characters are never cut in two") {
  CHECK(wrapped("one two three", 7, 2) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("one two three four five six", 14, 2) ==
        std::vector<std::string>{"one two three", "  four five", "  six"});
  CHECK(wrapped("読み込み", 3, 0) == std::vector<std::string>{"読", "み", "込", "み"});
  CHECK(wrapped("", 5, 0) == std::vector<std::string>{""});
}
