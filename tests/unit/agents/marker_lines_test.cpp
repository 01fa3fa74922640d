// Which lines on a screen are reports: those that only the agent of the attempt can have meant.
#include "agents/marker_lines.hpp"

#include "agents/report_text.hpp"
#include "catch.hpp"
#include "orch/base/text.hpp"

#include <random>
#include <string>
#include <vector>

using namespace orch;

namespace {

using Rows = std::vector<std::string>;

const std::string kCode = "4f1c9ad2";
const std::string kFrame = "────────────────────";

std::string line(const std::string& said) {
  return "TMUX-ORCH[" + kCode + "] " + said + " [" + kCode + "]";
}

std::vector<MarkerLine> lines_in(Rows rows) {
  return marker_lines({.rows = std::move(rows)}, kCode);
}

/// As a program breaks a text into rows: at blanks, or anywhere, as a terminal does.
Rows wrapped(const std::string& text, std::size_t columns, bool at_blanks,
             const std::string& indent) {
  Rows rows;
  std::string left = text;
  while (left.size() > columns) {
    std::size_t end = at_blanks ? left.rfind(' ', columns) : columns;
    if (end == std::string::npos || end == 0) end = columns;
    rows.push_back((rows.empty() ? "" : indent) + left.substr(0, end));
    left = left.substr(end + (at_blanks && left[end] == ' ' ? 1 : 0));
  }
  rows.push_back((rows.empty() ? "" : indent) + left);
  return rows;
}

std::string prompt() {
  AgentProfile profile{.name = "x", .command = {"x"}};
  profile.reports = ReportBy::Markers;
  AttemptPlace place;
  place.marker_code = kCode;
  return report_text(profile, TaskSpec{}, place);
}

}  // namespace

TEST_CASE("each marker line is a report of its kind") {
  const auto found =
      lines_in({"some text", line("DONE added the parser"), "● " + line("BLOCKED no key"),
                "  " + line("PROGRESS 0.25 half of a half"), line("PROGRESS 1"), line("DONE")});
  REQUIRE(found.size() == 5);
  CHECK(found[0].kind == ReportKind::Done);
  CHECK(found[0].text == "added the parser");
  CHECK(found[1].kind == ReportKind::Blocked);
  CHECK(found[1].text == "no key");
  CHECK(found[2].progress == 0.25);
  CHECK(found[2].text == "half of a half");
  CHECK(found[3].progress == 1);
  CHECK(found[4].text.empty());
}

TEST_CASE("a marker line is the same report at 80 and at 200 columns, however it is broken") {
  const std::string said =
      line("DONE " + std::string(60, 'a') + " and then " + std::string(70, 'b') +
           " with some more words at its end, as people say");
  const ReportsFor who{.task = {"T1"}, .attempt = 1, .agent_id = "T1.1"};
  const auto whole = lines_in({said});
  REQUIRE(whole.size() == 1);
  for (const std::size_t columns : {40u, 79u, 80u, 120u, 200u})
    for (const bool at_blanks : {true, false})
      for (const std::string indent : {"", "  "}) {
        Rows rows = wrapped("● " + said, columns, at_blanks, indent);
        rows.insert(rows.begin(), "before");
        rows.emplace_back("");
        const auto found = lines_in(rows);
        CAPTURE(columns, at_blanks, indent);
        REQUIRE(found.size() == 1);
        CHECK(found[0].kind == ReportKind::Done);
        CHECK(report_of(found[0], who).id == report_of(whole[0], who).id);
      }
}

TEST_CASE("a line that is half drawn is none") {
  const std::string said = line("DONE added the parser");
  for (std::size_t shown = 0; shown < said.size(); ++shown)
    CHECK(lines_in({"text", said.substr(0, shown)}).empty());
  CHECK(lines_in({said}).size() == 1);
}

TEST_CASE("what is no marker line of this agent counts for nothing") {
  CHECK(lines_in({"TMUX-ORCH[4f1c9ad3] DONE x [4f1c9ad3]"}).empty());
  CHECK(lines_in({"TMUX-ORCH[4f1c9ad3] DONE x [" + kCode + "]"}).empty());
  CHECK(lines_in({"> " + line("DONE x"), "❯ " + line("DONE x"), "› " + line("DONE x"),
                  "│ " + line("DONE x") + " │", "┃ " + line("DONE x"), "⎿  " + line("DONE x"),
                  "it said " + line("DONE x")})
            .empty());
  CHECK(lines_in({line("FINISHED x"), line("done x"), line("PROGRESS 2"), line("PROGRESS half"),
                  line("PROGRESS 0x1"), line("PROGRESS nan"), line("BLOCKED"), line("")})
            .empty());
  CHECK(lines_in({"TMUX-ORCH[" + kCode + "] DONE first", "", "[" + kCode + "]"}).empty());
  CHECK(lines_in({"● said", kFrame, "❯ " + line("DONE a draft"), line("DONE its second line"),
                  kFrame, "  mode"})
            .empty());
  CHECK(marker_lines({.rows = {"TMUX-ORCH[] DONE x []"}}, "").empty());
  CHECK(marker_lines({.rows = {"TMUX-ORCH[x] DONE x [x]"}}, "x").empty());
}

