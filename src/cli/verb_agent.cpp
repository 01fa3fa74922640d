// done, blocked, progress, notify, whoami: what an agent says in its pane. A report is a file in
// the attempt's spool, so that it counts whether a supervisor is alive or not.
#include "app/our_processes.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"
#include "git/repository.hpp"
#include "loop/socket.hpp"
#include "orch/base/text.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace orch::cli {
namespace {

/// The attempt that speaks.
struct Seat {
  app::Places places;
  app::RunOnDisk run;
  fs::path folder;
  TaskId task;
  int attempt = 0;
  std::string token;

  const TaskRecord& record() const { return *run.state.find(task); }
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Failure is_over() {
  return hinted(fail(Fault::Refused, "the attempt of this pane is over"),
                "a newer attempt works on the task, or a newer run");
}

/// The attempt with this folder, if it is the newest one of its task.
Result<Seat> seat_at(const fs::path& folder) {
  // <repository>/.tmux-orch/runs/<run>/attempts/<key>
  const fs::path run = folder.parent_path().parent_path();
  const app::Places places(run.parent_path().parent_path().parent_path());
  Result<app::RunOnDisk> disk = app::load_for_verb(places);
  if (!disk) return passed_on(disk);
  for (const TaskRecord& task : disk->state.tasks) {
    if (app::attempt_key(task.id(), task.attempt.number) != folder.filename()) continue;
    if (disk->info.id != run.filename()) break;
    return Seat{places, *disk, folder, task.id(), task.attempt.number, task.attempt.token};
  }
  return is_over();
}

/// By the ancestors: the nearest shim that is the one which was started for its attempt.
Result<Seat> seat_of(const std::vector<app::LivingShim>& shims) {
  const std::string token = variable("TMUX_ORCH_TOKEN");
  Result<Seat> seat = is_over();
  for (const app::LivingShim& shim : shims) {
    seat = seat_at(shim.attempt);
    if (!seat) continue;
    const ProcessId recorded = app::recorded_shim(seat->record().attempt);
    // One that has just been started is not stored yet; the supervisor looks at its token.
    if (!recorded) seat->token = token;
    if (!recorded || recorded == shim.process) return seat;
    seat = is_over();
  }
  return seat;
}

/// The ancestors say which attempt speaks. Where they cannot be seen (in a container, on another
/// host), it is the one that the environment names and whose token it has.
Result<Seat> find_seat() {
  const fs::path named = variable("TMUX_ORCH_ATTEMPT");
  const std::vector<app::LivingShim> shims = app::shims_above(::getpid(), "/");
  if (!shims.empty()) {
    Result<Seat> seat = seat_of(shims);
    if (!seat || named.empty() || named == seat->folder) return seat;
    return hinted(fail(Fault::Refused, "this is the agent of {}, and TMUX_ORCH_ATTEMPT names {}",
                       one_line(seat->task.value, 80), one_line(named.filename().string(), 80)),
                  "an agent reports about its own task: leave that variable as it was");
  }
  if (named.empty()) {
    return hinted(
        fail(Fault::Refused, "this verb is for agents, in the pane they were started in"),
        "people have `tmux-orch merge`, `tmux-orch abort`, `tmux-orch retry` and `tmux-orch hold`");
  }
  Result<Seat> seat = seat_at(named);
  if (!seat || seat->token.empty() || seat->token == variable("TMUX_ORCH_TOKEN")) return seat;
  return hinted(fail(Fault::Refused,
                     "this is not the agent of {}, whose attempt "
                     "TMUX_ORCH_ATTEMPT names",
                     one_line(seat->task.value, 80)),
                "an agent in a container needs TMUX_ORCH_TOKEN as well; people have "
                "`tmux-orch merge`, `tmux-orch abort`, `tmux-orch retry` and `tmux-orch hold`");
}

int report(const Seat& seat, AgentReported report) {
  if (is_final(seat.record().state)) {
    return complain(Error{Fault::Refused,
                          fmt::format("{} is {} already", one_line(seat.task.value, 80),
                                      to_text(seat.record().state)),
                          "there is nothing left to report about it"});
  }
  report.id = app::fresh_id();
  report.task = seat.task;
  report.attempt = seat.attempt;
  if (const Status spooled = app::spool_report(seat.folder, report, seat.token); !spooled) {
    return complain(spooled.error());
  }
  loop::ring(seat.places.socket(), app::kRing);
  print(fmt::format("{}: {} recorded\n", one_line(seat.task.value, 80), to_text(report.kind)));
  return status::kOk;
}

int say(ReportKind kind, const Options& options) {
  const Result<Seat> seat = find_seat();
  if (!seat) return complain(seat.error());
  AgentReported event;
  event.kind = kind;
  event.text = options.words.empty() ? "" : options.words[0];
  return report(*seat, event);
}

/// Said while there is still something to do about it: what is not committed does not land.
Status refuse_uncommitted(const Seat& seat, const git::WorktreeStatus& work) {
  const auto& agents = seat.run.state.run.rules.agents;
  const auto rules = agents.find(seat.record().attempt.agent);
  const bool committed_for_it = rules != agents.end() && rules->second.commit;
  if (work.changes.count == 0 || committed_for_it) return {};
  return hinted(fail(Fault::Refused, "{} {} not committed: {}", work.changes.count,
                     work.changes.count == 1 ? "file is" : "files are",
                     one_line(join(work.changes.names, ", "), 200)),
                "commit (`git add -A && git commit`), then `tmux-orch done` again");
}

Status refuse_foreign(const Attempt& attempt, const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    const auto same = [&item](const std::string& one) { return lower(one) == lower(item); };
    if (std::ranges::any_of(attempt.items, same)) continue;
    return hinted(fail(Fault::BadInput, "'{}' is no part of your task", one_line(item, 40)),
                  "its parts are " + one_line(join(attempt.items, ", "), 300));
  }
  return {};
}

}  // namespace

