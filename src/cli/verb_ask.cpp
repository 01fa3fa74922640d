// abort, retry, merge, hold, release, down: what a person asks of the supervisor.
#include "app/our_processes.hpp"
#include "app/supervisor_client.hpp"
#include "app/tmux_host.hpp"
#include "cli/attach.hpp"
#include "cli/blocking.hpp"
#include "cli/lost_run.hpp"
#include "cli/output.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace orch::cli {
namespace {

// tmux's own 750 ms are too short to read a sentence. Any key ends it.
constexpr Span kShownFor = std::chrono::seconds(4);

/// A key binding has no terminal: its answer goes to the status line of the client that pressed it.
void tell_client(const Site& site, const std::string& client, const std::string& text) {
  const Result<Config> config = config_of(site);
  if (!config) return;
  Blocking blocking;
  // A client that has gone meanwhile does not want to know.
  (void)blocking.wait(tmuxctl::tell_client(
      blocking.children, app::tmux_server(config->tmux, site.places.repository()).address, client,
      one_line(text, 200), kShownFor));
}

int answer(const Site& site, const Options& options, const Status& status,
           const std::string& done) {
  if (!options.client.empty()) {
    tell_client(site, options.client, status ? done : status.error().what);
    // tmux would show another status in the place of the agent's screen.
    return status::kOk;
  }
  if (!status) return complain(status.error());
  print(done + "\n");
  return status::kOk;
}

/// `done` is what comes behind "T1 is"; `done_to_all`, where it is different, behind "all tasks
/// are".
int ask_for(const Options& options, Verb verb, std::string_view done,
            std::string_view done_to_all = {}) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  PersonAsked request{verb, {}};
  if (!options.all) {
    const Result<TaskId> task = task_of(*site, options);
    if (!task) return answer(*site, options, passed_on(task), {});
    request.task = *task;
  }
  const Status answered =
      app::ask_supervisor(site->places, site->run.info.id, own_program(), request);
  std::string text = options.all
                         ? fmt::format("all tasks are {}", done_to_all.empty() ? done : done_to_all)
                         : fmt::format("{} is {}", one_line(request.task.value, 80), done);
  const bool stopped = site->run.state.run.phase == RunPhase::Stopped;
  if (stopped) text += "; the run is stopped, `tmux-orch up` goes on with it";
  return answer(*site, options, answered, text);
}

/// The tasks whose work waits to be looked at or saved, for room on the disk or the like, and why.
std::string unsaved(const Site& site) {
  const Result<app::RunOnDisk> run = app::load_newest(site.places);
  if (!run) return {};
  std::string text;
  for (const auto& [id, entry] : run->state.pending) {
    const auto* rescue = std::get_if<RescueWork>(&entry.effect);
    const auto* collect = std::get_if<CollectWork>(&entry.effect);
    if (rescue == nullptr && collect == nullptr) continue;
    const std::string& worktree = rescue != nullptr ? rescue->worktree : collect->worktree;
    text += fmt::format("the work of {} is not saved yet and is in {}: {}\n",
                        one_line(task_of(entry.effect).value, 80), one_line(worktree, 200),
                        one_line(entry.retry.trouble, 300));
  }
  return text;
}

/// What a run that was stopped says of its work. That of a blocked task may be what could not be
/// saved.
std::string stopped_text(const Site& site) {
  const Result<app::RunOnDisk> run = app::load_newest(site.places);
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
  const app::Places places(facts->root);
  const ProcessId supervisor = app::supervisor_of(places.repository());
  if (supervisor) {
    const Verb verb = options.keep_agents ? Verb::DownKeepAgents : Verb::Down;
    const Status answered = app::ask_living(places, PersonAsked{verb, {}});
    if (!answered) return complain(answered.error());
    while (is_alive(supervisor))
      ::usleep(20'000);
    print("the supervisor has ended\n");
    return status::kOk;
  }
  if (options.keep_agents || reason.fault != Fault::NotFound) return complain(reason);
  const Result<LostRun> lost = clear_lost_run(*facts, places);
  if (!lost) return complain(lost.error());
  if (!lost->found()) return complain(reason);
  print(fmt::format("the records of the run were removed: {}\n", lost->text()));
  return status::kOk;
}

}  // namespace

int verb_abort(const Options& options) {
  return ask_for(options, Verb::Abort, "being aborted; its work is being saved",
                 "being aborted; their work is being saved");
}

int verb_retry(const Options& options) {
  return ask_for(options, Verb::Retry, "started again");
}

int verb_merge(const Options& options) {
  return ask_for(options, Verb::Merge, "to be merged as it is");
}

int verb_hold(const Options& options) {
  return ask_for(options, Verb::Hold, "held");
}

int verb_release(const Options& options) {
  return ask_for(options, Verb::Release, "released");
}

int verb_down(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return down_without_records(options, site.error());
  const RunPhase phase = site->run.state.run.phase;
  const bool over =
      phase == RunPhase::Stopped || phase == RunPhase::Finished || phase == RunPhase::BaseRed;
  if (!over) {
    const PersonAsked request{options.keep_agents ? Verb::DownKeepAgents : Verb::Down, {}};
    const Status answered =
        app::ask_supervisor(site->places, site->run.info.id, own_program(), request);
    if (!answered) return complain(answered.error());
    while (app::supervisor_alive(site->places))
      ::usleep(20'000);
  }
  if (!options.keep_agents) {
    if (const Status closed = close_session(*site); !closed) return complain(closed.error());
  }
  if (const std::string text = unsaved(*site); !text.empty()) {
    print("the run is stopped; `tmux-orch up` goes on\n" + text);
    return status::kOk;
  }
  print(options.keep_agents
            ? std::string("the supervisor has ended; agents go on, `tmux-orch up` finds them\n")
        : over ? std::string("the run was over already; its session is closed\n")
               : stopped_text(*site));
  return status::kOk;
}

}  // namespace orch::cli
