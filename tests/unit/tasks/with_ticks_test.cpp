#include "catch.hpp"
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