int verb_done(const Options& options) {
  const Result<Seat> seat = find_seat();
  if (!seat) return complain(seat.error());
  const Attempt& attempt = seat->record().attempt;
  AgentReported event;
  event.kind = ReportKind::Done;
  event.text = options.message;
  event.no_changes = options.no_changes;
  event.items = options.items;
  if (const Status refused = refuse_foreign(attempt, options.items); !refused) {
    return complain(refused.error());
  }
  const Result<git::RepositoryFacts> facts = locate_here();
  if (!facts) return complain(facts.error());
  const OpenedGit git = open_git_as_agent(*facts);
  if (!git) return complain(git.error());
  const Result<git::WorktreeStatus> work =
      (*git)->wait((*git)->repository.status_of(attempt.worktree));
  if (!work) return complain(work.error());
  if (const Status refused = refuse_uncommitted(*seat, *work); !refused) {
    return complain(refused.error());
  }
  // What is committed for it later must not be left out by freezing HEAD now.
  if (work->changes.count == 0) event.head = work->head;
  return report(*seat, event);
}

int verb_blocked(const Options& options) {
  return say(ReportKind::Blocked, options);
}

int verb_notify(const Options& options) {
  return say(ReportKind::Notify, options);
}

int verb_progress(const Options& options) {
  const Result<Seat> seat = find_seat();
  if (!seat) return complain(seat.error());
  AgentReported event;
  event.kind = ReportKind::Progress;
  char* end = nullptr;
  event.progress = std::strtod(options.words[0].c_str(), &end);
  const bool number = end != options.words[0].c_str() && *end == '\0';
  if (!number || !(event.progress >= 0 && event.progress <= 1)) {
    complain(Error{Fault::BadInput,
                   fmt::format("'{}' is not a number from 0 to 1", one_line(options.words[0], 40)),
                   "tmux-orch progress 0.5 \"tests written\""});
    return status::kUsage;
  }
  if (options.words.size() > 1) event.text = options.words[1];
  return report(*seat, event);
}

int verb_whoami(const Options& options) {
  const Result<Seat> seat = find_seat();
  if (!seat) return complain(seat.error());
  const Attempt& attempt = seat->record().attempt;
  if (options.json) {
    print_json(ui::whoami_json(seat->run.info.id, seat->record()));
    return status::kOk;
  }
  print(fmt::format("task {}, attempt {}, worker {} ({})\nbranch {}\nworktree {}\n",
                    one_line(seat->task.value, 80), seat->attempt, attempt.worker, attempt.agent,
                    attempt.branch, attempt.worktree));
  return status::kOk;
}

}  // namespace orch::cli
