#include "dashboard/keys.hpp"

#include "catch.hpp"
#include "dashboard/request.hpp"
#include "example.hpp"

using namespace orch;
using namespace orch::dashboard;

namespace {

constexpr Size kSize{80, 24};

/// A user at a board.
struct User {
  explicit User(Board shown_board) : board(std::move(shown_board)) {
    view = settled(view, board, {}, kSize);
  }

  /// The request that it leads to, if any.
  std::optional<Request> press(const Key& key) {
    Pressed pressed = dashboard::press(board, view, shown(board, view, kSize), key);
    view = settled(std::move(pressed.view), board, {}, kSize);
    left = left || pressed.leaves;
    return pressed.request;
  }

  std::optional<Request> type(const std::string& text) {
    std::optional<Request> last;
    for (const char c : text)
      last = press({.text = std::string(1, c)});
    return last;
  }

  Board board;
  View view;
  bool left = false;
};

User user_at_example() {
  return User(board_of(example_state(), example_sight()));
}

}  // namespace

TEST_CASE("keys and the mouse select tasks") {
  User user = user_at_example();
  CHECK(user.view.selected == TaskId{"T1"});
  user.press({KeyKind::Down});
  CHECK(user.view.selected == TaskId{"T2"});
  user.type("k");
  CHECK(user.view.selected == TaskId{"T1"});
  user.press({KeyKind::End});
  CHECK(user.view.selected == TaskId{"T6"});
  user.press({KeyKind::Down});
  CHECK(user.view.selected == TaskId{"T6"});
  const Frame frame = shown(user.board, user.view, kSize);
  const auto row = std::ranges::find(frame.tasks, TaskId{"T4"}) - frame.tasks.begin();
  user.press({KeyKind::Click, "", static_cast<std::size_t>(row)});
  CHECK(user.view.selected == TaskId{"T4"});
  user.press({KeyKind::Click, "", 0});
  CHECK(user.view.selected == TaskId{"T4"});
}

TEST_CASE("the wheel scrolls, and takes the selection along only at the edge") {
  User user(large_board(1000));
  user.type("jjjjj");
  user.press({KeyKind::WheelDown});
  CHECK(user.view.top == 3);
  CHECK(user.view.selected == TaskId{"T5"});
  user.press({KeyKind::WheelDown});
  CHECK(user.view.top == 6);
  CHECK(user.view.selected == TaskId{"T6"});
  user.press({KeyKind::WheelUp});
  user.press({KeyKind::WheelUp});
  user.press({KeyKind::WheelUp});
  CHECK(user.view.top == 0);
}

TEST_CASE("u goes through the tasks that need the user") {
  User user = user_at_example();
  user.type("u");
  CHECK(user.view.selected == TaskId{"T2"});
  user.type("u");
  CHECK(user.view.selected == TaskId{"T5"});
  user.type("u");
  CHECK(user.view.selected == TaskId{"T2"});
}

TEST_CASE("abort asks once, and only y carries it out") {
  User user = user_at_example();
  user.type("jj");
  CHECK_FALSE(user.type("a"));
  CHECK(user.view.mode == Mode::Confirm);
  const std::string text = text_of(shown(user.board, user.view, kSize));
  CHECK(text.find("abort T3 (読み込みを速くする 🚀)? its work is saved") != text.npos);
  CHECK_FALSE(user.type("n"));
  CHECK(user.view.mode == Mode::List);
  CHECK_FALSE(user.type("a"));
  CHECK(user.type("y") == Request{Ask::Abort, TaskId{"T3"}});
  CHECK(words_of({Ask::Abort, TaskId{"T3"}}) == std::vector<std::string>{"abort", "T3"});
}

