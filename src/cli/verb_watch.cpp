// watch: what window 0 of a run shows: the dashboard, or where nothing can be drawn, lines.
#include "app/boottime_clock.hpp"
#include "cli/dashboard.hpp"
#include "cli/event_rows.hpp"
#include "cli/live_store.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

// Between two looks at what is stored, and where nothing is.
constexpr Span kPause = 200ms;
constexpr Span kLongest = 5s;

/// Has something begun to need the user? Not what is read again after a restart.
bool calls_now(const Rows& rows) {
  constexpr std::int64_t kNow = 10'000;  // ms
  const std::int64_t since = app::BoottimeClock::wall_ms() - kNow;
  return std::ranges::any_of(rows, [since](const store::TraceRow& row) {
    return row.wall_ms > since && std::ranges::any_of(row.facts, ui::calls_user);
  });
}

/// tmux hands it on to whoever looks at any window of the session, and marks this one.
void ring() {
  std::fputc('\a', stdout);
  std::fflush(stdout);
}

/// The events of the newest run, and the summary whenever that is over. A run may go on after that,
/// or another one begin: it stays until somebody closes it.
int print_lines(const RunHandle& handle) {
  LiveStore live(handle.paths);
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
    if (calls_now(*rows)) ring();
    const Result<RunPhase> phase = lines.empty() ? RunPhase() : store.phase(run);
    if (!phase) return complain(phase.error());
    if (is_over(*phase)) {
      const Result<State> state = store.load(run);
      if (!state) return complain(state.error());
      print(ui::summary_text(app::with_absolute_paths(*state, handle.paths),
                             ui::RunView{.run = run}));
      print("`tmux-orch down` closes this session\n");
    }
    std::this_thread::sleep_for(kPause);
    live.await_change(kLongest);
  }
}

int watch(const RunHandle& handle, const NoOptions&) {
  // It is the window that the session stands on: a Ctrl-C by habit would leave it empty for good.
  std::signal(SIGINT, SIG_IGN);
  return show_dashboard(handle, Place::Home) ? status::kOk : print_lines(handle);
}

}  // namespace

const Verb kWatchVerb{"watch", kHidden, "what window 0 of a run shows", "tmux-orch watch",
                      begin<no_options, watch>};

}  // namespace orch::cli
