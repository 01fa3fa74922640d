// Starts one process by Boost.Process: the only file that knows it.
//
// What its version 1 leaves open is closed here: a failed chdir or exec is told through a pipe of
// our own and leaves no zombie; every descriptor is close-on-exec; signals are blocked around the
// fork, so that our handlers never run in the child; a child object never outlives this file, as
// its destructor would kill.
#include "loop/descriptors.hpp"
#include "loop/launch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <system_error>

#define BOOST_POSIX_HAS_VFORK 1  // Linux has it; Boost asks to be told

#if __has_include(<boost/process/v1/child.hpp>)
#include <boost/process/v1/args.hpp>
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/error.hpp>
#include <boost/process/v1/exe.hpp>
#include <boost/process/v1/extend.hpp>
#include <boost/process/v1/posix.hpp>
namespace bp = boost::process::v1;
#else
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>
namespace bp = boost::process;
#endif

#include "orch/base/text.hpp"

namespace orch::loop {
namespace {

struct PipeEnds {
  Fd read;
  Fd write;
};

Result<PipeEnds> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return start_failure(errno, "cannot make a pipe");
  return PipeEnds{Fd(ends[0]), Fd(ends[1])};
}

/// No signal may come between fork and the child's own dispositions: it would run our handlers.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all{};
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before_);
  }

  ~SignalsBlocked() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

/// What went wrong in the child, as it tells us before it ends.
struct ChildFailure {
  enum class At { Folder, Program, Parent } at = At::Program;
  int error_number = 0;
};

/// What happens between vfork and exec, in the parent's memory while that waits. Only calls that
/// are safe after a fork: no memory is taken.
struct ChildSide : bp::extend::handler {
  const char* folder = nullptr;
  char** environment = nullptr;
  pid_t parent = 0;
  int failures = -1;
  bool restores_limit = true;

  [[noreturn]] void give_up(ChildFailure::At at, int error_number) const {
    const ChildFailure failure{at, error_number};
    (void)!::write(failures, &failure, sizeof failure);  // the reader takes silence for success
    ::_exit(127);
  }

  template <class Executor>
  void on_setup(Executor& executor) const {
    executor.env = environment;
  }

  template <class Executor>
  void on_exec_setup(Executor&) const {
    for (int number = 1; number < NSIG; ++number) {
      ::signal(number, SIG_DFL);
    }
    sigset_t none{};
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setpgid(0, 0);
    if (restores_limit) restore_descriptor_limit();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before we asked to be told.
    if (::getppid() != parent) give_up(ChildFailure::At::Parent, ESRCH);
    if (*folder != '\0' && ::chdir(folder) != 0) give_up(ChildFailure::At::Folder, errno);
  }

  // The memory is the parent's: what Boost noted there is taken back, as the pipe tells it, and the
  // parent has a child to reap.
  template <class Executor>
  void on_exec_error(Executor& executor, const std::error_code& error) const {
    executor.set_error(std::error_code(), "");
    give_up(ChildFailure::At::Program, error.value());
  }
};

