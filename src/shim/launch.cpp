// Forks, prepares the child and reports whether exec worked.
#include "shim/launch.hpp"

#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace orch::shim {
namespace {

/// What the child says when it cannot become the program.
struct Refusal {
  enum class Step { Streams, Limit, Exec } step = Step::Exec;
  int error_number = 0;
};

/// All that the child needs, made before the fork.
struct Prepared {
  const Launch* what = nullptr;
  std::string program;
  std::vector<char*> argv;
  std::vector<char*> env;
  std::optional<rlimit> open_files;
  pid_t parent = 0;
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // exec takes char*, for reasons of age, and does not write.
  for (const std::string& text : texts)
    pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// 0, or the errno that says why it cannot be executed.
int why_not(const std::string& path) {
  struct stat status {};

  if (::stat(path.c_str(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EACCES;
  return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

Failure cannot_run(const std::string& name, int error_number) {
  return errno_failure(error_number, fmt::format("cannot run '{}'", name));
}

Result<std::string> find_program(const std::string& name, const std::vector<std::string>& env) {
  if (name.find('/') != std::string::npos) {
    const int error_number = why_not(name);
    if (error_number != 0) return cannot_run(name, error_number);
    return name;
  }
  std::string_view path = value_of("PATH", env).value_or("/usr/local/bin:/usr/bin:/bin");
  bool forbidden = false;
  while (!name.empty() && !path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const std::string_view folder = end == 0 ? "." : path.substr(0, end);
    std::string candidate = fmt::format("{}/{}", folder, name);
    const int error_number = why_not(candidate);
    if (error_number == 0) return candidate;
    forbidden = forbidden || error_number == EACCES;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (forbidden) return cannot_run(name, EACCES);
  return fail(Fault::NotFound, "cannot run '{}': command not found", name);
}

Result<Prepared> prepare(const Launch& what) {
  auto program = find_program(what.argv.front(), what.env);
  if (!program) return passed_on(program);
  Prepared prepared{&what, std::move(*program), pointers_to(what.argv), pointers_to(what.env),
                    {},    ::getpid()};
  rlimit files{};
  if (what.open_files > 0 && ::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = std::min<rlim_t>(what.open_files, files.rlim_max);
    prepared.open_files = files;
  }
  return prepared;
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number)
    ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool take_streams(const Launch& what) {
  return ::setsid() >= 0 && (!what.terminal || ::ioctl(what.out, TIOCSCTTY, 0) == 0) &&
         ::dup2(what.in, STDIN_FILENO) >= 0 && ::dup2(what.out, STDOUT_FILENO) >= 0 &&
         ::dup2(what.out, STDERR_FILENO) >= 0;
}

bool take_limit(const Prepared& prepared) {
  return !prepared.open_files || ::setrlimit(RLIMIT_NOFILE, &*prepared.open_files) == 0;
}

/// In the child. `parent` is a line to it: a byte comes when it knows us, the end when it is dead;
/// a Refusal goes back.
[[noreturn]] void become(const Prepared& prepared, int parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  char known = 0;
  const bool go = ::read(parent, &known, 1) == 1 && ::getppid() == prepared.parent;
  if (!go) ::_exit(shim_status::kNotStarted);
  Refusal refusal;
  if (!take_streams(*prepared.what)) {
    refusal.step = Refusal::Step::Streams;
  } else if (!take_limit(prepared)) {
    refusal.step = Refusal::Step::Limit;
  } else {
    // For what we inherited; ours is closed by itself, also on kernels that do not know this call.
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    reset_signals();
    ::execve(prepared.program.c_str(), prepared.argv.data(), prepared.env.data());
  }
  refusal.error_number = errno;
  const ssize_t sent = ::write(parent, &refusal, sizeof refusal);
  ::_exit(sent == sizeof refusal ? shim_status::kNotStarted : shim_status::kSystem);
}

Failure refused(const Launch& what, const Refusal& refusal) {
  switch (refusal.step) {
    case Refusal::Step::Streams:
      return errno_failure(refusal.error_number, "cannot connect the program to its terminal");
    case Refusal::Step::Limit:
      return errno_failure(refusal.error_number, "cannot set the program's limit of open files");
    case Refusal::Step::Exec: break;
  }
  return cannot_run(what.argv.front(), refusal.error_number);
}

}  // namespace

std::optional<std::string_view> value_of(std::string_view name,
                                         const std::vector<std::string>& env) {
  for (const std::string_view entry : env) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name)) {
      return entry.substr(name.size() + 1);
    }
  }
  return {};
}

Result<pid_t> launch(const Launch& what, const Introduce& introduce) {
  const auto prepared = prepare(what);
  if (!prepared) return passed_on(prepared);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return errno_failure(errno, "cannot make a line to the program");
  }
  const Fd line(ends[0]);
  Fd theirs(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return errno_failure(errno, "cannot start a process");
  if (child == 0) {
    // Or it would hold its own line open, and wait for ever on a parent killed this early.
    ::close(line.get());
    become(*prepared, theirs.get());
  }
  theirs.reset();
  failpoint("shim.forked");
  if (introduce) introduce(identify(child));
  ::send(line.get(), "", 1, MSG_NOSIGNAL);
  // The other end closes by itself at the exec: then there is no news.
  Refusal refusal;
  if (::read(line.get(), &refusal, sizeof refusal) != sizeof refusal) return child;
  ::waitpid(child, nullptr, 0);
  return refused(what, refusal);
}

}  // namespace orch::shim
