// Programs that outlive us or take the terminal over.
#include "loop/detach.hpp"

#include "loop/descriptors.hpp"
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace orch::loop {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (const std::string& word : words)
    list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number)
    ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Between fork and exec: only what is allowed there.
[[noreturn]] void become_daemon(char* const* argv, int null_fd, int log_fd, int pid_fd) {
  if (::setsid() < 0) ::_exit(127);
  const pid_t second = ::fork();
  if (second != 0) {
    const bool told = second > 0 && ::write(pid_fd, &second, sizeof second) == sizeof second;
    ::_exit(told ? 0 : 127);
  }
  reset_signals();
  restore_descriptor_limit();
  ::dup2(null_fd, STDIN_FILENO);
  ::dup2(log_fd, STDOUT_FILENO);
  ::dup2(log_fd, STDERR_FILENO);
  if (::chdir("/") != 0) ::_exit(127);
  ::execv(argv[0], argv);
  ::_exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Result<ProcessId> start_detached(const std::vector<std::string>& argv,
                                 const std::filesystem::path& log) {
  const Fd null_fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Fd log_fd(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log_fd) return errno_failure(errno, fmt::format("cannot open {}", log.string()));
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return start_failure(errno, "cannot make a pipe");
  const Fd read_end(ends[0]);
  const Fd write_end(ends[1]);
  const std::vector<char*> words = pointers(argv);
  const pid_t first = ::fork();
  if (first < 0) return start_failure(errno, fmt::format("cannot start {}", argv[0]));
  if (first == 0) become_daemon(words.data(), null_fd.get(), log_fd.get(), write_end.get());
  const int status = wait_for(first);
  pid_t second = 0;
  const bool started = WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                       ::read(read_end.get(), &second, sizeof second) == sizeof second;
  if (!started) return fail(Fault::Io, "cannot start {} in the background", argv[0]);
  return identify(second);
}

Result<int> run_on_terminal(const Command& command) {
  const std::vector<char*> words = pointers(command.argv);

  struct sigaction ignore {};

  struct sigaction before {};

  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGINT, &ignore, &before);
  const pid_t child = ::fork();
  if (child < 0) return start_failure(errno, fmt::format("cannot start {}", command.argv[0]));
  if (child == 0) {
    reset_signals();
    restore_descriptor_limit();
    if (!command.cwd.empty() && ::chdir(command.cwd.c_str()) != 0) ::_exit(127);
    for (const std::string& name : command.unset)
      ::unsetenv(name.c_str());
    for (const auto& [name, value] : command.env)
      ::setenv(name.c_str(), value.c_str(), 1);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  const int status = wait_for(child);
  ::sigaction(SIGINT, &before, nullptr);
  constexpr int kSignalBase = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace orch::loop
