// Is a dialog about exactly one command? Its text is an agent's, and so is what the hook has said.
#include "agents/screen/shown_command.hpp"

#include "catch.hpp"
#include "config/layers.hpp"
#include "orch/base/unicode.hpp"

using namespace orch;

namespace {

std::vector<std::string> forms_of(const std::string& agent) {
  return parse_config({}, {}, {}).config.agents.at(agent).command_dialogs;
}

bool shows(const std::vector<std::string>& forms, std::vector<std::string> rows,
           std::string_view command) {
  for (const char* option : {" ❯ 1. Yes", "   2. Yes, and don’t ask again for: x", "   3. No"})
    rows.emplace_back(option);
  const std::optional<Dialog> dialog = dialog_of({.rows = std::move(rows)});
  REQUIRE(dialog);
  return shows_command(*dialog, forms, command);
}

/// As Claude Code 2.1.329 asks; `above` is what stands on the screen before.
bool claude_shows(const std::vector<std::string>& shown, std::string_view command,
                  const std::vector<std::string>& above = {}) {
  const std::string dashes = "╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌";
  std::vector<std::string> rows = above;
  for (const char* row : {"● Running it", "──────────", " Bash command", " Run shell command"})
    rows.emplace_back(row);
  rows.push_back(dashes);
  rows.insert(rows.end(), shown.begin(), shown.end());
  rows.push_back(dashes);
  for (const char* row : {" This command requires approval", " Do you want to proceed?"})
    rows.emplace_back(row);
  return shows(forms_of("claude"), std::move(rows), command);
}

/// As Qwen Code 0.24.4 asks.
const std::vector<std::string> kTwice{
    "? Shell {command} ←\n{command}\nAllow execution of: '{rest}'?"};
const std::vector<std::string> kPlain{"May I run this?\n{command}"};

}  // namespace

TEST_CASE("a dialog shows the command that it is about in one row") {
  CHECK(claude_shows({" git push nowhere"}, "git push nowhere"));
  CHECK(claude_shows({" git commit -m 'größer 日本'"}, "git commit -m 'größer 日本'"));
}

TEST_CASE("a panel at the right of all rows is no part of a dialog") {
  const auto row = [](const std::string& text, const std::string& right) {
    return padded(text, 30) + "│" + right;
  };
  std::vector<std::string> rows{row("● 日本", ""),
                                row("╌╌╌╌╌╌", " files"),
                                row(" make check", " a.c"),
                                row("╌╌╌╌╌╌", ""),
                                row(" This command requires approval", ""),
                                row(" Do you want to proceed?", "")};
  rows[4] = padded(" This command requires", 30) + "│";
  const std::vector<std::string> forms{
      "╌\n{command}\n╌\nThis command requires\nDo you want to proceed?"};
  CHECK(shows(forms, rows, "make check"));
  // A bar that not all rows have may be the command's.
  rows[3] = "╌╌╌╌╌╌";
  CHECK_FALSE(shows(forms, rows, "make check"));
}

TEST_CASE("of several rows nobody can tell what separates them") {
  // The end of a line looks like the end of a row.
  CHECK_FALSE(claude_shows({" │ echo", " │ rm -rf /"}, "echo rm -rf /"));
  CHECK_FALSE(claude_shows({" │ echo", " │ rm -rf /"}, "echo\nrm -rf /"));
  CHECK_FALSE(claude_shows({" aaaaaaaaaa", " aaaaaaaaaa"}, "aaaaaaaaaaaaaaaaaaaa"));
  CHECK_FALSE(claude_shows({" │ make", " │", " │ make install"}, "make\n\nmake install"));
  CHECK_FALSE(claude_shows({" make"}, "make\n"));
}

TEST_CASE("a bar or a frame is a part of the command") {
  CHECK_FALSE(claude_shows({" make check │"}, "make check"));
  CHECK_FALSE(claude_shows({" │ make check"}, "make check"));
  CHECK_FALSE(claude_shows({" │ make check", " │ │"}, "make check"));
  CHECK_FALSE(claude_shows({" ┃│ make check │┃"}, "make check"));
}

