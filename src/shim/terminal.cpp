// Opens terminals and sets their modes.
#include "shim/terminal.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace orch::shim {

Result<Terminal> Terminal::open() {
  Terminal terminal;
  // Opened anew and not taken from stdin: O_NONBLOCK would hold for all who share that.
  terminal.fd_ = Fd(::open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!terminal.fd_ || ::tcgetattr(terminal.fd(), &terminal.original_) != 0) {
    return errno_failure(errno, "cannot use the terminal");
  }
  return terminal;
}

std::optional<Terminal::Size> Terminal::pass_size_to(int inner) const {
  winsize size{};
  if (::ioctl(fd(), TIOCGWINSZ, &size) != 0) return std::nullopt;
  ::ioctl(inner, TIOCSWINSZ, &size);
  return Size{size.ws_row, size.ws_col};
}

void Terminal::make_raw() {
  termios raw = original_;
  ::cfmakeraw(&raw);
  ::tcsetattr(fd(), TCSANOW, &raw);
}

void Terminal::restore() {
  if (fd_) ::tcsetattr(fd(), TCSANOW, &original_);
}

Result<InnerTerminal> open_inner(const Terminal& outer) {
  InnerTerminal inner;
  inner.master = Fd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 64> name{};
  if (!inner.master || ::grantpt(inner.master.get()) != 0 || ::unlockpt(inner.master.get()) != 0 ||
      ::ptsname_r(inner.master.get(), name.data(), name.size()) != 0) {
    return errno_failure(errno, "cannot make a terminal for the agent");
  }
  inner.name = name.data();
  inner.slave = Fd(::open(inner.name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!inner.slave) return errno_failure(errno, "cannot open " + inner.name);
  ::tcsetattr(inner.slave.get(), TCSANOW, &outer.original());
  outer.pass_size_to(inner.master.get());
  return inner;
}

bool is_in_line_mode(int fd) {
  termios settings{};
  return ::tcgetattr(fd, &settings) == 0 && (settings.c_lflag & ICANON) != 0;
}

}  // namespace orch::shim
