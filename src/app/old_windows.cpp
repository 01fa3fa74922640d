// Finds and closes them.
#include "app/old_windows.hpp"

#include "app/window_order.hpp"
#include "tmuxctl/server.hpp"

#include <algorithm>

namespace orch::app {
namespace {

bool is_of_run(const State& state, const tmuxctl::WindowId& window) {
  return std::ranges::any_of(
      state.agents, [&window](const auto& entry) { return entry.second.window == window.value; });
}

}  // namespace

std::vector<tmuxctl::WindowId> old_windows(const State& state,
                                           const std::vector<tmuxctl::Pane>& panes,
                                           const std::vector<tmuxctl::Client>& clients) {
  std::vector<tmuxctl::WindowId> old;
  for (const tmuxctl::Pane& pane : panes) {
    const tmuxctl::WindowId& window = pane.window;
    const bool is_known = std::ranges::find(old, window) != old.end();
    if (pane.option.empty() || is_known || is_of_run(state, window)) continue;
    const bool is_in_use = std::ranges::any_of(panes, [&window](const tmuxctl::Pane& other) {
      return other.window == window && !other.dead;
    });
    const bool is_watched = std::ranges::any_of(clients, [&window](const tmuxctl::Client& client) {
      return client.window == window && !client.control;
    });
    if (!is_in_use && !is_watched) old.push_back(window);
  }
  return old;
}

loop::Job<Status> close_old_windows(tmuxctl::Server& server, const State& state) {
  const Result<std::vector<tmuxctl::Pane>> panes =
      co_await server.list_panes(server.session(), "@orch_task");
  if (!panes) co_return passed_on(panes);
  const Result<std::vector<tmuxctl::Client>> clients = co_await server.list_clients();
  if (!clients) co_return passed_on(clients);
  const std::vector<tmuxctl::WindowId> old = old_windows(state, *panes, *clients);
  if (old.empty()) co_return Status();
  const Result<std::vector<tmuxctl::Session>> sessions = co_await server.list_sessions();
  if (!sessions) co_return passed_on(sessions);
  const tmuxctl::WindowId home = home_window(*panes);
  for (const tmuxctl::WindowId& window : old) {
    // tmux would show the window of another agent there.
    for (const tmuxctl::Session& session : *sessions)
      if (session.window == window) server.show_window(session.id, home);
    const Status closed = co_await server.kill_window(window);
    if (!closed) co_return closed;
  }
  co_return Status();
}

}  // namespace orch::app
