// Runs an agent on a terminal of its own inside the pane, from the claim to the exit record.
#include "orch/base/failpoint.hpp"
#include "shim/deliveries.hpp"
#include "shim/input_judge.hpp"
#include "shim/launch.hpp"
#include "shim/life.hpp"
#include "shim/modes.hpp"
#include "shim/relay.hpp"
#include "shim/signals.hpp"
#include "shim/takeover.hpp"
#include "shim/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

namespace orch::shim {
namespace {

constexpr Span kSignTimeout = std::chrono::seconds(2);

std::optional<Span> earlier(std::optional<Span> one, std::optional<Span> other) {
  if (one && other) return std::min(*one, *other);
  return one ? one : other;
}

class AgentRun {
 public:
  AgentRun(std::filesystem::path folder, AttemptSpec spec, Terminal terminal, Signals signals)
      : folder_(std::move(folder)),
        spec_(std::move(spec)),
        terminal_(std::move(terminal)),
        signals_(std::move(signals)),
        log_(folder_ / attempt_file::kOutput, spec_.log_segment, spec_.log_segments),
        deliveries_(folder_, spec_.key, spec_.socket),
        judge_(deliveries_),
        relay_(terminal_.fd(), log_, judge_) {
    exit_.key = spec_.key;
  }

  int run() {
    terminal_.make_raw();
    exit_.started_ms = wall_ms();
    if (const Status started = start(); started) {
      live();
    } else {
      exit_.outcome.ending = EndKind::NotStarted;
      exit_.outcome.reason = started.error().what;
      relay_.drain();
      relay_.say("orch-shim: " + started.error().what + "\r\n");
    }
    finish_output();
    terminal_.restore();
    return record_exit();
  }

 private:
  Status start();
  Result<Fd> open_input() const;
  std::vector<std::string> environment() const;
  void record_pids(const ProcessId& agent, const std::string& pty) const;
  void live();
  void turn(std::optional<Span> until, Life* life);
  void finish_output();
  int record_exit();

  std::filesystem::path folder_;
  AttemptSpec spec_;
  Terminal terminal_;
  Signals signals_;
  RotatedLog log_;
  FolderDeliveries deliveries_;
  InputJudge judge_;
  Relay relay_;
  Fd slave_;  // kept while the agent lives, so that the inner terminal never hangs up before
  pid_t agent_ = 0;
  AttemptExit exit_;
};

/// The spec's, without what tells a wrong terminal, with what only the pane knows.
std::vector<std::string> AgentRun::environment() const {
  std::vector<std::string> from_pane = spec_.inherit;
  from_pane.emplace_back("TERM");
  std::vector<std::string> names = from_pane;
  names.insert(names.end(), {"COLUMNS", "LINES"});
  std::vector<std::string> env = spec_.env;
  std::erase_if(env, [&](const std::string& entry) {
    return std::ranges::find(names, entry.substr(0, entry.find('='))) != names.end();
  });
  for (const std::string& name : from_pane) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr) env.push_back(name + '=' + value);
  }
  return env;
}