TEST_CASE("the prompt that names the form is none, at any width") {
  CHECK(prompt().find(kCode) == std::string::npos);
  CHECK(prompt().find("4f1c followed by 9ad2") != std::string::npos);
  const std::string text = prompt();
  for (const std::size_t columns : {30u, 60u, 80u, 200u}) {
    Rows rows;
    for (const std::string_view row : split_lines(text))
      for (std::string& part : wrapped(std::string(row), columns, true, "  "))
        rows.push_back(std::move(part));
    CHECK(lines_in(rows).empty());
  }
}

TEST_CASE("no marker line begins in a text that is typed for an agent") {
  const std::string text = without_markers("a\n" + line("DONE x") + "\n" + line("DONE y"));
  CHECK(text.find("TMUX-ORCH[") == std::string::npos);
  CHECK(lines_in({text.substr(2, text.find('\n', 2) - 2)}).empty());
}

TEST_CASE("what stood there before the last text never counts, and what comes after it does") {
  MarkerTracker tracker;
  const auto see = [&tracker](const Rows& rows, bool counts, const std::string& last_text) {
    return tracker.see(lines_in(rows), counts, last_text).size();
  };
  CHECK(see({}, true, "") == 0);
  // In a dialog nothing counts.
  CHECK(see({line("DONE early")}, false, "") == 0);
  // Nor after it, once a text was sent.
  CHECK(see({line("DONE early")}, true, "1.0") == 0);
  CHECK(see({line("DONE early"), line("DONE late")}, true, "1.0") == 1);
  CHECK(see({line("DONE early"), line("DONE late")}, true, "2.0") == 0);
  CHECK(see({line("DONE early"), line("BLOCKED now")}, true, "2.0") == 1);
}

namespace {

/// Screens that show whatever anybody but this agent may bring onto one.
class HostileScreens {
 public:
  explicit HostileScreens(unsigned seed) : random_(seed) {}

  Rows next() {
    Rows rows;
    for (int left = pick(40); left >= 0; --left)
      add(rows);
    return rows;
  }

 private:
  int pick(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

  std::string other_code() {
    std::string code = kCode;
    const auto at = static_cast<std::size_t>(pick(7));
    code[at] = code[at] == '0' ? '1' : '0';
    return pick(3) == 0 ? code.substr(0, static_cast<std::size_t>(pick(7))) : code;
  }

  void add(Rows& rows) {
    static const Rows kWords = {"DONE ok", "BLOCKED no", "PROGRESS 0.5", "DONE"};
    const std::string words = kWords[static_cast<std::size_t>(pick(3))];
    const std::string code = other_code();
    switch (pick(10)) {
      case 0: rows.push_back("TMUX-ORCH[" + code + "] " + words + " [" + code + "]"); break;
      case 1: rows.push_back("TMUX-ORCH[" + code + "] " + words + " [" + kCode + "]"); break;
      case 2: rows.push_back("> " + line(words)); break;
      case 3: rows.push_back("│ " + line(words) + " │"); break;
      case 4:
        rows.push_back("TMUX-ORCH[" + kCode.substr(0, 4) + " " + kCode.substr(4) + "] " + words);
        break;
      case 5: rows.push_back("\x1b[2K\x1b]0;" + line(words) + "\x07"); break;
      case 6:
        rows.push_back("TMUX-ORCH[" + kCode + "] " + words);
        rows.emplace_back("");
        break;
      case 7:
        for (std::string& row :
             wrapped(prompt(), static_cast<std::size_t>(20 + pick(180)), pick(1) == 0, "  "))
          rows.push_back(std::move(row));
        break;
      case 8: rows.push_back("$ echo '" + line(words) + "'"); break;
      case 9:
        rows.push_back(std::string(static_cast<std::size_t>(1 + pick(200)), '\xff') + line(words));
        break;
      default: rows.push_back("TMUX-ORCH[CODE] " + words + " [CODE]"); break;
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("1000 hostile screens show no marker line, and a true one among them is seen") {
  int screens = 0;
  for (unsigned seed = 1; seed <= 1000; ++seed, ++screens) {
    Rows rows = HostileScreens(seed).next();
    CAPTURE(seed);
    REQUIRE(lines_in(rows).empty());
    rows.emplace_back("");
    rows.push_back(line("DONE the true one"));
    REQUIRE(lines_in(rows).size() == 1);
  }
  CHECK(screens == 1000);
}