TEST_CASE("y and n answer the question that is marked, by its id") {
  User user = user_at_example();
  user.type("jj");
  const std::optional<Request> yes = user.type("y");
  REQUIRE(yes);
  CHECK(*yes == Request{Ask::Yes, TaskId{"T2"}, "q17"});
  CHECK(words_of(*yes) == std::vector<std::string>{"approve", "--question", "q17", "T2"});
  CHECK(user.type("n") == Request{Ask::No, TaskId{"T2"}, "q17"});
}

TEST_CASE("with nobody asking y does nothing and says so") {
  User user(large_board(3));
  CHECK_FALSE(user.type("y"));
  CHECK(user.view.message == "no agent asks anything that can be answered here");
}

TEST_CASE("a text is sent when it is ended with enter, and not when it is left") {
  User user = user_at_example();
  user.type("jj");
  CHECK_FALSE(user.type("s"));
  user.type("use q, y and a");
  user.press({KeyKind::Backspace});
  CHECK(user.press({KeyKind::Enter}) == Request{Ask::Send, TaskId{"T3"}, "use q, y and "});
  user.type("sno");
  CHECK_FALSE(user.press({KeyKind::Escape}));
  CHECK(user.view.mode == Mode::List);
  user.type("s ");
  CHECK_FALSE(user.press({KeyKind::Enter}));
}

TEST_CASE("backspace takes a whole character") {
  User user = user_at_example();
  user.type("/");
  user.press({.text = "読"});
  CHECK(user.view.filter == "読");
  user.press({KeyKind::Backspace});
  CHECK(user.view.filter.empty());
}

TEST_CASE("a filter lists what has it in id, title, state or kind, in any case") {
  User user = user_at_example();
  const auto count = [&] { return listed(user.board, user.view).size(); };
  user.type("/MANUAL");
  CHECK(count() == 1);
  CHECK(user.view.selected == TaskId{"T4"});
  user.press({KeyKind::Clear});
  user.type("claude");
  CHECK(count() == 2);
  user.press({KeyKind::Enter});
  CHECK(user.view.mode == Mode::List);
  user.press({KeyKind::Escape});
  CHECK(count() == 6);
  user.type("/nothing like it");
  CHECK(count() == 0);
  user.press({KeyKind::Enter});
  CHECK_FALSE(user.type("a"));
}

TEST_CASE("o changes the order and keeps the selected task") {
  User user = user_at_example();
  user.press({KeyKind::End});
  user.type("o");
  CHECK(user.board.task(listed(user.board, user.view).front()).id() == TaskId{"T2"});
  CHECK(user.board.task(listed(user.board, user.view).back()).id() == TaskId{"T1"});
  CHECK(user.view.selected == TaskId{"T6"});
  user.type("ooo");
  CHECK(user.board.task(listed(user.board, user.view).front()).id() == TaskId{"T1"});
}

TEST_CASE("ids are sorted as people sort names") {
  State state = example_state();
  for (const char* id : {"T249", "T25", "T250"})
    add_task(state, id, "one more", TaskState::Waiting);
  User user(board_of(std::move(state), example_sight()));
  user.view.order = Order::Id;
  std::vector<std::string> last;
  for (const std::size_t place : listed(user.board, user.view))
    last.push_back(user.board.task(place).id().value);
  last.erase(last.begin(), last.end() - 3);
  CHECK(last == std::vector<std::string>{"T25", "T249", "T250"});
}

TEST_CASE("what cannot be done now says why") {
  User user = user_at_example();
  const auto says = [&](const std::string& key) {
    CHECK_FALSE(user.type(key));
    return user.view.message;
  };
  CHECK(says("a") == "T1 is merged already; `tmux-orch undo T1` takes it back");
  CHECK(says("m") == "T1 is merged already");
  CHECK(says("r") == "T1 is merged already");
  CHECK(says("h") == "T1 is merged already");
  CHECK(says("H") == "T1 is merged and not held");
  CHECK(says("s").empty());
  CHECK(text_of(shown(user.board, user.view, kSize))
            .ends_with("T1 has no agent that could be told anything (escape)\n"));
  user.press({KeyKind::Escape});
  CHECK_FALSE(user.press({KeyKind::Enter}));
  CHECK(user.view.message == "T1 has no window");
  user.press({KeyKind::End});
  CHECK(says("l") == "T6 has had no agent yet");
  CHECK(says("d") == "T6 has changed nothing yet");
  CHECK(says("m") == "T6 is waiting: there is nothing to merge yet");
  user.type("kkk");
  CHECK(says("m") == "T3 is running: its agent is at work");
}

