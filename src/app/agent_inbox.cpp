// What comes from agents by itself.
#include "app/agent_inbox.hpp"

#include "app/last_words.hpp"
#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "loop/loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

namespace orch::app {
namespace {

// An agent may flood its spool, and what is put aside there is a change as well.
constexpr Span kQuiet = std::chrono::seconds(1);

/// The shim as the store has it; where a start was not confirmed, as the kernel has it.
ProcessId believed_shim(const AgentRun& agent, const fs::path& folder) {
  const ProcessId recorded = recorded_shim(agent, folder);
  return recorded ? recorded : shim_of(folder);
}

AgentExited exit_of(const fs::path& folder, const TaskId& task, int number) {
  AgentExited event{.task = task, .attempt = number};
  const auto exit = shim::read_exit(folder);
  if (!exit) {
    event.kind = ExitKind::Lost;
    return event;
  }
  const shim::ProcessEnd& outcome = exit->outcome;
  event.code = outcome.code;
  switch (outcome.ending) {
    case shim::EndKind::Code:
      event.kind = ExitKind::Code;
      if (event.code != 0) event.last_words = last_words(folder);
      break;
    case shim::EndKind::Signal:
      event.kind = ExitKind::Signal;
      event.code = outcome.signal;
      break;
    case shim::EndKind::TimedOut:
    case shim::EndKind::Stopped: event.kind = ExitKind::Stopped; break;
    case shim::EndKind::Hangup: event.kind = ExitKind::Hangup; break;
    case shim::EndKind::NotStarted:
      event.kind = ExitKind::NotStarted;
      event.why = one_line(outcome.reason, 300);
      break;
  }
  return event;
}

}  // namespace

struct AgentInbox::Followed {
  std::optional<loop::Watch> spool;  ///< none: there is no such folder to watch
  std::optional<loop::ExitWatch> exit;
};

AgentInbox::AgentInbox(loop::Loop& loop, RunPaths run, std::function<void(const TaskId&)> wrote)
    : loop_(loop), run_(std::move(run)), wrote_(std::move(wrote)) {}

AgentInbox::~AgentInbox() = default;

std::vector<AgentReported> AgentInbox::read(const AgentRun& agent) {
  const fs::path folder = run_.attempt(agent.task, agent.attempt);
  return Spool(folder, agent.task, agent.attempt, agent.token).read();
}

void AgentInbox::forget(const AgentReported& report) {
  const fs::path folder = run_.attempt(report.task, report.attempt);
  Spool(folder, report.task, report.attempt, {}).forget(report);
}

void AgentInbox::follow(const AgentRun& agent, Exited exited) {
  const fs::path folder = run_.attempt(agent.task, agent.attempt);
  const ProcessId shim = believed_shim(agent, folder);
  const auto ended = [folder, task = agent.task, number = agent.attempt,
                      exited = std::move(exited)] { exited(exit_of(folder, task, number)); };
  unfollow(agent.task);
  // A process number that is somebody else's by now must not be watched in its place.
  if (!is_alive(shim)) return loop_.post(ended);
  auto& followed = *(followed_[agent.task] = std::make_unique<Followed>());
  followed.exit.emplace(loop_, shim.pid, ended);
  const fs::path spool = folder / kSpoolFolder;
  std::error_code ec;
  if (!wrote_ || !fs::is_directory(spool, ec)) return;
  followed.spool.emplace(loop_, spool.string(), kQuiet,
                         [this, task = agent.task] { wrote_(task); });
}

void AgentInbox::unfollow(const TaskId& task) {
  followed_.erase(task);
}

}  // namespace orch::app