Result<Fd> AgentRun::open_input() const {
  if (spec_.input.empty()) return Fd();
  Fd input(::open(spec_.input.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!input) return errno_failure(errno, "cannot open " + spec_.input);
  return input;
}

Status AgentRun::start() {
  if (::chdir(spec_.cwd.c_str()) != 0) {
    return errno_failure(errno, "cannot run in " + spec_.cwd);
  }
  const auto input = open_input();
  if (!input) return passed_on(input);
  auto inner = open_inner(terminal_);
  if (!inner) return passed_on(inner);
  Launch what{.argv = spec_.wrapper,
              .env = environment(),
              .open_files = spec_.open_files,
              .in = *input ? input->get() : inner->slave.get(),
              .out = inner->slave.get(),
              .terminal = true};
  what.argv.insert(what.argv.end(), spec_.argv.begin(), spec_.argv.end());
  become_reaper();
  const auto agent =
      launch(what, [&](const ProcessId& process) { record_pids(process, inner->name); });
  if (!agent) return passed_on(agent);
  failpoint("shim.launched");
  agent_ = *agent;
  notify(spec_.socket, "started " + spec_.key + "\n");
  relay_.connect(std::move(inner->master));
  slave_ = std::move(inner->slave);
  return {};
}

void AgentRun::record_pids(const ProcessId& agent, const std::string& pty) const {
  const AttemptPids pids{spec_.key, identify(::getpid()), agent, pty};
  // On a full disk it goes on without: the claim names the shim, and the agent is below it.
  (void)write_file(folder_ / attempt_file::kPids, to_record(pids).encode(), 0600);
  failpoint("shim.pids");
}

void AgentRun::turn(std::optional<Span> until, Life* life) {
  const auto [outer, inner] = relay_.interests();
  std::array<pollfd, 3> ready{{outer, inner, {signals_.fd(), POLLIN, 0}}};
  const auto next = earlier(until, relay_.next_look());
  if (::poll(ready.data(), ready.size(), poll_timeout(next)) < 0) return;
  relay_.turn({ready[0], ready[1]});
  while (const int number = signals_.next()) {
    if (number == SIGWINCH) {
      const std::optional<Terminal::Size> size = terminal_.pass_size_to(relay_.inner());
      if (size) relay_.note_size(size->rows, size->columns);
    }
    if (life != nullptr && number == SIGTERM) life->stop(EndKind::Stopped);
    if (life != nullptr && number == SIGHUP) life->stop(EndKind::Hangup);
  }
}

void AgentRun::live() {
  Life life(agent_, now(), spec_.grace, spec_.boxed);
  while (!life.over()) {
    turn(life.next_look(), &life);
    if (!relay_.outer_open()) life.stop(EndKind::Hangup);
    life.advance(!relay_.inner_open());
    if (life.program_ended()) {
      slave_.reset();
      relay_.drain();
    }
  }
  exit_.outcome = life.outcome();
}

/// Everything is dead. What it left in the inner terminal is read, and the outer one gets it all.
void AgentRun::finish_output() {
  slave_.reset();
  relay_.drain();
  const auto read_rest = [&] { return relay_.inner_open() && exit_.outcome.survivors == 0; };
  Span until = now() + kSignTimeout;
  while (read_rest() && now() < until)
    turn(until, nullptr);
  if (relay_.outer_open()) relay_.ask_for_sign();
  std::size_t unwritten = relay_.unwritten();
  until = now() + kSignTimeout;
  while (relay_.outer_open() && !relay_.sign_came() && now() < until) {
    turn(until, nullptr);
    if (relay_.unwritten() < unwritten) until = now() + kSignTimeout;
    unwritten = relay_.unwritten();
  }
}

int AgentRun::record_exit() {
  exit_.outcome.bytes = relay_.bytes();
  exit_.log_error = log_.error();
  exit_.ended_ms = wall_ms();
  failpoint("shim.exit");
  const auto path = folder_ / attempt_file::kExit;
  if (const Status written = write_file(path, to_record(exit_).encode(), 0600, true); !written) {
    complain(written.error().what);
  }
  notify(spec_.socket, "exited " + spec_.key + "\n");
  const ProcessEnd& outcome = exit_.outcome;
  if (outcome.ending == EndKind::NotStarted) return shim_status::kNotStarted;
  return outcome.signal != 0 ? shim_status::kSignalBase + outcome.signal : outcome.code;
}

}  // namespace

int run_agent(const std::filesystem::path& folder) {
  auto spec = read_attempt_spec(folder);
  if (!spec) {
    complain(spec.error().what);
    return shim_status::kBadSpec;
  }
  auto terminal = Terminal::open();
  if (!terminal) {
    complain(terminal.error().what);
    return shim_status::kSystem;
  }
  // From here on a request to stop is answered in the exit record.
  Signals signals({SIGTERM, SIGHUP, SIGWINCH},
                  {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ});
  const auto lock = take_over(folder, spec->key);
  if (!lock && lock.error().fault == Fault::Busy) {
    complain("this attempt was started before; nothing is started now (" + lock.error().what + ")");
    return shim_status::kTaken;
  }
  if (!lock) {
    complain(lock.error().what);
    return shim_status::kSystem;
  }
  return AgentRun(folder, std::move(*spec), std::move(*terminal), std::move(signals)).run();
}

}  // namespace orch::shim
