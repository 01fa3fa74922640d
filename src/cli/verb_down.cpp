// down: stops the run.
#include "app/our_processes.hpp"
#include "app/supervisor_client.hpp"
#include "cli/attach.hpp"
#include "cli/lost_run.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace orch::cli {
namespace {

struct Options {
  bool keep_agents = false;
};

void add_options(OptionList& list, Options& options) {
  list.flag("--keep-agents", options.keep_agents, "agents go on; only the supervisor ends");
}

/// The tasks whose work waits to be looked at or saved, for room on the disk or the like, and why.
std::string unsaved(const RunHandle& handle) {
  const Result<app::RunOnDisk> run = app::load_newest(handle.paths);
  if (!run) return {};
  std::string text;
  for (const auto& [id, entry] : run->state.pending) {
    const auto* rescue = std::get_if<RescueWork>(&entry.effect);
    const auto* collect = std::get_if<CollectWork>(&entry.effect);
    if (rescue == nullptr && collect == nullptr) continue;
    const std::string& worktree = rescue != nullptr ? rescue->worktree : collect->worktree;
    text += fmt::format("the work of {} is not saved yet and is in {}: {}\n",
                        one_line(task_of(entry.effect).value, 80), one_line(worktree, 200),
                        one_line(ui::sentence(entry.retry.trouble), 300));
  }
  return text;
}

/// What a run that was stopped says of its work. That of a blocked task may be what could not be
/// saved.
std::string stopped_text(const RunHandle& handle) {
  const Result<app::RunOnDisk> run = app::load_newest(handle.paths);
  std::vector<std::string> blocked;
  for (const TaskRecord& task : run ? run->state.tasks : std::vector<TaskRecord>()) {
    if (task.state == TaskState::Blocked) blocked.push_back(one_line(task.id().value, 80));
  }
  if (blocked.empty()) return "the run is stopped, its work is saved; `tmux-orch up` goes on\n";
  return fmt::format(
      "the run is stopped, its work is saved, that of {} (blocked) is {}; "
      "`tmux-orch up` goes on\n",
      one_line(join(blocked, ", "), 200),
      blocked.size() == 1 ? "in its worktree" : "in their worktrees");
}

/// What can be stopped where no database says what there is: a supervisor that lives all the same,
/// or agents and worktrees of a run whose records were removed.
int down_without_records(const Options& options, const Error& reason) {
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return complain(facts.error());
  const app::Paths paths(facts->root);
  const ProcessId supervisor = app::supervisor_of(paths.repository());
  if (supervisor) {
    const orch::Verb verb = options.keep_agents ? orch::Verb::DownKeepAgents : orch::Verb::Down;
    const Result<std::string> answered = app::ask_living(paths, UserAsked{verb, {}});
    if (!answered) return complain(answered.error());
    while (is_alive(supervisor))
      ::usleep(20'000);
    print("the supervisor has ended\n");
    return status::kOk;
  }
  if (options.keep_agents || reason.fault != Fault::NotFound) return complain(reason);
  const Result<LostRun> lost = clear_lost_run(*facts, paths);
  if (!lost) return complain(lost.error());
  if (!lost->found()) return complain(reason);
  print(fmt::format("the records of the run were removed: {}\n", lost->text()));
  return status::kOk;
}

/// Whether the run came to its end by itself: what it was asked meanwhile is refused.
bool ends_by_itself(const RunHandle& handle) {
  const Result<app::RunOnDisk> run = app::load_newest(handle.paths);
  if (!run) return false;
  const RunPhase phase = run->state.run.phase;
  return phase == RunPhase::Finishing || phase == RunPhase::Finished;
}

int down(const Options& options) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return down_without_records(options, handle.error());
  bool over = is_over(handle->run.state.run.phase);
  if (!over) {
    const UserAsked request{options.keep_agents ? orch::Verb::DownKeepAgents : orch::Verb::Down,
                            {}};
    const Result<std::string> answered =
        app::ask_supervisor(handle->paths, handle->run.info.id, own_program(), request);
    if (!answered && !ends_by_itself(*handle)) return complain(answered.error());
    over = !answered;
    while (app::supervisor_alive(handle->paths))
      ::usleep(20'000);
  }
  if (!options.keep_agents) {
    if (const Status closed = close_session(*handle); !closed) return complain(closed.error());
  }
  if (const std::string text = unsaved(*handle); !text.empty()) {
    print("the run is stopped; `tmux-orch up` goes on\n" + text);
    return status::kOk;
  }
  print(options.keep_agents
            ? std::string("the supervisor has ended; agents go on, `tmux-orch up` finds them\n")
        : over ? std::string("the run was over already; its session is closed\n")
               : stopped_text(*handle));
  return status::kOk;
}

}  // namespace

const Verb kDownVerb{"down", kPeople, "stop the run; work is saved, `up` goes on", "tmux-orch down",
                     begin<add_options, down>};

}  // namespace orch::cli