/// "NAME=value" of everything the child gets. Not by Boost's environment: its find() reads past the
/// end of shorter entries.
std::vector<std::string> environment_of(const Command& command) {
  std::map<std::string_view, std::string_view> values;
  const auto take = [&values](std::string_view text) {
    const std::size_t name_end = text.find('=');
    if (name_end != std::string_view::npos) {
      values[text.substr(0, name_end)] = text.substr(name_end + 1);
    }
  };
  for (const std::string& entry : command.base_env) {
    take(entry);
  }
  char** inherited = command.base_env.empty() ? ::environ : nullptr;
  for (; inherited != nullptr && *inherited != nullptr; ++inherited) {
    take(*inherited);
  }
  for (const std::string& name : command.unset) {
    values.erase(name);
  }
  for (const auto& [name, value] : command.env) {
    values[name] = value;
  }
  std::vector<std::string> entries;
  entries.reserve(values.size());
  for (const auto& [name, value] : values) {
    entries.push_back(fmt::format("{}={}", name, value));
  }
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// The PATH that the child will have: its program is looked up where the child would look.
std::string path_of(const Command& command) {
  constexpr std::string_view kPath = "PATH=";
  for (const std::string& entry : environment_of(command)) {
    if (entry.starts_with(kPath)) return entry.substr(kPath.size());
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

/// A name with a slash is taken as it is (seen from the command's folder); others come from PATH,
/// whose relative entries are left out, as they would mean another program in every folder.
std::optional<std::string> find_program(const Command& command) {
  const std::string& name = command.argv.front();
  if (name.find('/') != std::string::npos) return name;
  const std::string path = path_of(command);
  for (const std::string_view folder : split(path, ':')) {
    if (!folder.starts_with('/')) continue;
    std::string program = fmt::format("{}/{}", folder, name);

    struct stat status {};

    const bool is_file = ::stat(program.c_str(), &status) == 0 && S_ISREG(status.st_mode);
    if (is_file && ::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

Status check(const Command& command) {
  if (command.argv.empty() || command.argv.front().empty()) {
    return fail(Fault::BadInput, "there is no command to run");
  }
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (std::ranges::any_of(command.argv, has_nul)) {
    return fail(Fault::BadInput, "an argument of {} holds a zero byte, which no program can get",
                one_line(command.argv.front(), 60));
  }
  return {};
}

/// Waits until the program runs (the pipe closes by itself) or the child tells why it does not.
std::optional<ChildFailure> read_failure(const Fd& failures) {
  ChildFailure failure;
  ssize_t got = 0;
  do {
    got = ::read(failures.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof failure) return {};
  return failure;
}

Failure to_failure(const ChildFailure& failure, const Command& command) {
  const std::string name = one_line(command.argv.front(), 60);
  switch (failure.at) {
    case ChildFailure::At::Folder:
      return start_failure(failure.error_number,
                           fmt::format("cannot run {} in {}", name, one_line(command.cwd)));
    case ChildFailure::At::Program:
      return start_failure(failure.error_number, fmt::format("cannot run {}", name));
    case ChildFailure::At::Parent: break;
  }
  return fail(Fault::Internal, "cannot run {}: its parent is not ours", name);
}

struct Streams {
  int in;
  int out;
  int err;
};

/// The pid, or the error of fork itself.
Result<pid_t> start(const Command& command, const std::string& program, const Streams& streams,
                    int failures) {
  std::vector<std::string> entries = environment_of(command);
  std::vector<char*> environment = pointers_to(entries);
  ChildSide side;
  side.folder = command.cwd.c_str();
  side.environment = environment.data();
  side.parent = ::getpid();
  side.failures = failures;
  side.restores_limit = !command.many_files;
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  std::error_code error;
  const SignalsBlocked blocked;
  errno = 0;
  // A fork would copy the page tables of all that we hold, for each git.
  bp::child child(bp::exe = program, bp::args = arguments, side, bp::posix::use_vfork,
                  bp::posix::fd.bind(STDIN_FILENO, streams.in),
                  bp::posix::fd.bind(STDOUT_FILENO, streams.out),
                  bp::posix::fd.bind(STDERR_FILENO, streams.err), error);
  const int error_number = error ? error.value() : errno;
  child.detach();
  // Boost says nothing where it had no pipe for itself: then there is just no process. To take its
  // -1 for one would be to signal everybody.
  if (error || child.id() <= 0) {
    return start_failure(error_number, fmt::format("cannot start {}", command.argv.front()));
  }
  return child.id();
}

}  // namespace

Result<Launched> launch(const Command& command, Input input) {
  if (const Status good = check(command); !good) return passed_on(good);
  const auto program = find_program(command);
  if (!program) {
    return hinted(fail(Fault::NotFound, "cannot run {}: it is not in PATH",
                       one_line(command.argv.front(), 60)),
                  "install it, or write where it is");
  }

  auto out = make_pipe();
  auto err = make_pipe();
  auto failures = make_pipe();
  auto in = input == Input::Pipe ? make_pipe() : Result<PipeEnds>(PipeEnds{});
  for (const auto* pipe : {&out, &err, &failures, &in}) {
    if (!*pipe) return passed_on(*pipe);
  }
  if (input == Input::Null) in->read = Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!in->read) return start_failure(errno, "cannot open /dev/null");

  const Streams streams{in->read.get(), out->write.get(), err->write.get()};
  const Result<pid_t> pid = start(command, *program, streams, failures->write.get());
  if (!pid) return passed_on(pid);
  failures->write.reset();
  if (const auto failure = read_failure(failures->read)) {
    ::waitpid(*pid, nullptr, 0);
    return to_failure(*failure, command);
  }
  ProcessId process = identify(*pid);
  process.pid = *pid;  // it may have ended already, but it is there until it is reaped
  return Launched{std::move(process), std::move(in->write), std::move(out->read),
                  std::move(err->read)};
}

}  // namespace orch::loop
