// Prints a run's events as they are stored, until it is over.
#include "cli/follow.hpp"

#include "app/run_on_disk.hpp"
#include "app/supervisor_client.hpp"
#include "cli/live_store.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "loop/loop.hpp"
#include "orch/base/time.hpp"
#include "ui/lines.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

// What is stored is printed at once, but not more often than this; a supervisor that has died, and
// told nobody, is seen that late.
constexpr Span kLook = 100ms;
constexpr Span kLongestLook = 400ms;
// A run that is over has only its supervisor left to end.
constexpr Span kLastLook = 20ms;
constexpr Span kStatusEvery = 30s;
constexpr int kStatusAfterEvents = 10;
// What a status takes, at most one part in so many of our time.
constexpr int kStatusShare = 50;
constexpr int kRowsAtOnce = 500;
// A database that was damaged is put back within two seconds.
constexpr int kFailuresBorne = 30;
// A supervisor that ends its run and one that dies look alike for a moment.
constexpr Span kDeadFor = 500ms;

std::atomic<int> interrupts{0};

void count_interrupt(int) {
  interrupts.fetch_add(1);
}

class Follower {
 public:
  Follower(const app::Paths& paths, std::string run)
      : paths_(paths), live_(paths), run_(std::move(run)) {}

  int follow() {
    while (true) {
      if (const int handled = interrupts.load(); handled > handled_) {
        handled_ = handled;
        if (handled_ > 1) return status::kCtrlC;
        interrupt();
      }
      const Status read = print_new_rows();
      failures_ = read ? 0 : failures_ + 1;
      if (!read && failures_ > kFailuresBorne) return complain(read.error());
      const bool alive = app::supervisor_alive(paths_);
      if (alive) {
        dead_since_.reset();
      } else if (is_over(phase_)) {
        return finish();
      } else if (!revive()) {
        return status::kInterrupted;
      }
      std::this_thread::sleep_for(is_over(phase_) ? kLastLook : kLook);
      if (alive && !is_over(phase_)) live_.await_change(kLongestLook);
    }
  }

 private:
  Status print_new_rows() {
    const Result<const store::Store*> store = live_.now(seq_);
    if (!store) return passed_on(store);
    const Result<std::vector<store::TraceRow>> rows = (*store)->trace(run_, seq_, kRowsAtOnce);
    if (!rows) return passed_on(rows);
    for (const store::TraceRow& row : *rows) {
      seq_ = row.seq;
      for (const Fact& fact : row.facts) {
        if (!ui::is_event_line(fact)) continue;
        print(ui::event_line(fact, row.wall_ms) + "\n");
        ++events_;
      }
    }
    if (!rows->empty()) {
      const Result<RunPhase> phase = (*store)->phase(run_);
      if (!phase) return passed_on(phase);
      phase_ = *phase;
    }
    return is_over(phase_) || !is_status_due() ? Status() : print_status(**store);
  }

  /// All of a run with many tasks is not read, and printed, each time that ten of them moved.
  bool is_status_due() const {
    const std::int64_t since = loop::Loop::boottime_ms() - last_status_;
    const bool many = events_ >= kStatusAfterEvents && since >= status_took_ * kStatusShare;
    return many || since >= kStatusEvery.count();
  }

  Status print_status(const store::Store& store) {
    const std::int64_t begin = loop::Loop::boottime_ms();
    const Result<State> state = store.load(run_);
    if (!state) return passed_on(state);
    print("-- " + ui::progress_text(*state));
    events_ = 0;
    last_status_ = loop::Loop::boottime_ms();
    status_took_ = last_status_ - begin;
    return {};
  }

  void interrupt() {
    print(
        "\nstopping: agents are asked to end, their work is saved; Ctrl-C again leaves at once, "
        "`tmux-orch up` goes on later\n");
    const Result<std::string> asked =
        app::ask_supervisor(paths_, run_, own_program(), UserAsked{Verb::Down, {}});
    if (!asked) warn(asked.error().what);
  }

  bool revive() {
    const std::int64_t now = loop::Loop::boottime_ms();
    if (!dead_since_) dead_since_ = now;
    if (now - *dead_since_ < kDeadFor.count()) return true;
    if (revived_) {
      warn("the supervisor died again; agents go on, `tmux-orch up` goes on with the run");
      return false;
    }
    revived_ = true;
    warn("the supervisor died: starting it again");
    const Status started = app::start_supervisor(paths_, run_, own_program());
    if (!started) complain(started.error());
    dead_since_.reset();
    return started.has_value();
  }

  int finish() {
    if (const Status read = print_new_rows(); !read) return complain(read.error());
    const Result<const store::Store*> store = live_.now(seq_);
    if (!store) return complain(store.error());
    const Result<State> state = (*store)->load(run_);
    if (!state) return complain(state.error());
    print(ui::summary_text(app::with_absolute_paths(*state, paths_), ui::RunView{.run = run_}));
    return handled_ > 0 ? status::kCtrlC : exit_status(*state);
  }

  app::Paths paths_;
  LiveStore live_;
  std::string run_;
  std::int64_t seq_ = 0;
  RunPhase phase_ = RunPhase::Running;
  int events_ = 0;
  int failures_ = 0;  // of reading, in a row
  std::int64_t last_status_ = loop::Loop::boottime_ms();
  std::int64_t status_took_ = 0;
  std::optional<std::int64_t> dead_since_;
  bool revived_ = false;
  int handled_ = 0;
};

}  // namespace

int follow_run(const app::Paths& paths, const std::string& run) {
  struct sigaction action {};

  action.sa_handler = count_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return Follower(paths, run).follow();
}

int after_attach(const app::Paths& paths, const std::string& run) {
  const Result<app::RunOnDisk> newest = app::load_newest(paths);
  if (!newest) return complain(newest.error());
  if (!is_over(newest->state.run.phase)) {
    print("the run goes on; `tmux-orch attach` comes back to it, `tmux-orch down` stops it\n");
    return status::kOk;
  }
  print(ui::summary_text(newest->state, ui::RunView{.run = run}));
  return exit_status(newest->state);
}

}  // namespace orch::cli
