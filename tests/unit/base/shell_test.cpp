// Commands that can be copied.
#include "orch/base/shell.hpp"

#include "catch.hpp"

using namespace orch;

TEST_CASE("a word is quoted where a shell would read something else") {
  CHECK(shell_word("src/a-b_c.txt") == "src/a-b_c.txt");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("$(x)") == "'$(x)'");
  CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
}

TEST_CASE("a call about a task can be copied, whatever its id is made of") {
  CHECK(call_about("retry", "T1") == "tmux-orch retry T1");
  CHECK(call_about("merge", "add a; b") == "tmux-orch merge 'add a; b'");
}
