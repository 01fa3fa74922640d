// Each round forks a process that runs the operation and kills it. Its gits die with it or end by
// themselves.
#include "kills.hpp"

#include "catch.hpp"
#include "orch/base/failpoint.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>

/// In the place of the library's, which reads the environment once: here a fork decides.
void orch::failpoint(std::string_view name) {
  const char* const armed = std::getenv("TMUX_ORCH_FAILPOINT");
  if (armed != nullptr && name == armed) ::kill(::getpid(), SIGKILL);
}

namespace orch::test {

namespace fs = std::filesystem;

namespace {

constexpr int kKills = 15;

void sleep_for(std::chrono::nanoseconds span) {
  const timespec wait{static_cast<time_t>(span.count() / 1'000'000'000),
                      static_cast<long>(span.count() % 1'000'000'000)};
  ::nanosleep(&wait, nullptr);
}

/// The same deed by the next program, in this process so that its checks are the test's. It comes
/// an hour later, so that only what is still at work speaks for a lock.
void finish(Fixture& fixture, const Deed& deed) {
  std::error_code gone;
  for (fs::recursive_directory_iterator entry(fixture.repo.root() / ".git", gone), end;
       !gone && entry != end; entry.increment(gone)) {
    std::error_code ignored;
    if (entry->path().extension() == ".lock")
      fs::last_write_time(entry->path(), fs::file_time_type::clock::now() - std::chrono::hours(1),
                          ignored);
  }
  Fixture next(fixture.repo);
  deed(next);
}

}  // namespace

pid_t start(Fixture& fixture, const Deed& deed, const char* failpoint) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  if (failpoint != nullptr) ::setenv("TMUX_ORCH_FAILPOINT", failpoint, 1);
  try {
    Fixture mine(fixture.repo);
    deed(mine);
    ::_exit(0);
  } catch (...) {
    // A failed REQUIRE: the test's own code must not go on twice.
    ::_exit(3);
  }
}

bool ended_by_kill(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  const bool killed = WIFSIGNALED(status);
  if (!killed) REQUIRE(WEXITSTATUS(status) == 0);
  return killed;
}

void bombard(Fixture& fixture, const std::vector<const char*>& failpoints,
             const std::function<void(int)>& prepare, const std::function<Deed(int)>& deed_of,
             const std::function<void(int)>& check, unsigned seed) {
  int round = 0;
  for (const char* failpoint : failpoints) {
    prepare(++round);
    INFO(failpoint);
    REQUIRE(ended_by_kill(start(fixture, deed_of(round), failpoint)));
    finish(fixture, deed_of(round));
    check(round);
  }
  prepare(++round);
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE_FALSE(ended_by_kill(start(fixture, deed_of(round), nullptr)));
  const auto whole = std::chrono::steady_clock::now() - begun;
  check(round);

  std::mt19937 random(seed);
  std::uniform_real_distribution<double> part(0.0, 1.0);
  int killed = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    prepare(++round);
    const pid_t pid = start(fixture, deed_of(round), nullptr);
    sleep_for(std::chrono::duration_cast<std::chrono::nanoseconds>(whole * part(random)));
    ::kill(pid, SIGKILL);
    killed += ended_by_kill(pid) ? 1 : 0;
    finish(fixture, deed_of(round));
    check(round);
  }
  CHECK(killed > 0);
}

std::string task_of(int round) {
  return "T" + std::to_string(round);
}

void check_sound(Fixture& fixture) {
  REQUIRE(fixture.repo.git_says_yes({"fsck", "--no-dangling", "--no-progress"}));
  for (fs::recursive_directory_iterator entry(fixture.repo.root() / ".git"), end; entry != end;
       ++entry) {
    INFO(entry->path());
    CHECK(entry->path().extension() != ".lock");
  }
}

void many_files(Fixture& fixture) {
  for (int i = 0; i < 300; ++i)
    fixture.repo.write("src/file" + std::to_string(i), std::string(2000, 'x'));
  fixture.repo.write("tasks.md", "- [ ] a task\n");
  fixture.repo.commit("many files");
}

}  // namespace orch::test
