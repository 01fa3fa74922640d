// What comes from agents by itself.
#include "app/agent_inbox.hpp"

#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "loop/loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {
namespace {

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
    event.why = "was killed together with its shim";
    return event;
  }
  const shim::ProcessEnd& outcome = exit->outcome;
  event.code = outcome.code;
  switch (outcome.ending) {
    case shim::EndKind::Code: event.kind = ExitKind::Code; break;
    case shim::EndKind::Signal:
      event.kind = ExitKind::Signal;
      event.code = outcome.signal;
      event.why = fmt::format("was ended by signal {}", outcome.signal);
      break;
    case shim::EndKind::TimedOut:
    case shim::EndKind::Stopped:
      event.kind = ExitKind::Stopped;
      event.why = "was stopped from outside";
      break;
    case shim::EndKind::Hangup:
      event.kind = ExitKind::Hangup;
      event.why = "its window or the tmux server was closed";
      break;
    case shim::EndKind::NotStarted:
      event.kind = ExitKind::NotStarted;
      event.why = "cannot be started: " + one_line(outcome.reason, 300);
      break;
  }
  return event;
}

}  // namespace

AgentInbox::AgentInbox(loop::Loop& loop, RunPaths run) : loop_(loop), run_(std::move(run)) {}

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
  watches_[agent.task] = std::make_unique<loop::ExitWatch>(loop_, shim.pid, ended);
}

void AgentInbox::unfollow(const TaskId& task) {
  watches_.erase(task);
}

}  // namespace orch::app
