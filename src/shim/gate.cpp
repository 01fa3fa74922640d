// Runs the commands of a gate one after the other, until one fails.
#include "orch/base/failpoint.hpp"
#include "shim/launch.hpp"
#include "shim/life.hpp"
#include "shim/logs.hpp"
#include "shim/modes.hpp"
#include "shim/relay.hpp"
#include "shim/signals.hpp"
#include "shim/takeover.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace orch::shim {
namespace {

/// NAME=VALUE in the place of what has that name.
void set_variable(std::vector<std::string>& env, const std::string& variable) {
  const std::string prefix = variable.substr(0, variable.find('=') + 1);
  std::erase_if(env, [&prefix](const std::string& other) { return other.starts_with(prefix); });
  env.push_back(variable);
}

class GateRun {
 public:
  GateRun(std::filesystem::path folder, GateSpec spec, Signals signals)
      : folder_(std::move(folder)),
        spec_(std::move(spec)),
        signals_(std::move(signals)),
        log_(folder_ / attempt_file::kGateLog) {}

  int run();

 private:
  ProcessEnd run_command(const GateCommand& command);
  Result<pid_t> start(const GateCommand& command);
  void watch(Life& life, Span deadline);
  void read_output();
  int record_result(std::vector<ProcessEnd> outcomes);

  std::filesystem::path folder_;
  GateSpec spec_;
  Signals signals_;
  EndsLog log_;
  Fd output_;  // what the command prints, until its end
  std::uint64_t bytes_ = 0;
  int stopped_by_ = 0;  // the signal that asked us to stop
  std::int64_t started_ms_ = wall_ms();
};

int GateRun::run() {
  // Should the folder have been used before, its result must not be taken for ours.
  ::unlink((folder_ / attempt_file::kGateResult).c_str());
  std::vector<ProcessEnd> outcomes;
  bool passed = true;
  for (auto command = spec_.commands.begin(); passed && command != spec_.commands.end();
       ++command) {
    outcomes.push_back(run_command(*command));
    passed = outcomes.back().ok();
    // Half a gate says nothing about the tree: no result.
    if (stopped_by_ != 0) return shim_status::kSignalBase + stopped_by_;
  }
  return record_result(std::move(outcomes));
}

Result<pid_t> GateRun::start(const GateCommand& command) {
  if (::chdir(command.cwd.c_str()) != 0) {
    return errno_failure(errno, "cannot run in " + command.cwd);
  }
  const Fd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{};
  if (!nothing || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return errno_failure(errno, "cannot connect the command");
  }
  output_ = Fd(ends[0]);
  const Fd input(ends[1]);
  // Only our end: the command's must block as pipes do.
  ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
  std::vector<std::string> env = spec_.env;
  for (const std::string& variable : command.env)
    set_variable(env, variable);
  return launch(
      {.argv = command.argv, .env = std::move(env), .in = nothing.get(), .out = input.get()});
}

ProcessEnd GateRun::run_command(const GateCommand& command) {
  log_.write(fmt::format("$ {}\n", fmt::join(command.argv, " ")));
  bytes_ = 0;
  const Span started = now();
  const auto program = start(command);
  if (!program) {
    log_.write(fmt::format("{}\n", program.error().what));
    return {.ending = EndKind::NotStarted, .reason = program.error().what};
  }
  failpoint("gate.launched");
  Life life(*program, started, spec_.grace);
  watch(life, now() + command.timeout);
  output_.reset();
  ProcessEnd outcome = life.outcome();
  outcome.bytes = bytes_;
  return outcome;
}

void GateRun::watch(Life& life, Span deadline) {
  while (!life.over()) {
    const auto look = life.next_look();
    std::array<pollfd, 2> ready{{{output_.get(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), poll_timeout(look ? std::min(*look, deadline) : deadline));
    if (ready[0].revents != 0) read_output();
    while (const int number = signals_.next()) {
      if (number == SIGCHLD) continue;
      stopped_by_ = number;
      life.stop(EndKind::Stopped);
    }
    if (now() >= deadline) {
      life.stop(EndKind::TimedOut);
      deadline = Span::max();
    }
    life.advance(!output_);
  }
}

void GateRun::read_output() {
  std::string bytes;
  if (read_some(output_.get(), bytes) == Got::End) output_.reset();
  bytes_ += bytes.size();
  log_.write(bytes);
}

int GateRun::record_result(std::vector<ProcessEnd> outcomes) {
  log_.finish();
  GateResult result{.key = spec_.key, .tree = spec_.tree, .outcomes = std::move(outcomes)};
  result.passed = std::ranges::all_of(result.outcomes, &ProcessEnd::ok);
  result.started_ms = started_ms_;
  result.ended_ms = wall_ms();
  result.log_error = log_.error();
  failpoint("gate.result");
  const auto path = folder_ / attempt_file::kGateResult;
  if (const Status written = write_file(path, to_record(result).encode(), 0600, true); !written) {
    complain(written.error().what);
    return shim_status::kSystem;
  }
  return result.passed ? 0 : 1;
}

}  // namespace

int run_gate(const std::filesystem::path& folder) {
  // A gate is of no use to anybody once its supervisor is dead.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  auto spec = read_gate_spec(folder);
  if (!spec) {
    complain(spec.error().what);
    return shim_status::kBadSpec;
  }
  Signals signals({SIGTERM, SIGHUP, SIGINT}, {SIGPIPE, SIGXFSZ});
  const auto lock = lock_file(folder / attempt_file::kLock);
  if (!lock) {
    complain(lock.error().what);
    return lock.error().fault == Fault::Busy ? shim_status::kTaken : shim_status::kSystem;
  }
  become_reaper();
  return GateRun(folder, std::move(*spec), std::move(signals)).run();
}

}  // namespace orch::shim
