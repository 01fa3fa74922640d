// hook: an event of an agent's CLI becomes a report of its attempt. One process is waited for, and
// another one does the work.
#include "agents/hook_call.hpp"
#include "app/paths.hpp"
#include "app/reminders.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "app/supervisor_client.hpp"
#include "cli/hook.hpp"
#include "cli/verbs.hpp"
#include "loop/socket.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/process.hpp"
#include "orch/core/event.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace orch::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// The CLI waits for the process that it has started, which waits no longer than this for the one
// that does the work. That one has more time, so that a machine with much to do loses no event; a
// disk or a socket that hangs is left by the signal.
constexpr auto kCallTime = std::chrono::milliseconds(250);
constexpr auto kWorkTime = std::chrono::seconds(3);
// Later the CLI might have left before it is told to go on.
constexpr auto kTimeToSay = std::chrono::milliseconds(150);
constexpr auto kFirstByte = std::chrono::seconds(2);
constexpr auto kNextByte = std::chrono::milliseconds(100);
constexpr std::size_t kLongestInput = 256u << 10;
// What claude, codex and qwen take as: do not end the turn, here is why.
constexpr int kGoOn = 2;

extern "C" void leave(int) {
  ::_exit(0);
}

/// An alarm that was blocked or ignored by who called us would not ring.
void leave_after(std::chrono::microseconds span) {
  struct sigaction action {};

  action.sa_handler = leave;
  ::sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm;
  ::sigemptyset(&alarm);
  ::sigaddset(&alarm, SIGALRM);
  ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  constexpr auto kSecond = std::chrono::microseconds(std::chrono::seconds(1));
  const itimerval time{{0, 0}, {span / kSecond, (span % kSecond).count()}};
  ::setitimer(ITIMER_REAL, &time, nullptr);
}

/// As much as comes in time: an input that is never closed, or never ends, is cut. What is typed
/// at a terminal is for the CLI.
std::string read_input() {
  std::string text;
  if (::isatty(STDIN_FILENO) != 0) return text;
  std::array<char, 16u << 10> buffer{};
  while (text.size() < kLongestInput) {
    const std::chrono::milliseconds patience = text.empty() ? kFirstByte : kNextByte;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, static_cast<int>(patience.count())) <= 0) break;
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The attempt that the environment names. That it is ours, the token says, which the supervisor
/// looks at: finding out here who calls would take too long.
fs::path attempt_folder() {
  fs::path folder = variable("TMUX_ORCH_ATTEMPT");
  std::error_code ec;
  if (!folder.is_absolute() || !fs::is_directory(folder / app::kSpoolFolder, ec)) return {};
  return folder;
}

/// Of a program that an agent has started elsewhere the conversation is not the attempt's. One that
/// does not say where it works is believed.
bool works_elsewhere(const HookInput& input, const fs::path& attempt) {
  const Result<shim::AttemptSpec> spec = shim::read_attempt_spec(attempt);
  if (input.folder.empty() || !spec) return false;
  std::error_code ec;
  const fs::path worktree = fs::canonical(spec->cwd, ec);
  const fs::path folder = fs::canonical(input.folder, ec);
  const auto [at, rest] =
      std::mismatch(worktree.begin(), worktree.end(), folder.begin(), folder.end());
  return worktree.empty() || at != worktree.end();
}

/// The text that lets the agent go on; empty: its turn may end.
std::string reminder(const HookInput& input, const fs::path& attempt, const app::Paths& paths) {
  if (!input.is_turn_end || !input.is_whole || input.has_background) return {};
  return app::reminder_at_turn_end(attempt, app::supervisor_alive(paths));
}

/// All of it, or nothing counts. A pipe that is full and that nobody reads is left by the signal.
bool write_all(int to, const std::string& text) {
  return ::write(to, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

/// Spools the report and notifies. What the CLI is to be told goes to `answer`, once the report is
/// there: the two ways to remind have one count.
void tell(std::string_view event, int answer) {
  const auto begin = Clock::now();
  const fs::path attempt = attempt_folder();
  if (attempt.empty()) return;
  const std::string text = read_input();
  const HookInput input = read_hook_input(event, text);
  if (input.call.event.empty()) return;
  // <repository>/.tmux-orch/runs/<run>/attempts/<key>
  const fs::path run = attempt.parent_path().parent_path();
  const app::Paths paths(run.parent_path().parent_path().parent_path());
  std::string to_say;
  if (Clock::now() - begin < kTimeToSay) to_say = reminder(input, attempt, paths);
  AgentReported report;
  report.id = app::fresh_id();
  report.kind = ReportKind::Hook;
  report.hook = input.call;
  if (works_elsewhere(input, attempt)) report.hook.session.clear();
  if (!to_say.empty()) {
    report.hook.reminded = true;
    report.hook.activity = Activity::Busy;
  }
  const Status spooled = app::spool_report(attempt, report, variable("TMUX_ORCH_TOKEN"));
  if (!spooled) return;
  if (!to_say.empty()) (void)write_all(answer, to_say);
  ::close(answer);
  loop::notify(paths.socket(), app::notification_line(attempt.filename().string()));
}

/// Of the CLI it keeps the input alone: who waits for the end of anything else that we hold does
/// not wait for it.
[[noreturn]] void work(std::string_view event, int answer) {
  leave_after(kWorkTime);
  ::setsid();
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  constexpr int kAnswer = STDERR_FILENO + 1;
  if (answer != kAnswer) ::dup2(answer, kAnswer);
  ::close_range(kAnswer + 1, ~0U, 0);
  try {
    tell(event, kAnswer);
  } catch (...) {  // whatever it is, the CLI is not to know of it
  }
  ::_exit(0);
}

/// What has come when the other end is closed; empty: it was not, in time.
std::string read_answer(int from) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0) return {};
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

struct Options {
  std::vector<std::string> words;
};

void add_options(OptionList& list, Options& options) {
  list.needed_words("EVENT", options.words, "as the CLI names it, such as Stop");
}

int call_hook(const Options& options) {
  run_hook(options.words.front());
}

}  // namespace

bool is_hook_call(int argc, char** argv) {
  if (argc < 2 || std::string_view(argv[1]) != "hook") return false;
  const std::string_view next = argc > 2 ? argv[2] : "";
  return next != "--help" && next != "-h";
}

void run_hook(std::string_view event) {
  leave_after(kCallTime);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is like a full disk
  open_standard_streams();
  std::array<int, 2> line{};
  if (::pipe2(line.data(), O_CLOEXEC) != 0) ::_exit(0);
  const pid_t worker = ::fork();
  if (worker < 0) ::_exit(0);
  if (worker == 0) {
    ::close(line[0]);
    work(event, line[1]);
  }
  ::close(line[1]);
  const std::string text = read_answer(line[0]);
  ::_exit(!text.empty() && write_all(STDERR_FILENO, text) ? kGoOn : 0);
}

const Verb kHookVerb{"hook", kAgents, "an event of an agent's own program; called by its hooks",
                     "tmux-orch hook Stop", begin<add_options, call_hook>};

}  // namespace orch::cli
