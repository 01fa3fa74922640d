// What is shown before the first run in a repository.
#include "ui/first_screen.hpp"

#include "catch.hpp"

using namespace orch;
using Catch::Matchers::Contains;

namespace {

ui::FirstScreen plain() {
  ui::FirstScreen screen;
  screen.file = "tasks.md";
  screen.format = "native (has ids)";
  screen.tasks = {{"T1", "first"}, {"T2", "second"}};
  screen.kinds = {{.name = "claude",
                   .version = "2.1.329",
                   .measured = true,
                   .tasks = 2,
                   .allowed = 22,
                   .wrapper = {},
                   .missing = {}}};
  screen.workers = 3;
  screen.base = "main";
  screen.tests = {"make check"};
  return screen;
}

}  // namespace

TEST_CASE("the first screen says what would be done, by whom, and what is checked") {
  CHECK(ui::first_screen(plain()) ==
        "The first run in this repository:\n"
        "\n"
        "  tasks       2 of tasks.md, read as native (has ids)\n"
        "              T1      first\n"
        "              T2      second\n"
        "  agent       claude 2.1.329, 2 tasks: runs 22 commands without asking\n"
        "  workers     3 at the same time, each in a worktree of its own\n"
        "  base        main: it gets what agents have done, task by task\n"
        "  tests       make check\n"
        "  repository  has no files that make agents run something\n"
        "\nYes also says that you trust this repository.\n");
}

TEST_CASE("the first screen says that nothing is tested, and what agents obey") {
  ui::FirstScreen screen = plain();
  screen.tests.clear();
  screen.runs = {".claude/settings.json (hooks)", ".mcp.json"};
  const std::string text = ui::first_screen(screen);
  CHECK_THAT(text, Contains("no test: everything lands untested"));
  CHECK_THAT(text, Contains(".claude/settings.json (hooks)\n              .mcp.json\n"));
}

TEST_CASE("the first screen names what is missing and unknown of an agent") {
  ui::FirstScreen screen = plain();
  screen.kinds[0].measured = false;
  screen.kinds[0].allowed = 0;
  screen.kinds[0].wrapper = "podman run";
  screen.kinds[0].missing = "does not trust this repository yet";
  const std::string text = ui::first_screen(screen);
  CHECK_THAT(text, Contains("another version than the one tried"));
  CHECK_THAT(text, Contains("its own program decides what it may run, inside of podman run"));
  CHECK_THAT(text, Contains("it does not trust this repository yet: its first agent starts alone"));
  screen.kinds[0].runs_scripts = true;
  CHECK_THAT(ui::first_screen(screen), Contains("runs the `sh` blocks of its tasks without"));
}

TEST_CASE("the first screen says what an agent may do") {
  ui::FirstScreen screen = plain();
  screen.kinds[0].asks_nothing = screen.kinds[0].sandboxed = true;
  CHECK_THAT(ui::first_screen(screen), Contains("runs everything without asking, in a sandbox"));
}

TEST_CASE("nothing on the first screen acts on a terminal or makes a row of its own") {
  const std::string evil = "x\033[2J\n  agent       none\r";
  ui::FirstScreen screen = plain();
  screen.file = screen.format = screen.base = evil;
  screen.tasks = {{evil, evil}};
  screen.tests = screen.runs = {evil};
  screen.kinds[0].name = screen.kinds[0].version = screen.kinds[0].wrapper = evil;
  const std::string text = ui::first_screen(screen);
  CHECK(text.find('\033') == std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.find("\n  agent       none") == std::string::npos);
}

TEST_CASE("a long list is cut and says how much is left") {
  ui::FirstScreen screen = plain();
  for (int i = 0; i < 100; ++i)
    screen.tasks.emplace_back("T", "again");
  CHECK_THAT(ui::first_screen(screen), Contains("and 94 more"));
}
