// The client's end of the supervisor's socket: blocking, with a time-out.
#include "loop/socket.hpp"
#include "loop/unix_path.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>

namespace orch::loop {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLongestAnswer = 64u << 20;

class Client {
 public:
  Client(const std::filesystem::path& path, Span timeout)
      : path_(path), deadline_(Clock::now() + timeout) {}

  Status connect() {
    const auto at = unix_path(path_);
    if (!at) return at.error().fault == Fault::NotFound ? Status(nobody()) : passed_on(at);
    fd_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd_) return failed(errno);
    while (::connect(fd_.get(), at->get(), sizeof at->address) != 0) {
      if (errno == ENOENT || errno == ECONNREFUSED) return nobody();
      // A full queue cannot be waited for by poll.
      if (errno != EAGAIN && errno != EINTR) return failed(errno);
      if (left_ms() == 0) return late();
      ::poll(nullptr, 0, std::min(left_ms(), 10));
    }
    return {};
  }

  Status send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent >= 0) continue;
      Status ready = wait_for(POLLOUT, errno);
      if (!ready) return ready;
    }
    return {};
  }

  Result<std::string> receive_line() {
    std::string line;
    std::array<char, 16u << 10> buffer{};
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
      if (got == 0) return fail(Fault::Io, "{} was closed without an answer", path_.native());
      if (got < 0) {
        const Status ready = wait_for(POLLIN, errno);
        if (!ready) return passed_on(ready);
        continue;
      }
      const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
      const std::size_t end = bytes.find('\n');
      line += bytes.substr(0, end);
      if (end != std::string_view::npos) return line;
      if (line.size() > kLongestAnswer) {
        return fail(Fault::Refused, "the answer from {} is too long", path_.native());
      }
    }
  }

 private:
  int left_ms() const {
    const auto left = std::chrono::ceil<Span>(deadline_ - Clock::now()).count();
    return static_cast<int>(std::clamp<Span::rep>(left, 0, 1 << 30));
  }

  /// Waits if `error_number` says that waiting is all that is needed.
  Status wait_for(short events, int error_number) {
    if (error_number == EINTR) return {};
    if (error_number != EAGAIN) return failed(error_number);
    pollfd waiting{fd_.get(), events, 0};
    if (::poll(&waiting, 1, left_ms()) == 0) return late();
    return {};
  }

  Failure failed(int error_number) const {
    return errno_failure(error_number, fmt::format("cannot talk to {}", path_.native()));
  }

  Failure nobody() const {
    return fail(Fault::NotFound, "no supervisor listens on {}", path_.native());
  }

  Failure late() const {
    return fail(Fault::TimedOut, "the supervisor at {} does not answer", path_.native());
  }

  const std::filesystem::path& path_;
  Clock::time_point deadline_;
  Fd fd_;
};

std::string as_line(std::string_view line) {
  assert(line.find('\n') == std::string_view::npos);
  return std::string(line) + '\n';
}

}  // namespace

Result<std::string> ask(const std::filesystem::path& path, std::string_view line, Span timeout) {
  Client client(path, timeout);
  Status good = client.connect();
  if (good) good = client.send(as_line(line));
  return good ? client.receive_line() : passed_on(good);
}

void notify(const std::filesystem::path& path, std::string_view line) {
  Client client(path, std::chrono::seconds(1));
  if (client.connect()) {
    (void)client.send(as_line(line));  // nobody waits for an answer, or for a reason
  }
}

}  // namespace orch::loop
