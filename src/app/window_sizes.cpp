// Waits until a size has stood for its time.
#include "app/window_sizes.hpp"

#include <algorithm>
#include <chrono>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

// Somebody who drags the edge of their terminal, or goes through the windows.
constexpr Span kWatchedFor = 300ms;
constexpr Span kLeftFor = 10s;
constexpr int kStatusLine = 1;

}  // namespace

std::optional<WindowSize> size_for(const tmuxctl::WindowId& window,
                                   const std::vector<tmuxctl::Client>& clients) {
  const tmuxctl::Client* last = nullptr;
  for (const tmuxctl::Client& client : clients) {
    if (client.control || client.window != window) continue;
    // tmux tells whole seconds, and lists who came last at the end.
    if (last == nullptr || client.activity >= last->activity) last = &client;
  }
  if (last == nullptr) return std::nullopt;
  return WindowSize{std::clamp(last->columns, kLeastSize.columns, kMostSize.columns),
                    std::clamp(last->rows - kStatusLine, kLeastSize.rows, kMostSize.rows)};
}

std::vector<WindowSizes::Change> WindowSizes::look(const std::set<tmuxctl::WindowId>& windows,
                                                   const std::vector<tmuxctl::Client>& clients,
                                                   const std::set<tmuxctl::WindowId>& busy,
                                                   Time now) {
  std::vector<Change> changes;
  next_look_.reset();
  std::erase_if(windows_, [&](const auto& entry) { return !windows.contains(entry.first); });
  for (const tmuxctl::WindowId& id : windows) {
    auto [entry, is_new] = windows_.try_emplace(id);
    Window& window = entry->second;
    if (is_new) {
      // A supervisor before us may have left those that are there already in any size.
      if (has_looked_) window.size = kUnwatchedSize;
      window.since = now;
    }
    const std::optional<WindowSize> seen = size_for(id, clients);
    const WindowSize wanted = seen.value_or(kUnwatchedSize);
    if (wanted != window.wanted || seen.has_value() != window.watched) window.since = now;
    window.wanted = wanted;
    window.watched = seen.has_value();
    if (window.size == wanted || busy.contains(id)) continue;
    const Time due = window.since + (window.watched ? kWatchedFor : kLeftFor);
    if (now < due) {
      next_look_ = std::min(next_look_.value_or(due), due);
      continue;
    }
    window.size = wanted;
    changes.push_back({id, wanted});
  }
  has_looked_ = true;
  return changes;
}

void WindowSizes::failed(const tmuxctl::WindowId& window) {
  const auto found = windows_.find(window);
  if (found != windows_.end()) found->second.size.reset();
}

}  // namespace orch::app
