// Questions with numbered options.
#include "agents/screen/dialog.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

Screen screen(std::vector<std::string> rows) {
  return {.rows = std::move(rows)};
}

const Screen kCommand =
    screen({"● I will run the tests.", "─────────────", " Bash command", "", "   make check",
            "   Runs the tests", "", " Do you want to proceed?", " ❯ 1. Yes",
            "   2. Yes, and don’t ask again for: make *", "   3. No", "", " Esc to cancel"});

}  // namespace

TEST_CASE("a dialog is read with what it asks about, its options and their keys") {
  const std::optional<Dialog> dialog = dialog_of(kCommand);
  REQUIRE(dialog);
  CHECK(dialog->text == "Bash command · make check · Runs the tests · Do you want to proceed?");
  REQUIRE(dialog->options.size() == 3);
  CHECK(dialog->options[1] == DialogOption{"2", "Yes, and don’t ask again for: make *"});
  CHECK(dialog->approving()->key == "1");
  CHECK(dialog->denying()->key == "3");
  CHECK(dialog->called("no")->key == "3");
  CHECK(dialog->called("yes, and")->key == "2");
  CHECK(dialog->called("maybe") == nullptr);
}

TEST_CASE("a frame around it and remarks below its options are no part of it") {
  const Screen framed =
      screen({"╭───────────╮", "│ ? Shell  rm -rf build │", "│ Allow execution of: 'rm'? │", "│ │",
              "│ ● 1. Allow once │", "│   2. Allow for this session │",
              "│   3. No, suggest changes │", "╰───────────╯"});
  const std::optional<Dialog> dialog = dialog_of(framed);
  REQUIRE(dialog);
  CHECK(dialog->text == "? Shell rm -rf build · Allow execution of: 'rm'?");
  CHECK(dialog->approving()->label == "Allow once");
  CHECK(dialog->denying()->key == "3");
  const Screen remarks = screen({"Which colour?", "❯ 1. red", "     as a rose", "  2. blue",
                                 "     as the sky", "  3. Type something."});
  CHECK(dialog_of(remarks)->options.size() == 3);
  CHECK(dialog_of(remarks)->approving() == nullptr);
}

TEST_CASE("a dashed line within a question is passed over") {
  const Screen dashed = screen({"─────", " Bash command", "╌╌╌╌", " npm run build", "╌╌╌╌",
                                " Do you want to proceed?", " ❯ 1. Yes", "   2. No"});
  CHECK(dialog_of(dashed)->text == "Bash command · npm run build · Do you want to proceed?");
}

TEST_CASE("what is asked about may stand in a frame of its own") {
  const auto asks = [](const std::string& command) {
    return screen({"before", "╭───────────╮", "│ ? Shell   │", "│ ╭───────╮ │",
                   "│ │ " + command + " │ │", "│ ╰───────╯ │", "│ Allow execution of [Shell]? │",
                   "│ ● 1. Allow once │", "│   2. No │", "╰───────────╯"});
  };
  CHECK(dialog_of(asks("git gc"))->text == "? Shell · git gc · Allow execution of [Shell]?");
  CHECK(dialog_of(asks("git gc"))->id != dialog_of(asks("git push"))->id);
}

TEST_CASE("long questions that begin alike are not the same") {
  const auto asks = [](const std::string& end) {
    return screen({"─────", " Bash command", "first line", "second", "third", "fourth", "fifth",
                   "echo " + std::string(300, 'x') + end, " Do you want to proceed?", " ❯ 1. Yes",
                   "   2. No"});
  };
  CHECK(dialog_of(asks("a"))->id != dialog_of(asks("b"))->id);
  Screen first = asks("a");
  first.rows[2] = "another first line";
  CHECK(dialog_of(first)->id != dialog_of(asks("a"))->id);
  Screen below = asks("a");
  below.rows.insert(below.rows.begin(), "what was said before");
  CHECK(dialog_of(below)->id == dialog_of(asks("a"))->id);
}

TEST_CASE("a question that is broken at another width is the same one") {
  const Screen wide =
      screen({"─────────────", " git add -A and more of it", " Do you want to go on with it?",
              " ❯ 1. Yes", "   2. Yes, and do not ask again for git add", "   3. No"});
  const Screen narrow =
      screen({"──────", " git add -A and", " more of it", " Do you want to", " go on with it?",
              " ❯ 1. Yes", "   2. Yes, and do not ask", "      again for git add", "   3. No"});
  CHECK(dialog_of(wide)->id == dialog_of(narrow)->id);
  Screen other = wide;
  other.rows[4] = "   2. Yes, and do not ask again for git";
  CHECK(dialog_of(wide)->id != dialog_of(other)->id);
}

