// What is left of attempts is found among the real processes.
#include "app/ghosts.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

using namespace orch;

namespace {

/// A `sleep` with this in its environment, ended with the test.
class Sleeper {
 public:
  explicit Sleeper(const std::string& variable) {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      std::string words[] = {"sleep", "60", variable};
      char* argv[] = {words[0].data(), words[1].data(), nullptr};
      char* env[] = {words[2].data(), nullptr};
      ::execve("/bin/sleep", argv, env);
      ::_exit(127);
    }
    // Closed by its exec.
    ::close(ends[1]);
    char none = 0;
    (void)!::read(ends[0], &none, 1);
    ::close(ends[0]);
  }

  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a process of an attempt without a shim above it is a ghost, and no other is") {
  TemporaryFolder folder;
  const std::string runs = (folder / "runs").string();
  CHECK(app::find_ghosts(runs).empty());
  const Sleeper other("TMUX_ORCH_ATTEMPT=" + (folder / "runs-of-others/r/attempts/T1.1").string());
  const Sleeper stranger("ATTEMPT=" + runs + "/r1/attempts/T1.1");
  CHECK(app::find_ghosts(runs).empty());
  const Sleeper left("TMUX_ORCH_ATTEMPT=" + runs + "/r1/attempts/T1.2");
  const std::vector<app::Ghost> ghosts = app::find_ghosts(runs);
  REQUIRE(ghosts.size() == 1);
  CHECK(ghosts[0].pid == left.pid());
  CHECK(ghosts[0].program == "sleep");
  CHECK(ghosts[0].attempt == "T1.2");
}

TEST_CASE("a few ghosts are named, and their names are made safe") {
  CHECK(app::ghosts_text({}).empty());
  CHECK(app::ghosts_text({{7, "a\x1b[2Jb", "T1.1"}}).find('\x1b') == std::string::npos);
  CHECK(app::ghosts_text({{7, "make", "T1.1"}}) ==
        "1 process is left of attempts that are over: 7 make (T1.1)");
  std::vector<app::Ghost> many;
  for (int pid = 1; pid <= 7; ++pid)
    many.push_back({pid, "x", "T"});
  CHECK(app::ghosts_text(many) ==
        "7 processes are left of attempts that are over: 1 x (T), 2 x (T), 3 x (T), 4 x (T), 5 x "
        "(T) and 2 more");
}