TEST_CASE("a dialog about anything else does not show it") {
  CHECK_FALSE(claude_shows({" git push nowhere"}, "git push"));
  CHECK_FALSE(claude_shows({" git push"}, "git push nowhere"));
  CHECK_FALSE(claude_shows({" make; rm -rf /"}, "make"));
  CHECK_FALSE(claude_shows({" make", " rm -rf /"}, "make"));
  CHECK_FALSE(claude_shows({" rm -rf /", " make"}, "make"));
  CHECK_FALSE(claude_shows({" rm -rf / tmp"}, "rm -rf /tmp"));
  CHECK_FALSE(claude_shows({" rm -rf /tmp"}, "rm -rf / tmp"));
  CHECK_FALSE(claude_shows({" echo  a"}, "echo a"));
  CHECK_FALSE(claude_shows({" Make"}, "make"));
  CHECK_FALSE(claude_shows({" make"}, ""));
  CHECK_FALSE(claude_shows({" make"}, " \n"));
  CHECK_FALSE(claude_shows({}, "make"));
}

TEST_CASE("a command that brings rows of a dialog with it is not taken for that dialog") {
  const std::string dashes = "╌╌╌╌";
  CHECK_FALSE(claude_shows({" rm -rf /", dashes, " make"}, "make"));
  CHECK_FALSE(claude_shows({" make", dashes, " rm -rf /"}, "make"));
  CHECK_FALSE(claude_shows({" rm -rf /", "──────", " Bash command", dashes, " make"}, "make"));
  CHECK_FALSE(claude_shows(
      {" make", dashes, " This command requires approval", " Do you want to proceed?", " rm -rf /"},
      "make"));
  // What looks like it above is no reason to believe it, and none to answer.
  CHECK_FALSE(claude_shows({" rm -rf /"}, "make", {dashes, " make", dashes}));
  CHECK_FALSE(claude_shows({" make"}, "make", {dashes, " make", dashes}));
}

TEST_CASE("a dialog whose beginning is above the screen is not taken for what it shows last") {
  // As Claude Code shows `rm -rf /`, 40 empty lines, `╌╌╌` and `make check` on 24 rows.
  for (const std::string margin : {" │ ", " "}) {
    CHECK_FALSE(shows(forms_of("claude"),
                      {margin, margin + "╌╌╌", margin + "make check", "╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
                       " This command requires approval", "", " Do you want to proceed?"},
                      "make check"));
  }
  CHECK_FALSE(shows(
      kTwice,
      {"     ? Shell make check ←", "     make check", "", "   Allow execution of: 'rm, make'?"},
      "make check"));
}

TEST_CASE("a warning of its program's is for the user") {
  const std::string dashes = "╌╌╌╌";
  CHECK_FALSE(shows(forms_of("claude"),
                    {dashes, " make $(x)", dashes, " Command contains $() substitution",
                     " Do you want to proceed?"},
                    "make $(x)"));
}

TEST_CASE("a form has gaps for what a row ends in and for nothing else") {
  const auto qwen = [](const std::string& first, const std::string& second,
                       std::string_view command) {
    return shows(kTwice,
                 {"  ✓ WriteFile Writing", first, second, "   Allow execution of: 'git, sleep'?"},
                 command);
  };
  CHECK(qwen("  ? Shell git add -A ←", "     git add -A", "git add -A"));
  CHECK_FALSE(qwen("  ? Shell git add -A ←", "     git add -", "git add -A"));
  CHECK_FALSE(qwen("  ? Shell rm -rf / ? Shell make ←", "     make", "make"));
  CHECK_FALSE(shows(kTwice,
                    {"  ? Shell rm ←", "? Shell make ←", "make", "Allow execution of: 'rm, make'?"},
                    "make"));
  CHECK_FALSE(shows(kPlain, {"May I run this?", "rm -rf /"}, "{rest}"));
  CHECK_FALSE(shows(kPlain, {"May I run this?", "rm -rf /"}, std::string_view("\0", 1)));
  CHECK(shows(kPlain, {"May I run this?", "echo {rest} {command}"}, "echo {rest} {command}"));
}

TEST_CASE("a program that cuts a command without a sign has no form") {
  // `npm run x`, ten characters U+2065 and `;echo evil` it shows as `npm run x`.
  CHECK(forms_of("qwen").empty());
  CHECK(forms_of("claude").size() == 1);
}

TEST_CASE("without a form, or with one that begins with a gap, nothing is shown") {
  CHECK_FALSE(shows({}, {"make"}, "make"));
  CHECK_FALSE(shows({"{command}"}, {"make"}, "make"));
  CHECK_FALSE(shows({""}, {"make"}, "make"));
}
