// What comes from agents by itself.
#include "app/agent_inbox.hpp"

#include "app/last_words.hpp"
#include "app/our_processes.hpp"
#include "app/spool.hpp"
#include "app/status_file.hpp"
#include "app/taken_reports.hpp"
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

/// A file of a spool is taken away.
bool stays_to_be_seen(const AgentReported& report) {
  return report.id.starts_with("status-") || report.id.starts_with("marker-");
}

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
  std::optional<loop::Watch> spool;     ///< none: there is no such folder to watch
  std::optional<loop::Watch> worktree;  ///< in which its status file may be
  std::optional<loop::ExitWatch> exit;
};

/// What stays where it was seen.
struct AgentInbox::Seen {
  Seen(const fs::path& folder, fs::path worktree, const AgentRun& agent)
      : attempt(agent.attempt),
        taken(folder),
        status(folder, std::move(worktree),
               {agent.task, agent.attempt, attempt_key(agent.task, agent.attempt)}) {}

  int attempt;
  TakenReports taken;
  StatusFile status;
  std::map<std::string, AgentReported> offered;  ///< by the id, and not stored yet
  std::string wrong;                             ///< that was told
  std::optional<loop::Timer> again;  ///< to look at a file that may have been half written
};

AgentInbox::AgentInbox(loop::Loop& loop, RunPaths run, InboxCalls calls)
    : loop_(loop), run_(std::move(run)), calls_(std::move(calls)) {}

AgentInbox::~AgentInbox() = default;

std::vector<AgentReported> AgentInbox::read(const AgentRun& agent) {
  const fs::path folder = run_.attempt(agent.task, agent.attempt);
  std::vector<AgentReported> reports = Spool(folder, agent.task, agent.attempt, agent.token).read();
  if (calls_.worktree_of && !agent.worktree.empty()) read_status(agent, reports);
  const auto seen = seen_.find(agent.task);
  if (seen == seen_.end() || seen->second->attempt != agent.attempt) return reports;
  for (const auto& [id, report] : seen->second->offered)
    reports.push_back(report);
  return reports;
}

void AgentInbox::offer(AgentReported report, const State& state) {
  const TaskRecord* task = state.find(report.task);
  if (task == nullptr || task->attempts != report.attempt) return;
  const AgentRun& agent = state.agent_of(*task);
  Seen& seen = seen_of(agent);
  if (seen.taken.has(report.id)) return;
  const std::string id = report.id;
  const bool is_new = seen.offered.emplace(id, std::move(report)).second;
  if (is_new && calls_.wrote) calls_.wrote(agent.task);
}

AgentInbox::Seen& AgentInbox::seen_of(const AgentRun& agent) {
  std::unique_ptr<Seen>& seen = seen_[agent.task];
  if (seen && seen->attempt == agent.attempt) return *seen;
  seen = std::make_unique<Seen>(run_.attempt(agent.task, agent.attempt),
                                calls_.worktree_of ? calls_.worktree_of(agent) : fs::path(), agent);
  return *seen;
}

void AgentInbox::read_status(const AgentRun& agent, std::vector<AgentReported>& reports) {
  Seen& seen = seen_of(agent);
  const StatusFile::Look& look = seen.status.look();
  if (look.is_there && calls_.has_status_file) calls_.has_status_file();
  if (look.report && !seen.taken.has(look.report->id)) reports.push_back(*look.report);
  const bool may_be_half = !look.wrong.empty() && look.is_fresh;
  if (!may_be_half) return tell_wrong(agent, seen, look.wrong);
  if (!calls_.wrote) return;
  if (!seen.again) seen.again.emplace(loop_, [this, task = agent.task] { calls_.wrote(task); });
  seen.again->once(kQuiet);
}

void AgentInbox::tell_wrong(const AgentRun& agent, Seen& seen, const std::string& wrong) {
  if (std::exchange(seen.wrong, wrong) == wrong || !calls_.wrote_badly) return;
  calls_.wrote_badly({.task = agent.task,
                      .attempt = agent.attempt,
                      .anomaly = Anomaly::BadReport,
                      .amount = wrong.empty() ? 0 : 1,
                      .serial = static_cast<std::int64_t>(fnv1a(wrong) >> 1),
                      .evidence = wrong});
}

void AgentInbox::forget(const AgentReported& report) {
  const fs::path folder = run_.attempt(report.task, report.attempt);
  Spool(folder, report.task, report.attempt, {}).forget(report);
  const auto seen = seen_.find(report.task);
  const bool is_of_it = seen != seen_.end() && seen->second->attempt == report.attempt;
  if (!is_of_it || !stays_to_be_seen(report)) return;
  seen->second->offered.erase(report.id);
  seen->second->taken.add(report.id);
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
  watch(agent, followed);
}

void AgentInbox::watch(const AgentRun& agent, Followed& followed) {
  if (!calls_.wrote) return;
  const auto wrote = [this, task = agent.task] { calls_.wrote(task); };
  std::error_code ec;
  const fs::path spool = run_.attempt(agent.task, agent.attempt) / kSpoolFolder;
  if (fs::is_directory(spool, ec)) followed.spool.emplace(loop_, spool.string(), kQuiet, wrote);
  if (!calls_.worktree_of || !seen_of(agent).status.is_expected()) return;
  const fs::path worktree = calls_.worktree_of(agent);
  if (fs::is_directory(worktree, ec))
    followed.worktree.emplace(loop_, worktree.string(), kQuiet, wrote);
}

void AgentInbox::unfollow(const TaskId& task) {
  followed_.erase(task);
}

}  // namespace orch::app
