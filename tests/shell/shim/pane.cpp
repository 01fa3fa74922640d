// Terminals, children and folders for the tests of the shim.
#include "pane.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <thread>

namespace orch::test {
namespace {

constexpr auto kTimeout = std::chrono::seconds(20);
constexpr std::string_view kStatusRequest = "\x1b[5n";

[[noreturn]] void execute(std::vector<std::string> argv, const Env& env) {
  for (const auto& [name, value] : env)
    ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> pointers;
  for (std::string& argument : argv)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  ::_exit(99);
}

}  // namespace

Folder::Folder() {
  std::string name = std::filesystem::temp_directory_path() / "orch-shim-XXXXXX";
  path_ = ::mkdtemp(name.data());
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool Folder::has(std::string_view name) const {
  return std::filesystem::exists(path_ / name);
}

std::string Folder::text(std::string_view name) const {
  return read_file(path_ / name, 1u << 30).value_or("");
}

shim::AttemptSpec script(const Folder& folder, std::string text) {
  return {.key = "run/T1/1",
          .argv = {"sh", "-c", std::move(text)},
          .cwd = folder.path(),
          .env = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"}};
}

bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + kTimeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

bool ends(const ProcessId& process) {
  return eventually([&] { return !is_alive(process); });
}

Child::~Child() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Child::send(int signal_number) const {
  ::kill(pid_, signal_number);
}

Ended Child::wait() {
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; })) return {};
  pid_ = 0;
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status)};
}

Child run(const std::vector<std::string>& argv, const Env& env) {
  const pid_t pid = ::fork();
  if (pid > 0) return Child(pid);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int stream : {0, 1, 2})
    ::dup2(nothing, stream);
  execute(argv, env);
}

std::string output_of(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Fd out(ends[0]);
  Fd in(ends[1]);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(in.get(), STDOUT_FILENO);
    execute(argv, {});
  }
  in.reset();
  Child child(pid);
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(out.get(), buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  child.wait();
  return text;
}

static Child start_in_terminal(const Folder& folder, const Env& env, Fd& master) {
  const winsize size{.ws_row = 30, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  int fd = -1;
  const pid_t pid = ::forkpty(&fd, nullptr, nullptr, &size);
  if (pid == 0) {
    termios settings{};
    ::tcgetattr(STDIN_FILENO, &settings);
    settings.c_cc[VERASE] = '\b';
    ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
    ::unsetenv("TMUX");
    ::unsetenv("TMUX_PANE");
    ::setenv("TERM", "tmux-256color", 1);
    execute({ORCH_SHIM, folder.path()}, env);
  }
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  master = Fd(fd);
  return Child(pid);
}

Pane::Pane(const Folder& folder, const Env& env) : shim_(start_in_terminal(folder, env, master_)) {}

bool Pane::read_once() {
  pollfd ready{master_.get(), POLLIN, 0};
  const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kTimeout);
  if (::poll(&ready, 1, static_cast<int>(timeout.count())) <= 0) return false;
  std::array<char, 65536> buffer{};
  const ssize_t got = ::read(master_.get(), buffer.data(), buffer.size());
  if (got <= 0) return false;
  seen_.append(buffer.data(), static_cast<std::size_t>(got));
  if (!answered_ && seen_.ends_with(kStatusRequest)) {
    answered_ = true;
    type("\x1b[0n");
  }
  return true;
}

bool Pane::shows(std::string_view text) {
  while (seen_.find(text) == std::string::npos) {
    if (!read_once()) return false;
  }
  return true;
}

void Pane::type(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t done = ::write(master_.get(), bytes.data(), bytes.size());
    if (done <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

void Pane::resize(int columns, int rows) const {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  ::ioctl(master_.get(), TIOCSWINSZ, &size);
}

Ended Pane::finish() {
  while (master_ && read_once()) {
  }
  return shim_.wait();
}

std::string Pane::output() const {
  std::string text = seen_;
  if (text.ends_with(kStatusRequest)) text.resize(text.size() - kStatusRequest.size());
  return text;
}

}  // namespace orch::test
