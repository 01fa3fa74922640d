// What is taken for a conflict that nobody resolved.
#include "git/conflict_marks.hpp"

#include "catch.hpp"

using orch::git::has_conflict_marks;

TEST_CASE("a conflict is a line that begins it and a later one that ends it") {
  CHECK(has_conflict_marks("a\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> main\nb\n"));
  CHECK(has_conflict_marks("<<<<<<< HEAD\r\nmine\r\n=======\r\n>>>>>>> 4f2a\r\n"));
}

TEST_CASE("headings, quotes and shifts are none") {
  CHECK_FALSE(has_conflict_marks(""));
  CHECK_FALSE(has_conflict_marks("Title\n=======\n"));
  CHECK_FALSE(has_conflict_marks("std::cout << 1;\n>>>>>>> main\n"));
  CHECK_FALSE(has_conflict_marks(">>>>>>> main\n<<<<<<< HEAD\n"));
  CHECK_FALSE(has_conflict_marks("  <<<<<<< HEAD\n  >>>>>>> main\n"));
}
