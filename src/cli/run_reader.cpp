// Reads the rows that are new, and the whole state now and then.
#include "cli/run_reader.hpp"

#include "app/supervisor_client.hpp"
#include "cli/event_rows.hpp"
#include "orch/base/text.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <utility>

namespace orch::cli {
namespace {

// Of the events that are kept and shown.
constexpr std::int64_t kFirstRows = 300;
constexpr std::size_t kMostEvents = 1000;
// Between two readings of the whole state: at most one part in so many of our time goes there.
constexpr std::int64_t kShare = 20;
constexpr std::int64_t kLeastPause = 500;  // ms

std::string local_time(std::int64_t wall_ms) {
  const time_t seconds = static_cast<time_t>(wall_ms / 1000);
  tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

/// Not what is read again after a restart.
bool calls_now(const store::TraceRow& row) {
  constexpr std::int64_t kNow = 10'000;  // ms
  return row.wall_ms > app::BoottimeClock::wall_ms() - kNow &&
         std::ranges::any_of(row.facts, ui::calls_user);
}

std::vector<std::string> summary_of(const State& state, const app::Paths& paths,
                                    const std::string& run) {
  if (!is_over(state.run.phase)) return {};
  const std::string text =
      ui::summary_text(app::with_absolute_paths(state, paths), ui::RunView{.run = run});
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(text))
    lines.emplace_back(line);
  lines.emplace_back("`tmux-orch down` closes this session");
  return lines;
}

}  // namespace

RunReader::RunReader(RunHandle handle) : handle_(std::move(handle)), live_(handle_.paths) {
  sight_.run = handle_.run.info.id;
  loaded_at_ = loop::Loop::boottime_ms();
  make_board(std::move(handle_.run.state));
}

void RunReader::make_board(State state) {
  const store::RunInfo& info = handle_.run.info;
  Time last = state.run.started;
  for (const TaskRecord& task : state.tasks)
    last = std::max(last, task.changed_at);
  clock_ = app::BoottimeClock::resume(info.boot_id, info.clock_offset_ms, last);
  sight_.summary = summary_of(state, handle_.paths, info.id);
  board_ = dashboard::board_of(std::move(state), sight_);
}

RunHandle RunReader::handle() const {
  return {handle_.paths, {handle_.run.info, *board_.state}, handle_.facts};
}

bool RunReader::see_supervisor() {
  const bool alive = app::supervisor_alive(handle_.paths);
  const bool is_needed = !is_over(board_.state->run.phase);
  std::string since;
  if (!alive && is_needed) {
    // Who has seen it alive knows better than who finds it dead.
    since = sight_.dead_since.empty()
                ? local_time(seen_alive_ ? app::BoottimeClock::wall_ms() : last_wall_ms_)
                : sight_.dead_since;
  }
  seen_alive_ = alive;
  const bool changed = alive != sight_.supervisor_alive || since != sight_.dead_since;
  sight_.supervisor_alive = alive;
  sight_.dead_since = std::move(since);
  return changed;
}

/// Of a run that is long under way, not from its beginning.
Result<bool> RunReader::read_rows(const store::Store& store, bool& calls) {
  if (!has_rows_ || seq_ == 0) {
    const Result<Rows> last = store.last_trace(handle_.run.info.id);
    if (!last) return passed_on(last);
    if (!last->empty()) seq_ = std::max<std::int64_t>(0, last->back().seq - kFirstRows);
    sight_.events.clear();
    has_rows_ = true;
  }
  const Result<Rows> rows = rows_after(store, handle_.run.info.id, seq_);
  if (!rows) return passed_on(rows);
  if (rows->empty()) return false;
  last_wall_ms_ = rows->back().wall_ms;
  calls = std::ranges::any_of(*rows, calls_now);
  for (std::string& line : event_lines(*rows, false)) {
    line.pop_back();  // its end
    sight_.events.push_back(std::move(line));
  }
  const std::size_t more = sight_.events.size() - std::min(sight_.events.size(), kMostEvents);
  sight_.events.erase(sight_.events.begin(),
                      sight_.events.begin() + static_cast<std::ptrdiff_t>(more));
  return true;
}

Status RunReader::load(const store::Store& store) {
  const std::int64_t begin = loop::Loop::boottime_ms();
  Result<State> state = store.load(handle_.run.info.id);
  if (!state) return passed_on(state);
  make_board(app::with_absolute_paths(std::move(*state), handle_.paths));
  loaded_at_ = loop::Loop::boottime_ms();
  load_took_ = loaded_at_ - begin;
  stale_ = false;
  return {};
}

Result<RunReader::Found> RunReader::look() {
  Found found;
  const Result<const store::Store*> now = live_.now(seq_);
  if (!now) return passed_on(now);
  const store::Store& store = **now;
  const Result<std::optional<store::RunInfo>> newest = store.latest_run();
  if (!newest) return passed_on(newest);
  if (*newest && (*newest)->id != handle_.run.info.id) {
    has_rows_ = false;
    stale_ = true;
    load_took_ = 0;
    sight_ = {.run = (*newest)->id};
  }
  if (*newest) handle_.run.info = app::with_absolute_paths(**newest, handle_.paths);
  const Result<bool> rows = read_rows(store, found.calls);
  if (!rows) return passed_on(rows);
  stale_ = stale_ || *rows;
  // They are shown at once, also where the whole state is not to be read yet.
  if (*rows) board_.sight.events = sight_.events;
  const bool seen = see_supervisor();
  const std::int64_t pause = std::max(kLeastPause, load_took_ * kShare);
  if (stale_ && loop::Loop::boottime_ms() - loaded_at_ >= pause) {
    if (const Status loaded = load(store); !loaded) return passed_on(loaded);
    found.changed = true;
    // Whether a supervisor is needed is known by the phase, which may be another one.
    if (!see_supervisor()) return found;
  }
  if (seen || found.changed) {
    make_board(*board_.state);
    found.changed = true;
  }
  found.later = stale_;
  return found;
}

}  // namespace orch::cli
