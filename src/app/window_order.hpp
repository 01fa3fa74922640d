#pragma once
// Where the window of a task goes, so that windows stand in the order of their tasks.
#include "orch/core/state.hpp"
#include "tmuxctl/values.hpp"

#include <optional>
#include <vector>

namespace orch::app {

/// A number of its own where there is room for it, else right behind another window: those after it
/// move up.
struct WindowPlace {
  std::optional<int> index;
  tmuxctl::WindowId after;

  bool operator==(const WindowPlace&) const = default;
};

/// `panes`: of the session, with the task of each as its option; those without one are not agents'.
/// The number is that of the task in its file, unless other windows stand in the way.
WindowPlace window_place(const State& state, const TaskId& task,
                         const std::vector<tmuxctl::Pane>& panes);

/// The window that is no agent's: where a person is taken when the window they look at is closed.
tmuxctl::WindowId home_window(const std::vector<tmuxctl::Pane>& panes);

}  // namespace orch::app