TEST_CASE("an id that would be an option is never given to a verb") {
  State state = example_state();
  add_agent(state, add_task(state, "--all", "a task", TaskState::Running), Activity::Busy);
  User user(board_of(std::move(state), example_sight()));
  user.press({KeyKind::End});
  CHECK(user.view.selected == TaskId{"--all"});
  for (const char* key : {"a", "m", "r", "h", "H", "l", "d"}) {
    CHECK_FALSE(user.type(key));
    CHECK(user.view.mode == Mode::List);
  }
}

TEST_CASE("a text that nobody takes is no keys") {
  User user = user_at_example();
  user.press({KeyKind::End});
  REQUIRE_FALSE(
      why_not(*user.board.state, *user.board.state->find(user.view.selected), Ask::Send).empty());
  CHECK_FALSE(user.type("sarm"));
  CHECK(user.view.input.empty());
  CHECK_FALSE(user.press({KeyKind::Enter}));
  CHECK(user.view.mode == Mode::List);
}

TEST_CASE("nothing is done to a task that the list does not show") {
  User user = user_at_example();
  user.type("/zzz");
  user.press({KeyKind::Enter});
  for (const char* key : {"a", "m", "r", "h", "H", "s", "l", "d"}) {
    CHECK_FALSE(user.type(key));
    CHECK(user.view.mode == Mode::List);
    CHECK(user.view.message == "no task is selected");
  }
}

TEST_CASE("what can be done is asked for") {
  User user = user_at_example();
  user.type("j");
  const TaskId id{"T2"};
  CHECK(user.press({KeyKind::Enter}) == Request{Ask::Go, id});
  CHECK(user.type("l") == Request{Ask::Logs, id});
  CHECK(user.type("d") == Request{Ask::Diff, id});
  // It ends what an agent is at.
  CHECK_FALSE(user.type("r"));
  CHECK(user.type("y") == Request{Ask::Retry, id});
  CHECK(user.type("h") == Request{Ask::Hold, id});
  CHECK(user.type("m") == Request{Ask::Merge, id});  // its agent waits for the user
  user.type("jjj");
  CHECK(user.type("H") == Request{Ask::Release, TaskId{"T5"}});
}

TEST_CASE("pages are scrolled and left") {
  User user = user_at_example();
  user.type("?");
  CHECK(user.view.mode == Mode::Page);
  user.type("q");
  CHECK(user.view.mode == Mode::List);
  for (int number = 0; number < 100; ++number)
    user.board.sight.events.push_back("05:13:36 event " + std::to_string(number));
  user.type("e");
  CHECK(text_of(shown(user.board, user.view, kSize)).find("event 99") != std::string::npos);
  user.press({KeyKind::Home});
  CHECK(text_of(shown(user.board, user.view, kSize)).find("run.started") != std::string::npos);
  user.press({KeyKind::PageDown});
  user.press({KeyKind::Up});
  CHECK(user.view.page.top == kSize.rows - 3);
  user.press({KeyKind::Escape});
  CHECK(user.view.mode == Mode::List);
}

TEST_CASE("q and Ctrl-C leave, but not the window that the run stands on") {
  User user = user_at_example();
  user.type("q");
  CHECK(user.left);
  User home = user_at_example();
  home.view.is_home = true;
  home.type("q");
  home.press({KeyKind::Interrupt});
  CHECK_FALSE(home.left);
  CHECK(home.view.message.find("the menu leaves") != std::string::npos);
}
