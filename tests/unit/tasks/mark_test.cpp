// Ticking: one byte, and nothing else.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/write/marks.hpp"

#include <string>

using namespace orch;
using namespace orch::tasks;

TEST_CASE("a tick changes one byte and keeps line ends, tabs and the byte order mark") {
  const std::string text =
      "\xEF\xBB\xBF# P\r\n\r\n-\t[ ] T1: One\t \r\n\tDepends: T2\r\n* [X] T2: Two";
  std::string expected = text;
  expected[text.find("[ ]") + 1] = 'x';
  CHECK(set_mark(text, {"T1"}, true) == expected);
  CHECK(set_mark(expected, {"T1"}, false) == text);
  CHECK(set_mark(text, {"T2"}, true) == text);
  expected = text;
  expected[text.find("[X]") + 1] = ' ';
  CHECK(set_mark(text, {"T2"}, false) == expected);
}

TEST_CASE("a heading gets a box when it is ticked") {
  CHECK(set_mark("##  T1: One ##\nDepends: T2\n", {"T1"}, true) ==
        "##  [x] T1: One ##\nDepends: T2\n");
  CHECK(set_mark("## [ ] T1: One", {"T1"}, true) == "## [x] T1: One");
  CHECK(set_mark("## [x] T1: One", {"T1"}, false) == "## [ ] T1: One");
  CHECK(set_mark("T1: One\n===\n", {"T1"}, true) == "[x] T1: One\n===\n");
  CHECK(set_mark("## T1: One", {"T1"}, false) == "## T1: One");
}

TEST_CASE("tasks without ids are ticked by the id of their words") {
  CHECK(set_mark("- [ ] Fix it\n- [ ] Fix it\n", {"fix-it-2"}, true) ==
        "- [ ] Fix it\n- [x] Fix it\n");
}

TEST_CASE("a task that is not there, or twice, is an error") {
  CHECK(set_mark("- [ ] T1: One\n", {"T2"}, true).error().fault == Fault::NotFound);
  CHECK(set_mark("- [ ] T1: a\n- [ ] T1: b\n", {"T1"}, true).error().fault == Fault::BadInput);
  CHECK(set_mark("\xFF", {"T1"}, true).error().fault == Fault::BadInput);
  CHECK(set_mark("```\n- [ ] T1: a\n```\n", {"T1"}, true).error().fault == Fault::NotFound);
}

TEST_CASE("the marks of another text are taken over and nothing else") {
  const std::string base = "- [ ] T1: a\n- [x] T2: b\n- [ ] T3: c\n";
  const std::string agent = "- [x] T1: new words\n  more\n- [ ] T2: b\n- [x] T4: mine\n- [ ] T3: c";
  CHECK(with_marks_of(agent, base) ==
        "- [ ] T1: new words\n  more\n- [x] T2: b\n- [x] T4: mine\n- [ ] T3: c");
  CHECK(with_marks_of(base, base) == base);
  CHECK(with_marks_of(base, "") == base);
  CHECK(with_marks_of("", base).empty());
}

TEST_CASE("a box that was put into a heading is taken out again") {
  const std::string base = "## T1: a\nx\n\n## T2: b\n";
  CHECK(with_marks_of("## [x] T1: a\nx\n\n## [x] T2: b\n", base) == base);
  CHECK(with_marks_of(base, "## [x] T1: a\n\n## T2: b\n") == "## [x] T1: a\nx\n\n## T2: b\n");
}

TEST_CASE("ids that occur twice keep their marks") {
  const std::string twice = "- [x] T1: a\n- [ ] T1: b\n";
  CHECK(with_marks_of(twice, "- [ ] T1: a\n") == twice);
  CHECK(with_marks_of("- [ ] T1: a\n", twice) == "- [ ] T1: a\n");
}
