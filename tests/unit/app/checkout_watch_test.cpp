// Which edits of the user's checkout are news.
#include "app/checkout_watch.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using orch::app::newly_edited;

using Names = std::vector<std::string>;

TEST_CASE("what was edited before, and the task file, is no news") {
  const std::set<std::string> before = {"a.c", "b.c"};
  CHECK(newly_edited(before, {"a.c"}, "tasks.md") == Names());
  CHECK(newly_edited(before, {"a.c", "c.c", "tasks.md"}, "tasks.md") == Names{"c.c"});
  CHECK(newly_edited({}, {"tasks/1.md", "tasks.c", "x"}, "tasks") == Names{"tasks.c", "x"});
}
