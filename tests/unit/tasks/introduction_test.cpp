// What the user says above the tasks.
#include "tasks/source/introduction.hpp"

#include "catch.hpp"

#include <string>

using namespace orch::tasks;

TEST_CASE("the text above the first task is the introduction") {
  const std::string text =
      "---\nname: x\n---\n# Parser\n\nUse C11 only.\n<!-- for us -->\nNo new libraries.\n\n"
      "## Tasks\n\n- [ ] T1: one\n";
  CHECK(introduction_in(text, 12) == "# Parser\n\nUse C11 only.\nNo new libraries.");
}

TEST_CASE("headings alone are no introduction") {
  CHECK(introduction_in("# Tasks\n\n## First phase\n\n- [ ] T1: one\n", 5).empty());
  CHECK(introduction_in("- [ ] T1: one\n", 1).empty());
  CHECK(introduction_in("", 3).empty());
}

TEST_CASE("of a long introduction the beginning is taken") {
  std::string text;
  for (int line = 0; line < 1000; ++line)
    text += "a rule of this project\n";
  const std::string introduction = introduction_in(text + "- [ ] T1: one\n", 1001);
  CHECK(introduction.size() > 4000);
  CHECK(introduction.size() < 4200);
}

TEST_CASE("only a Markdown file has one") {
  CHECK(introduction_of("/nonexistent/tasks.md", 7).empty());
  CHECK(introduction_of("/nonexistent/tasks.json", 7).empty());
}
