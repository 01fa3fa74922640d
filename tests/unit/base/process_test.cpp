#include "orch/base/process.hpp"

#include "catch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

using namespace orch;

namespace {

/// A forked process that waits to be killed; reaped by the test's end at the latest.
class Sleeper {
 public:
  explicit Sleeper(const std::function<void()>& prepare = {}) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (prepare) prepare();
      (void)!::write(ends[1], "x", 1);
      for (;;) {
        ::pause();
      }
    }
    char ready = 0;
    (void)!::read(ends[0], &ready, 1);
    ::close(ends[0]);
    ::close(ends[1]);
  }

  ~Sleeper() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    reap();
  }

  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  pid_t pid() const { return pid_; }

  int reap() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a living process has an identity and no other has the same") {
  const ProcessId self = identify(::getpid());
  CHECK(self.pid == ::getpid());
  CHECK(self.start_ticks > 0);
  CHECK_FALSE(self.boot_id.empty());
  CHECK(is_alive(self));

  ProcessId later = self;
  later.start_ticks += 1;
  CHECK_FALSE(is_alive(later));
  ProcessId before_boot = self;
  before_boot.boot_id = "another";
  CHECK_FALSE(is_alive(before_boot));
}

TEST_CASE("nobody is not alive and is never signalled") {
  CHECK_FALSE(identify(0));
  CHECK_FALSE(identify(-1));
  CHECK_FALSE(is_alive({}));
  CHECK_FALSE(signal_process({}, 0));
  CHECK_FALSE(signal_process({-1, 0, boot_id()}, 0));
}

TEST_CASE("a process may call itself anything") {
  const Sleeper sleeper([] { ::prctl(PR_SET_NAME, "a) Z 1 (b 2)"); });
  const ProcessId process = identify(sleeper.pid());
  CHECK(process.pid == sleeper.pid());
  CHECK(is_alive(process));
  CHECK(ancestors_of(sleeper.pid()).at(1) == ::getpid());
}

TEST_CASE("a zombie is dead") {
  Sleeper sleeper;
  const ProcessId process = identify(sleeper.pid());
  REQUIRE(is_alive(process));
  CHECK(signal_process(process, SIGTERM));
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(sleeper.pid()), &info, WEXITED | WNOWAIT) == 0);
  CHECK_FALSE(is_alive(process));
  CHECK_FALSE(identify(sleeper.pid()));
  CHECK_FALSE(signal_process(process, SIGKILL));
  CHECK(WTERMSIG(sleeper.reap()) == SIGTERM);
}

TEST_CASE("a process that cannot be looked at is not taken for dead") {
  const ProcessId self = identify(::getpid());
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{0, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const bool alive = is_alive(self);
  const bool nobody = is_alive({1 << 30, 1, self.boot_id});
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(alive);
  CHECK_FALSE(nobody);
}

TEST_CASE("only exactly that process is signalled") {
  const Sleeper sleeper;
  ProcessId earlier = identify(sleeper.pid());
  earlier.start_ticks -= 1;
  CHECK_FALSE(signal_process(earlier, SIGKILL));
  CHECK(is_alive(identify(sleeper.pid())));
}

TEST_CASE("descendants come parents first and without the root") {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const Sleeper child([&] {
    // A session of its own does not hide it.
    static const Sleeper kGrandchild([] { ::setsid(); });
    const pid_t pid = kGrandchild.pid();
    (void)!::write(ends[1], &pid, sizeof pid);
  });
  pid_t grandchild = 0;
  REQUIRE(::read(ends[0], &grandchild, sizeof grandchild) == sizeof grandchild);
  ::close(ends[0]);
  ::close(ends[1]);

  const std::vector<ProcessId> found = descendants_of(::getpid());
  CHECK(found == std::vector{identify(child.pid()), identify(grandchild)});
  CHECK(descendants_of(grandchild).empty());
}

TEST_CASE("ancestors go up to the first process") {
  const std::vector<pid_t> line = ancestors_of(::getpid());
  REQUIRE(line.size() >= 2);
  CHECK(line[0] == ::getpid());
  CHECK(line[1] == ::getppid());
  CHECK(std::ranges::find(line, 0) == line.end());
  CHECK(ancestors_of(0).empty());
}
