// Shows the state on the tmux side and in progress.txt.
#include "app/publisher.hpp"

#include "app/boottime_clock.hpp"
#include "app/tmux_host.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"
#include "ui/lines.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kDelay = 250ms;
constexpr std::size_t kNameColumns = 24;

}  // namespace

Publisher::Publisher(loop::Loop& loop, TmuxHost& tmux, const State& state, RunPaths run)
    : tmux_(tmux), state_(state), run_(std::move(run)), soon_(loop, [this] { publish(); }) {}

void Publisher::decided() {
  changed_ = true;
}

void Publisher::touch() {
  if (std::exchange(armed_, true)) return;
  soon_.once(kDelay);
}

void Publisher::forget() {
  shown_.clear();
  touch();
}

// The file is for eyes and scripts: that it could not be written is told by the status verbs'
// database.
void Publisher::write_progress() {
  std::error_code ec;
  const bool exists = fs::exists(run_.progress(), ec);
  if (!std::exchange(changed_, false) && exists) return;
  std::string text = ui::progress_text(state_);
  if (text == written_ && exists) return;
  if (write_file(run_.progress(), text, 0600)) written_ = std::move(text);
}

void Publisher::heartbeat() {
  write_progress();
  if (heartbeat_text() != shown_heartbeat_) touch();
}

void Publisher::publish() {
  armed_ = false;
  tmuxctl::Server* server = tmux_.connected();
  if (server == nullptr) return;
  if (pushing_) return touch();
  pushing_ = true;
  loop::spawn<Status>(push(*server), [this](const Status& status) {
    pushing_ = false;
    // A window or a view that is gone by now, or a server: all is shown again with the next change.
    if (status) return;
    shown_.clear();
    shown_heartbeat_.reset();
  });
}

// People look through sessions of their own in the group of the run's: each needs what the status
// line and the keys read. Windows are the same in all of them.
loop::Job<Status> Publisher::push(tmuxctl::Server& server) {
  const Result<std::vector<tmuxctl::Session>> sessions = co_await server.list_sessions();
  if (!sessions) co_return passed_on(sessions);
  std::vector<tmuxctl::Option> changed;
  const auto show = [&](const std::string& target, std::string name, std::string value) {
    std::string& last = shown_[target + " " + name];
    if (last == value) return;
    last = value;
    changed.push_back({target, std::move(name), std::move(value)});
  };
  const tmuxctl::SessionId own = server.session();
  const std::string heartbeat = heartbeat_text();
  shown_heartbeat_ = heartbeat;
  const std::string& group = tmux_.spec().session;
  for (const tmuxctl::Session& session : *sessions) {
    if (session.id != own && session.group != group) continue;
    const std::string& id = session.id.value;
    for (const auto& [name, value] : tmux_.spec().options)
      show(id, name, value);
    show(id, "@orch_status", ui::status_segment(state_));
    show(id, "@orch_beat", heartbeat);
  }
  // An id of an earlier server, or in a copied repository one of the original's, is another window
  // by now, perhaps that of another task.
  const Result<std::vector<tmuxctl::Pane>> panes = co_await server.list_panes(own, "@orch_task");
  if (!panes) co_return passed_on(panes);
  std::set<std::pair<std::string_view, std::string_view>> windows;  // with the task of each
  for (const tmuxctl::Pane& pane : *panes)
    windows.emplace(pane.window.value, pane.option);
  for (const TaskRecord& task : state_.tasks) {
    const tmuxctl::WindowId window{state_.agent_of(task).window};
    if (task.cleaned || !windows.contains({window.value, task.id().value})) continue;
    show(window.value, "@orch_state", std::string(shown_state(task)));
    show(window.value, "@orch_mark", std::string(ui::state_mark(state_, task)));
    show(window.value, "@orch_colour", std::string(ui::state_colour(state_, task)));
    show(window.value, "@orch_name", one_line(task.id().value, kNameColumns));
  }
  if (changed.empty()) co_return Status();
  co_return co_await server.set_options(std::move(changed));
}

// A run that is over needs nobody to watch over it, so its heartbeat is empty.
std::string Publisher::heartbeat_text() const {
  const RunPhase phase = state_.run.phase;
  if (is_over(phase)) return {};
  constexpr std::int64_t kStep = 10;  // seconds: a value that changes rarely is set rarely
  return fmt::format("{}", BoottimeClock::wall_ms() / 1000 / kStep * kStep);
}

}  // namespace orch::app
