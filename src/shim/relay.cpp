// One turn of poll() at a time: reads what came, writes what can be written.
#include "shim/relay.hpp"

#include "shim/life.hpp"
#include "shim/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace orch::shim {
namespace {

constexpr std::size_t kInputBound = 64u << 10;
constexpr std::size_t kOutputBound = 16u << 10;
constexpr std::size_t kLastOutputBound = 1u << 20;  // more than the kernel keeps of a terminal's
constexpr std::size_t kReadSize = 16u << 10;

constexpr std::string_view kStatusRequest = "\x1b[5n";
constexpr std::string_view kStatusReport = "\x1b[0n";

constexpr short kGone = POLLHUP | POLLERR | POLLNVAL;

/// Takes away what could be written now; false when nothing can ever be.
bool write_some(int fd, std::string& from) {
  std::size_t sent = 0;
  bool usable = true;
  while (usable && sent < from.size()) {
    const ssize_t done = ::write(fd, from.data() + sent, from.size() - sent);
    if (done < 0 && errno == EAGAIN) break;
    if (done > 0) sent += static_cast<std::size_t>(done);
    usable = done >= 0 || errno == EINTR;
  }
  from.erase(0, sent);
  return usable;
}

short events(bool read, bool write) {
  return static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0));
}

}  // namespace

Got read_some(int fd, std::string& into) {
  const std::size_t old_size = into.size();
  into.resize(old_size + kReadSize);
  const ssize_t got = ::read(fd, into.data() + old_size, kReadSize);
  const int error_number = errno;
  into.resize(old_size + (got > 0 ? static_cast<std::size_t>(got) : 0));
  if (got > 0) return Got::Some;
  return got < 0 && (error_number == EAGAIN || error_number == EINTR) ? Got::Nothing : Got::End;
}

std::array<pollfd, 2> Relay::interests() const {
  const bool relaying = mode_ == Mode::Relaying;
  const bool takes_input = to_inner_.size() < kInputBound && !judge_.is_full();
  const bool input = mode_ == Mode::Asking || (relaying && takes_input);
  const bool output = to_outer_.size() < (relaying ? kOutputBound : kLastOutputBound);
  const bool feed = relaying && !to_inner_.empty();
  // A hangup is told in every turn, asked for or not: a terminal that cannot be read now is not
  // looked at at all.
  return {{{outer_, events(input, !to_outer_.empty()), 0},
           {output || feed ? inner_.get() : -1, events(output, feed), 0}}};
}

void Relay::turn(const std::array<pollfd, 2>& ready) {
  const auto& [outer, inner] = ready;
  // The inner one first: how a text is typed depends on the modes that the agent has set.
  if ((inner.revents & (POLLIN | kGone)) != 0) read_inner();
  if ((outer.revents & kGone) != 0) {
    lose_outer();
  } else if ((outer.revents & POLLIN) != 0) {
    read_outer();
  }
  if (outer_open() && !write_some(outer_, to_outer_)) lose_outer();
  if (inner_open() && mode_ == Mode::Relaying) feed_inner();
}

std::optional<Span> Relay::next_look() const {
  return inner_open() && mode_ == Mode::Relaying ? judge_.next_look() : std::nullopt;
}

void Relay::drain() {
  if (mode_ == Mode::Relaying) mode_ = Mode::Draining;
}

void Relay::ask_for_sign() {
  mode_ = Mode::Asking;
  // What was typed has no reader any more; a report the agent had asked for is not our sign.
  ::tcflush(outer_, TCIFLUSH);
  to_outer_ += kStatusRequest;
}

void Relay::read_outer() {
  const bool asking = mode_ == Mode::Asking;
  std::string input;
  if (read_some(outer_, asking ? answer_ : input) == Got::End) return lose_outer();
  if (!input.empty()) judge_.read(input, is_in_line_mode(inner_.get()), now());
  if (asking && answer_.find(kStatusReport) != std::string::npos) mode_ = Mode::Answered;
}

void Relay::read_inner() {
  const std::size_t before = to_outer_.size();
  if (read_some(inner_.get(), to_outer_) == Got::End) return inner_.reset();
  const std::string_view output = std::string_view(to_outer_).substr(before);
  bytes_ += output.size();
  log_.write(output);
  judge_.read_output(output, now());
  if (!outer_open()) to_outer_.clear();
}

// What the agent prints from here on is for a terminal of this size. It is nothing that it has
// printed, so that nobody else gets it.
void Relay::note_size(int rows, int columns) {
  log_.write("\x1b[8;" + std::to_string(rows) + ';' + std::to_string(columns) + 't');
}

void Relay::feed_inner() {
  judge_.advance(now());
  to_inner_ += judge_.take();
  if (!write_some(inner_.get(), to_inner_)) to_inner_.clear();
  if (!to_inner_.empty()) return;
  judge_.all_written(now());
  // What had to wait goes with the next turn, which comes as soon as it can be written.
  to_inner_ = judge_.take();
}

void Relay::lose_outer() {
  outer_ = -1;
  to_outer_.clear();
}

}  // namespace orch::shim
