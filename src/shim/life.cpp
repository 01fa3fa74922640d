// Reaps, asks to end, kills.
#include "shim/life.hpp"

#include "orch/base/process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace orch::shim {
namespace {

constexpr Span kDrain = std::chrono::seconds(1);
constexpr Span kSweep = std::chrono::milliseconds(50);
constexpr Span kHopeless = std::chrono::seconds(10);

template <class Clock>
Span since_epoch() {
  return std::chrono::duration_cast<Span>(Clock::now().time_since_epoch());
}

int count_descendants() {
  return static_cast<int>(descendants_of(::getpid()).size());
}

}  // namespace

Span now() {
  return since_epoch<std::chrono::steady_clock>();
}

std::int64_t wall_ms() {
  return since_epoch<std::chrono::system_clock>().count();
}

int poll_timeout(std::optional<Span> when) {
  if (!when) return -1;
  return static_cast<int>(std::clamp<Span::rep>((*when - now()).count() + 1, 0, 60'000));
}

void become_reaper() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

Life::Life(pid_t program, Span started, Span grace, bool boxed)
    : program_(program), grace_(grace), boxed_(boxed), started_(started) {}

void Life::reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid == program_ && !status_) {
      status_ = status;
      ended_ = now();
    }
    if (pid < 0) childless_ = errno == ECHILD;
    if (pid <= 0) return;
  }
}

void Life::ask_all() {
  if (kill_at_) return;
  kill_at_ = now() + grace_;
  give_up_at_ = *kill_at_ + kHopeless;
  for (const ProcessId& process : descendants_of(::getpid())) {
    if (boxed_ && process.pid == program_) continue;
    signal_process(process, SIGTERM);
    signal_process(process, SIGCONT);  // a stopped one does not act on the other
  }
}

void Life::kill_all() {
  const auto processes = descendants_of(::getpid());
  if (now() >= give_up_at_) {
    survivors_ = static_cast<int>(processes.size());
    stage_ = Stage::Over;
    return;
  }
  // Parents first, so that nobody notices and starts another; those born since wait for the next.
  for (const ProcessId& process : processes)
    signal_process(process, SIGKILL);
  kill_at_ = now() + kSweep;
}

void Life::stop(EndKind why) {
  reap();
  if (status_ || cause_) return;
  cause_ = why;
  ask_all();
}

void Life::advance(bool drained) {
  reap();
  if (stage_ == Stage::Running && status_) {
    stage_ = Stage::Draining;
    drain_until_ = ended_ + kDrain;
  }
  if (stage_ == Stage::Draining && (drained || now() >= drain_until_)) {
    stage_ = Stage::Clearing;
    if (!childless_) {
      left_over_ = count_descendants();
      ask_all();
    }
  }
  if (stage_ == Stage::Clearing && childless_) stage_ = Stage::Over;
  if (stage_ != Stage::Over && kill_at_ && now() >= *kill_at_) kill_all();
}

std::optional<Span> Life::next_look() const {
  if (stage_ == Stage::Draining) return kill_at_ ? std::min(drain_until_, *kill_at_) : drain_until_;
  return kill_at_;
}

ProcessEnd Life::outcome() const {
  ProcessEnd outcome;
  outcome.ran = (status_ ? ended_ : now()) - started_;
  outcome.left_over = left_over_;
  outcome.survivors = survivors_;
  if (status_ && WIFSIGNALED(*status_)) {
    outcome.ending = EndKind::Signal;
    outcome.signal = WTERMSIG(*status_);
  } else if (status_) {
    outcome.code = WEXITSTATUS(*status_);
  }
  if (cause_) outcome.ending = *cause_;
  return outcome;
}

}  // namespace orch::shim