TEST_CASE("the pointer may move and a clock may run: it is the same question") {
  Screen other = kCommand;
  other.rows[8] = "   1. Yes";
  other.rows[10] = " ❯ 3. No";
  CHECK(dialog_of(other)->id == dialog_of(kCommand)->id);
  other.rows[4] = "   make install";
  CHECK(dialog_of(other)->id != dialog_of(kCommand)->id);
}

TEST_CASE("a bar that shows where a screen is scrolled to is no part of a question") {
  const std::optional<Dialog> without =
      dialog_of(screen({"? Shell git gc ←", "", "git gc", "Allow it?", "❯ 1. Yes", "  2. No"}));
  const std::optional<Dialog> with =
      dialog_of(screen({"? Shell git gc ←   █", "        █", "git gc         █", "Allow it?      █",
                        "❯ 1. Yes       █", "  2. No        █"}));
  REQUIRE((without && with));
  CHECK(with->text == without->text);
  CHECK(with->id == without->id);
  CHECK(with->options == without->options);
  CHECK_FALSE(with->is_whole);
}

TEST_CASE("only a list that begins with 1 and has a second option is one") {
  CHECK_FALSE(dialog_of(screen({"nothing here"})));
  CHECK_FALSE(dialog_of(screen({"1. Yes"})));
  CHECK_FALSE(dialog_of(screen({"2. Yes", "3. No"})));
  // What an option shows of a command may look like another option.
  CHECK_FALSE(dialog_of(screen({"1. No", "2. Yes, always: echo", "2. Yes", "3. Edit"})));
  CHECK_FALSE(dialog_of(screen({"1. No", "3. Yes"})));
  CHECK_FALSE(dialog_of(screen({})));
}

TEST_CASE("yes to more than is asked is never chosen as a plain yes") {
  const Screen further = screen({"May I?", "1. Yes, always", "2. Yes, for this session", "3. No"});
  CHECK(dialog_of(further)->approving() == nullptr);
  for (const char* label :
       {"Yes, and don't ask again for: make *", "Yes, and don’t ask again this session", "Yes, and",
        "Yes, and switch to auto mode", "Yes, allow all edits during this session",
        "Always allow run 'git push *' commands in this project", "Allow for this session",
        "Yes, from now on", "Yes, remember this", "Yes to all", "Allow always"}) {
    INFO(label);
    const std::string option = std::string("1. ") + label;
    CHECK(dialog_of(screen({"May I?", option, "2. No"}))->approving() == nullptr);
    CHECK(dialog_of(screen({"May I?", option, "2. Yes", "3. No"}))->approving()->key == "2");
  }
}

TEST_CASE("options without numbers are those that stand below each other around the pointer") {
  const Screen trust =
      screen({" Accessing workspace:", " /srv/tree", " ❯ No, exit", "   Yes, I trust this folder",
              "", " Enter to confirm · Esc to cancel"});
  const std::optional<Dialog> dialog = dialog_of(trust);
  REQUIRE(dialog);
  CHECK(dialog->text == "Accessing workspace: · /srv/tree");
  REQUIRE(dialog->options.size() == 2);
  CHECK(dialog->options[0] == DialogOption{"", "No, exit", true});
  CHECK(dialog->marked() == 0);
  CHECK(dialog->place_of(dialog->approving()->label) == 1);
  CHECK(dialog->denying()->label == "No, exit");
  SECTION("the same question wherever the pointer stands") {
    Screen moved = trust;
    moved.rows[2] = "   No, exit";
    moved.rows[3] = " ❯ Yes, I trust this folder";
    CHECK(dialog_of(moved)->id == dialog->id);
    CHECK(dialog_of(moved)->marked() == 1);
  }
  SECTION("a prompt is no list") {
    CHECK_FALSE(dialog_of(screen({"────", "❯ fix the bug", "────", "  ? for shortcuts"})));
    CHECK_FALSE(dialog_of(screen({"❯ ", "  ? for shortcuts"})));
  }
  SECTION("numbers go first") {
    CHECK(dialog_of(screen({"May I?", "1. Yes", "2. No", "❯ a", "  b"}))->options[0].key == "1");
  }
}
