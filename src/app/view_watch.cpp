// Clients to sizes of windows.
#include "app/view_watch.hpp"

#include "app/tmux_host.hpp"
#include "tmuxctl/server.hpp"

#include <algorithm>
#include <vector>

namespace orch::app {

ViewWatch::ViewWatch(loop::Loop& loop, TmuxHost& tmux, const State& state, const port::Clock& clock)
    : tmux_(tmux), state_(state), clock_(clock), soon_(loop, [this] { look(); }) {}

void ViewWatch::look() {
  tmuxctl::Server* server = tmux_.connected();
  if (looking_ || server == nullptr) return;
  looking_ = true;
  loop::spawn<Status>(fit_all(*server), [this](const Status&) {
    looking_ = false;
    const std::optional<Time> next = sizes_.next_look();
    if (next) soon_.once(std::max(Span(1), *next - clock_.now()));
  });
}

loop::Job<Status> ViewWatch::fit_all(tmuxctl::Server& server) {
  Result<std::vector<tmuxctl::Client>> clients = co_await server.list_clients();
  if (!clients) co_return passed_on(clients);
  // Ids of an earlier server are those of other windows: what is listed is our session's.
  const tmuxctl::SessionId session = server.session();
  const Result<std::vector<tmuxctl::Pane>> panes =
      co_await server.list_panes(session, "@orch_task");
  if (!panes) co_return passed_on(panes);
  std::set<tmuxctl::WindowId> windows;
  std::set<tmuxctl::WindowId> busy;
  for (const tmuxctl::Pane& pane : *panes) {
    const TaskId task{pane.option};
    const bool is_overview = pane.index == 0 && pane.option.empty();
    if (!is_overview && state_.find(task) == nullptr) continue;
    windows.insert(pane.window);
    if (state_.pending.in(task, Lane::Pane) != nullptr) busy.insert(pane.window);
  }
  const std::vector<WindowSizes::Change> changes =
      sizes_.look(windows, *clients, busy, clock_.now());
  for (const WindowSizes::Change& change : changes) {
    // A connection that was lost goes with the next turn of the loop.
    if (!server.connected()) {
      sizes_.failed(change.window);
      continue;
    }
    const Status resized =
        co_await server.resize_window(change.window, change.size.columns, change.size.rows);
    // A window that is gone by now, or tmux itself: it is looked at again.
    if (!resized) sizes_.failed(change.window);
  }
  co_return Status();
}

}  // namespace orch::app
