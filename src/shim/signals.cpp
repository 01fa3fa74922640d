// Reads signals from a signalfd.
#include "shim/signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace orch::shim {

Signals::Signals(std::vector<int> wanted, const std::vector<int>& ignored) {
  wanted.push_back(SIGCHLD);
  sigset_t mask;
  ::sigemptyset(&mask);
  for (const int number : wanted) {
    ::sigaddset(&mask, number);
    // The caller may have ignored it, and what is ignored never gets to the descriptor.
    ::signal(number, SIG_DFL);
  }
  for (const int number : ignored)
    ::signal(number, SIG_IGN);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  fd_ = Fd(::signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC));
}

int Signals::next() {
  signalfd_siginfo came{};
  return ::read(fd_.get(), &came, sizeof came) == sizeof came ? static_cast<int>(came.ssi_signo)
                                                              : 0;
}

}  // namespace orch::shim
