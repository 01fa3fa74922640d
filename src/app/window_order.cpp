// Numbers of windows by the places of their tasks.
#include "app/window_order.hpp"

#include <algorithm>
#include <limits>

namespace orch::app {
namespace {

const tmuxctl::Pane* home_pane(const std::vector<tmuxctl::Pane>& panes) {
  const tmuxctl::Pane* home = nullptr;
  for (const tmuxctl::Pane& pane : panes)
    if (pane.option.empty() && (home == nullptr || pane.index < home->index)) home = &pane;
  return home;
}

}  // namespace

tmuxctl::WindowId home_window(const std::vector<tmuxctl::Pane>& panes) {
  const tmuxctl::Pane* home = home_pane(panes);
  return home == nullptr ? tmuxctl::WindowId() : home->window;
}

WindowPlace window_place(const State& state, const TaskId& task,
                         const std::vector<tmuxctl::Pane>& panes) {
  const TaskRecord* own = state.find(task);
  if (own == nullptr) return {};
  const std::size_t place = state.tasks.place_of(*own);
  const tmuxctl::Pane* before = home_pane(panes);
  const int home = before == nullptr ? 0 : before->index;
  for (const tmuxctl::Pane& pane : panes) {
    const TaskRecord* other = state.find(TaskId{pane.option});
    const bool is_before = other != nullptr && state.tasks.place_of(*other) < place;
    if (is_before && (before == nullptr || pane.index > before->index)) before = &pane;
  }
  const int lowest = (before == nullptr ? home : before->index) + 1;
  int next = std::numeric_limits<int>::max();
  for (const tmuxctl::Pane& pane : panes)
    if (pane.index >= lowest) next = std::min(next, pane.index);
  // Of the windows behind, the first one is the limit, whose ever it is.
  const int wanted = std::max(lowest, home + 1 + static_cast<int>(place));
  if (wanted < next) return {wanted, {}};
  if (lowest < next) return {lowest, {}};
  return {{}, before == nullptr ? tmuxctl::WindowId() : before->window};
}

}  // namespace orch::app
