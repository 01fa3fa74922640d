// Follows one child: reads it, ends it in time, reaps it.
#include "loop/running.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace orch::loop {

using namespace std::chrono_literals;

static constexpr Span kTimeoutGrace = 2s;
/// A grandchild may keep the pipe open for ever; what the child itself wrote is there at once.
static constexpr Span kDrainTime = 300ms;
static constexpr std::size_t kLastLook = 4u << 20;  // more than any pipe holds
static constexpr int kLostCode = -1;                // no program exits with it

static void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Running::Running(Loop& loop, Launched launched, std::size_t keep, Told told)
    : process_(std::move(launched.process)),
      keep_(keep),
      told_(std::move(told)),
      in_(loop),
      out_(loop),
      err_(loop),
      timer_(loop, [this] { on_timer(); }),
      late_timer_(loop, [this] { on_late(); }) {
  if (!launched.in || !in_.open(std::move(launched.in))) in_.close();
  read(out_, std::move(launched.out), [this](std::string_view bytes) {
    if (told_.on_output && !muted_) told_.on_output(bytes);
    if (!told_.on_output) take(result_.out, bytes);
  });
  read(err_, std::move(launched.err), [this](std::string_view bytes) { take(result_.err, bytes); });
}

void Running::read(Stream& stream, Fd fd, std::function<void(std::string_view)> on_bytes) {
  stream.open(std::move(fd));
  stream.read(std::move(on_bytes), [this, &stream] {
    stream.close();
    if (--streams_left_ == 0 && exited_) finish();
  });
}

void Running::feed(std::string input) {
  in_.write(std::move(input));
  close_input();
}

void Running::close_input() {
  in_.write({}, [this](bool) { in_.close(); });
}

void Running::take(std::string& kept, std::string_view bytes) {
  const std::size_t room = keep_ - kept.size();
  kept += bytes.substr(0, room);
  if (bytes.size() > room) result_.cut = true;
}

void Running::end_after(Span timeout) {
  timer_.once(timeout);
}

void Running::look_after(Span late, std::function<void()> look) {
  look_ = std::move(look);
  late_ = late;
  late_timer_.once(late_);
}

void Running::on_late() {
  if (exited_ || ending_) return;
  // So much again makes twice as much in all.
  late_timer_.once(late_);
  late_ *= 2;
  look_();
}

void Running::end(Span grace) {
  if (exited_ || ending_) return;
  ending_ = true;
  signal(SIGTERM);
  timer_.once(grace);
}

void Running::signal(int signal_number) const {
  if (lost_) return;
  // Without a group of that number the process has given itself another.
  if (::kill(-process_.pid, signal_number) != 0) ::kill(process_.pid, signal_number);
}

void Running::on_timer() {
  if (exited_) return finish();
  if (ending_) {
    killed_ = true;
    return signal(SIGKILL);
  }
  result_.timed_out = true;
  end(kTimeoutGrace);
}

void Running::look() {
  if (exited_) return;
  siginfo_t status{};
  const int answer =
      ::waitid(P_PID, static_cast<id_t>(process_.pid), &status, WEXITED | WNOHANG | WNOWAIT);
  if (answer == 0 && status.si_pid == 0) return;
  if (answer != 0 && errno == EINTR) return;
  exited_ = true;
  if (answer != 0) {
    lost_ = true;
    result_.code = kLostCode;
  } else if (status.si_code == CLD_EXITED) {
    result_.code = status.si_status;
  } else {
    result_.signal = status.si_status;
  }
  if (streams_left_ == 0) return finish();
  // While it is being ended, the rest of its group has the time until KILL.
  if (!ending_ || killed_) timer_.once(kDrainTime);
}

void Running::finish() {
  // This is called once: all that could call it again is stopped first.
  timer_.cancel();
  late_timer_.cancel();
  out_.drain(kLastLook);
  err_.drain(kLastLook);
  for (Stream* stream : {&in_, &out_, &err_}) {
    stream->close();
  }
  if (ending_) signal(SIGKILL);
  reap(process_.pid);
  const auto told = std::move(told_.on_finished);
  told(std::move(result_));
}

void Running::kill_and_wait() {
  signal(SIGKILL);
  reap(process_.pid);
}

}  // namespace orch::loop
