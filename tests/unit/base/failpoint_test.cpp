#include "orch/base/failpoint.hpp"

#include "catch.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

/// How far a process with that variable gets: "h" and "e" for each failpoint it passed, then how
/// it ended.
static std::string life_with(const char* variable) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("TMUX_ORCH_FAILPOINT", variable, 1);
    for (int i = 0; i < 3; ++i) {
      orch::failpoint("elsewhere");
      (void)!::write(ends[1], "e", 1);
      orch::failpoint("here");
      (void)!::write(ends[1], "h", 1);
      ::setenv("TMUX_ORCH_FAILPOINT", "elsewhere", 1);  // too late: it was read already
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string life;
  char passed = 0;
  while (::read(ends[0], &passed, 1) == 1) {
    life += passed;
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return life + " lived";
  return life + (WTERMSIG(status) == SIGKILL ? " killed" : " other");
}

TEST_CASE("a failpoint kills at its N-th pass and no other") {
  CHECK(life_with("here") == "e killed");
  CHECK(life_with("here:1") == "e killed");
  CHECK(life_with("here:3") ==
        "eheh"
        "e killed");
  CHECK(life_with("here:4") == "eheheh lived");
  CHECK(life_with("her") == "eheheh lived");
  CHECK(life_with("here:x") == "e killed");
  CHECK(life_with("") == "eheheh lived");
}
