// status, report, events, watch: what the database says of the newest run.
#include "app/git_settings.hpp"
#include "app/run_clock.hpp"
#include "app/supervisor_client.hpp"
#include "app/trash_place.hpp"
#include "cli/follow.hpp"
#include "cli/live_store.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/core/codec.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <time.h>

#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

constexpr int kRowsAtOnce = 1000;

ui::RunView view_of(const Site& site) {
  ui::RunView view;
  view.run = site.run.info.id;
  view.supervisor_pid = app::supervisor_pid(site.places);
  view.colour = colours();
  view.columns = columns();
  const app::RunPlaces files(site.places.run(site.run.info.id));
  const double now = static_cast<double>(app::RunClock::wall_ms()) / 1000.0;
  for (const TaskRecord& task : site.run.state.tasks) {
    if (!task.attempt.alive) continue;
    const fs::path log =
        files.attempt(task.id(), task.attempt.number) / shim::attempt_file::kOutput;

    struct stat attributes {};

    // An agent may have put a link in its place.
    if (::lstat(log.c_str(), &attributes) != 0) continue;
    const double written = static_cast<double>(attributes.st_mtim.tv_sec) +
                           static_cast<double>(attributes.st_mtim.tv_nsec) / 1e9;
    view.last_output_s[task.id()] = std::max(0.0, now - written);
  }
  return view;
}

std::string event_json(const store::TraceRow& row) {
  return fmt::format(
      "{{\"schema\":1,\"seq\":{},\"run\":\"{}\",\"at_ms\":{},\"wall_ms\":{},"
      "\"facts\":{}}}\n",
      row.seq, row.run, to_ms(row.at), row.wall_ms, encode(row.facts));
}

using Rows = std::vector<store::TraceRow>;

/// Did an agent, or the user, change what git's configuration says of programs?
std::string configuration_news(const Site& site) {
  const OpenedGit git = open_git(site.facts);
  if (!git) return git.error().what;
  const app::RunPlaces files(site.places.run(site.run.info.id));
  return (*git)->wait(app::changed_configuration((*git)->repository, files.git()));
}

/// All that was stored behind `seq`, which moves on.
Result<Rows> rows_after(const store::Store& store, const std::string& run, std::int64_t& seq) {
  Rows all;
  while (true) {
    const Result<Rows> rows = store.trace(run, seq, kRowsAtOnce);
    if (!rows) return rows;
    if (!rows->empty()) seq = rows->back().seq;
    all.insert(all.end(), rows->begin(), rows->end());
    if (rows->size() < kRowsAtOnce) return all;
  }
}

std::vector<std::string> event_lines(const Rows& rows, bool json) {
  std::vector<std::string> lines;
  for (const store::TraceRow& row : rows) {
    if (json) {
      lines.push_back(event_json(row));
      continue;
    }
    for (const Fact& fact : row.facts)
      lines.push_back(ui::event_line(fact, row.wall_ms) + "\n");
  }
  return lines;
}

bool is_over(RunPhase phase) {
  return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::BaseRed;
}

}  // namespace

int verb_status(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  ui::RunView view = view_of(*site);
  if (const Result<Config> config = config_of(*site)) {
    const fs::path trash = app::trash_folder(site->places.repository(), config->worktree);
    const std::string warning = app::trash_warning(trash, config->worktrees);
    if (!warning.empty()) view.hints.push_back(warning);
  }
  const std::string changed = options.json ? "" : configuration_news(*site);
  if (!changed.empty()) view.hints.push_back(changed);
  options.json ? print_json(ui::status_json(site->run.state, view))
               : print(ui::status_text(site->run.state, view));
  return status::kOk;
}

int verb_report(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  State state = site->run.state;
  if (state.run.ended < state.run.started || state.run.ended == Time{}) {
    // Not over yet: the figures are as of the last event.
    for (const TaskRecord& task : state.tasks) {
      state.run.ended = std::max(state.run.ended, task.changed_at);
    }
  }
  const ui::RunView view = view_of(*site);
  options.json ? print_json(ui::report_json(state, view)) : print(ui::summary_text(state, view));
  return status::kOk;
}

int verb_events(const Options& options) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  LiveStore live(site->places);
  std::int64_t seq = 0;
  bool first = true;
  while (true) {
    // Asked before reading: what was written by then is printed before we end.
    const bool alive = app::supervisor_alive(site->places);
    const Result<const store::Store*> store = live.now(seq);
    if (!store) return complain(store.error());
    const Result<Rows> rows = rows_after(**store, site->run.info.id, seq);
    if (!rows) return complain(rows.error());
    const std::vector<std::string> lines = event_lines(*rows, options.json);
    std::size_t from = 0;
    const auto wanted = static_cast<std::size_t>(std::max(0, options.lines));
    if (first && wanted > 0 && lines.size() > wanted) from = lines.size() - wanted;
    for (std::size_t i = from; i < lines.size(); ++i)
      options.json ? print_json(lines[i]) : print(lines[i]);
    first = false;
    if (!options.follow || !alive) return status::kOk;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

// Window 0 of a session: the events of its newest run, and the summary whenever that is over. A run
// may go on after that, or another one begin: it stays until somebody closes it.
int verb_watch(const Options&) {
  const Result<Site> site = open_site();
  if (!site) return complain(site.error());
  LiveStore live(site->places);
  std::string run;
  std::int64_t seq = 0;
  while (true) {
    const Result<const store::Store*> now = live.now(seq);
    if (!now) return complain(now.error());
    const store::Store& store = **now;
    const Result<std::optional<store::RunInfo>> newest = store.latest_run();
    if (!newest) return complain(newest.error());
    if (*newest && (*newest)->id != run) {
      run = (*newest)->id;
      seq = 0;
    }
    const Result<Rows> rows = rows_after(store, run, seq);
    if (!rows) return complain(rows.error());
    const std::vector<std::string> lines = event_lines(*rows, false);
    for (const std::string& line : lines)
      print(line);
    if (!lines.empty()) {
      const Result<State> state = store.load(run);
      if (!state) return complain(state.error());
      if (is_over(state->run.phase)) {
        print(ui::summary_text(app::with_places_found(*state, site->places),
                               ui::RunView{.run = run}));
        print("`tmux-orch down` closes this session\n");
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace orch::cli
