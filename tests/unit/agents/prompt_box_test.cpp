// Where an agent's user writes.
#include "agents/screen/prompt_box.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using namespace orch;

namespace {

using Rows = std::vector<std::string>;

Rows box(Rows rows) {
  return prompt_box({.rows = std::move(rows)}).value_or(Rows{"none"});
}

const std::string kLine = "────────────────────";

}  // namespace

TEST_CASE("a box between two lines") {
  CHECK(box({"● a text", kLine, "❯ a draft", kLine, "  mode on (shift+tab)"}) == Rows{"a draft"});
  CHECK(box({"a text", kLine, "one", "two", kLine, "/folder (branch)", "↑9k ↓1"}) ==
        Rows{"one", "two"});
  CHECK(box({"▄▄▄▄▄▄▄▄▄▄", " *   Type here", "▀▀▀▀▀▀▀▀▀▀", " workspace"}) == Rows{"*   Type here"});
  CHECK(box({"╭──────────╮", "│ > abc    │", "╰──────────╯"}) == Rows{"abc"});
}

TEST_CASE("a box with a bar at its side") {
  CHECK(box({"  ┃ said before", "", "  ┃", "  ┃  a draft", "  ┃  Build · Model", "  ╹▀▀▀▀▀▀▀▀▀▀▀▀",
             "  esc interrupt"}) == Rows{"a draft", "Build · Model"});
}

TEST_CASE("a prompt without a frame") {
  CHECK(box({"› asked before", "• said", "› a draft", "", "  model · /folder"}) ==
        Rows{"a draft", "model · /folder"});
}

TEST_CASE("what stands above the box is not held by it") {
  const Screen submitted{.rows = {"❯ do the next thing", "● done", kLine, "❯ ", kLine, "  mode"}};
  CHECK_FALSE(box_holds(submitted, "do the next thing"));
  const Screen held{.rows = {"● done", kLine, "❯ do the next thing", kLine, "  mode"}};
  CHECK(box_holds(held, "first line\ndo the next thing"));
  const Screen placeholder{.rows = {kLine, "❯ [Pasted text #1 +40 lines]", kLine}};
  CHECK(box_holds(placeholder, "any"));
}

TEST_CASE("a draft ends where the cursor stands, and a hint begins there") {
  const auto draft = [](Rows rows, int row, int column) {
    return has_draft({.rows = std::move(rows), .cursor_row = row, .cursor_column = column});
  };
  CHECK(draft({"● said", kLine, "❯\u00a0a draft", kLine}, 2, 9));
  CHECK_FALSE(draft({"● said", kLine, "❯\u00a0Try \"this\"", kLine}, 2, 2));
  CHECK(draft({kLine, "one", "", kLine, "/folder"}, 2, 0));
  CHECK_FALSE(draft({kLine, "", kLine, "/folder"}, 1, 0));
  CHECK_FALSE(draft({"▄▄▄▄▄▄▄▄▄▄", " *   Type here", "▀▀▀▀▀▀▀▀▀▀"}, 1, 3));
  CHECK_FALSE(draft({"  ┃", "  ┃  Ask", "  ┃", "  ╹▀▀▀▀▀▀▀▀▀▀"}, 1, 5));
  CHECK(draft({"  ┃", "  ┃  [Pasted ~60 lines]", "  ┃", "  ╹▀▀▀▀▀▀▀▀▀▀"}, 1, 24));
  CHECK(draft({"› 日本", "", "  model"}, 0, 6));
  CHECK_FALSE(draft({"› Ask it", "", "  model"}, 0, 2));
  // A cursor that stands elsewhere, or nowhere, says nothing.
  CHECK_FALSE(draft({"● said", kLine, "❯ a draft", kLine}, 0, 9));
  CHECK_FALSE(draft({"● said", kLine, "❯ a draft", kLine}, -1, -1));
}

TEST_CASE("a prompt with a line above it alone begins at its sign and ends at the cursor") {
  const Rows said{" > do the next thing", "✦ done", kLine, " manual Shift+Tab"};
  const auto with = [&said](const Rows& prompt, int row, int column) {
    Rows rows = said;
    rows.insert(rows.end(), prompt.begin(), prompt.end());
    rows.push_back(" workspace (/directory)");
    return Screen{.rows = rows, .cursor_row = row, .cursor_column = column};
  };
  const Screen empty = with({" >   Type your message"}, 4, 3);
  CHECK_FALSE(has_draft(empty));
  CHECK_FALSE(box_holds(empty, "do the next thing"));
  CHECK(shows_above_box(empty, {"do the next thing"}));
  const Screen draft = with({" > first line", "   second line"}, 5, 14);
  CHECK(has_draft(draft));
  CHECK(box_holds(draft, "first line\nsecond line"));
  CHECK_FALSE(box_holds(draft, "do the next thing"));
}

TEST_CASE("a text that was submitted stands above the box") {
  const Rows rows{
      "› Task T1: parse the configuration", "  Rules:", "", kLine, "❯ a draft that is long", kLine};
  CHECK(shows_above_box({.rows = rows}, {"Task T1: parse the configuration file"}));
  CHECK(shows_above_box({.rows = rows}, {"another one", "  Task T1: parse the"}));
  CHECK_FALSE(shows_above_box({.rows = rows}, {"Rules:", "a draft that is long"}));
  CHECK_FALSE(shows_above_box({.rows = {}}, {"Task T1: parse the configuration"}));
}

TEST_CASE("where there is no box the last rows are looked at") {
  CHECK(box({"$ ls", "a b"}) == Rows{"none"});
  CHECK(box({}) == Rows{"none"});
  CHECK(box_holds({.rows = {"> wait for it", "a b"}}, "wait for it"));
  CHECK_FALSE(box_holds({.rows = {}}, "wait for it"));
}
