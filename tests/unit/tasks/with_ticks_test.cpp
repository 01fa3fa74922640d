#include "catch.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/write/marks.hpp"
#include "tasks/write/tick.hpp"

using namespace orch::tasks;

TEST_CASE("the items named are ticked, and nothing else changes") {
  const std::string text = "- [ ] T1: one\r\n- [ ] T2: two\r\n- [x] T3: three";
  CHECK(with_ticks({text, ""}, "native", {"T2", "T3", "none"}) ==
        "- [ ] T1: one\r\n- [x] T2: two\r\n- [x] T3: three");
  CHECK(with_ticks({text, ""}, "native", {}) == text);
  CHECK(with_ticks({text, ""}, "native", {"T1", "T2"}) ==
        "- [x] T1: one\r\n- [x] T2: two\r\n- [x] T3: three");
}

TEST_CASE("of an id that occurs twice the first is ticked, a text that is none stays") {
  const std::string text = "- [ ] T1: one\n- [ ] T1: two\n";
  CHECK(with_ticks({text, ""}, "native", {"T1"}) == "- [x] T1: one\n- [ ] T1: two\n");
  CHECK(with_ticks({text, ""}, "native", {"T1-2"}) == "- [ ] T1: one\n- [x] T1: two\n");
  const std::string binary("a\0b", 3);
  CHECK(with_ticks({binary, ""}, "", {"T1"}) == binary);
}

namespace {

const std::string kWithLegend =
    "# Plan\n\nLegend: `[ ]` open, `[x]` done, `[!]` failed\n\n"
    "- [ ] Write the parser\r\n- [!] Write the printer\n- [x] Write the docs\n";

}  // namespace

TEST_CASE("what failed is marked where the file explains a sign for it") {
  const Source file{kWithLegend, ""};
  const std::string format = "markdown";
  const std::vector<Item> items = read_items(file, format).reading.items;
  REQUIRE(items.size() == 3);
  CHECK(items[1].standing == Standing::Open);
  CHECK(items[1].mark->is_failed);
  const std::vector<std::string> first = {items[0].id};
  const std::vector<std::string> second = {items[1].id};
  const std::vector<std::string> third = {items[2].id};
  CHECK(failed_in(file, format, first) == Ticked::No);
  CHECK(failed_in(file, format, second) == Ticked::Yes);
  CHECK(failed_in(file, format, third) == Ticked::Nowhere);

  std::string failed = kWithLegend;
  failed[failed.find("- [ ]") + 3] = '!';
  CHECK(with_failures(file, format, first) == failed);
  CHECK(with_failures(file, format, second) == kWithLegend);
  CHECK(with_failures(file, format, third) == kWithLegend);

  // Done in another attempt.
  std::string done = kWithLegend;
  done[done.find("- [!]") + 3] = 'x';
  CHECK(with_ticks(file, format, second) == done);
}

TEST_CASE("where no sign is explained, what failed is left as it is") {
  const std::string text = "- [ ] Write the parser\n- [!] Write the printer\n";
  const Source file{text, ""};
  for (const Item& item : read_items(file, "markdown").reading.items) {
    CHECK(with_failures(file, "markdown", {item.id}) == text);
    CHECK(failed_in(file, "markdown", {item.id}) == Ticked::Nowhere);
    CHECK_FALSE(item.mark->is_failed);
  }
  const std::string of_tasks = "- [ ] T1: `[!]` failed is what it should say\n- [ ] T2: two\n";
  CHECK(with_failures({of_tasks, ""}, "native", {"T2"}) == of_tasks);
}

TEST_CASE("marks of failures come and go with those of what is done") {
  const std::string open = [] {
    std::string text = kWithLegend;
    text[text.find("- [!]") + 3] = ' ';
    return text;
  }();
  // An agent's own mark is dropped, and one that has landed is set in the user's edit.
  CHECK(with_marks_of(kWithLegend, open, "", "markdown") == open);
  const std::string edited = open + "- [ ] one more\n";
  CHECK(with_mark_changes(edited, open, kWithLegend, "", "markdown") ==
        kWithLegend + "- [ ] one more\n");
}

TEST_CASE("what is taken back is open again, with all that it had finished") {
  const std::string ticked = "- [x] one\n  - [x] two\n  - [x] three\n- [x] four\n- [ ] five\n";
  const Source file{ticked, ""};
  const std::vector<Item> items = read_items(file, "markdown").reading.items;
  REQUIRE(items.size() == 5);
  const std::string text = without_ticks(file, "markdown", {items[2].id});
  CHECK(text == "- [ ] one\n  - [x] two\n  - [ ] three\n- [x] four\n- [ ] five\n");
  CHECK(open_in({ticked, ""}, "markdown", {items[2].id}) == Ticked::No);
  CHECK(open_in({text, ""}, "markdown", {items[2].id}) == Ticked::Yes);
  CHECK(open_in({text, ""}, "markdown", {"none of them"}) == Ticked::Nowhere);
  CHECK(without_ticks({text, ""}, "markdown", {items[2].id}) == text);
}
