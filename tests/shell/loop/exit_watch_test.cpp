#include "run_command.hpp"

#include <signal.h>
#include <unistd.h>

/// A process that sleeps until it is killed.
static pid_t fork_sleeper() {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  for (;;) {
    ::pause();
  }
}

TEST_CASE("the end of a process is told once") {
  Loop loop;
  const pid_t pid = fork_sleeper();
  int told = 0;
  const ExitWatch watch(loop, pid, [&] { ++told; });
  loop.after(20ms, [&] {
    CHECK(told == 0);
    ::kill(pid, SIGKILL);
  });
  loop.run();
  CHECK(told == 1);
  ::waitpid(pid, nullptr, 0);
}

TEST_CASE("a process that is already gone is told on the next turn") {
  Loop loop;
  const pid_t pid = fork_sleeper();
  ::kill(pid, SIGKILL);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
  int told = 0;
  const ExitWatch zombie(loop, pid, [&] { ++told; });
  CHECK(told == 0);
  loop.run();
  CHECK(told == 1);
  REQUIRE(::waitpid(pid, nullptr, 0) == pid);
  const ExitWatch nobody(loop, pid, [&] { ++told; });
  const ExitWatch senseless(loop, -1, [&] { ++told; });
  CHECK(told == 1);
  loop.run();
  CHECK(told == 3);
}

TEST_CASE("an exit watch may destroy itself, and one that is gone tells nothing") {
  Loop loop;
  const pid_t pid = fork_sleeper();
  const auto text = std::make_shared<std::string>("alive");
  std::string seen;
  std::unique_ptr<ExitWatch> watch;
  watch = std::make_unique<ExitWatch>(loop, pid, [&watch, &seen, text] {
    watch.reset();
    seen = *text;
  });
  auto gone = std::make_unique<ExitWatch>(loop, pid, [] { FAIL("told after the end"); });
  gone.reset();
  ::kill(pid, SIGKILL);
  loop.run();
  CHECK(seen == "alive");
  ::waitpid(pid, nullptr, 0);
}
