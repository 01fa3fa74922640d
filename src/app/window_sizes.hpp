#pragma once
// How large the windows of agents are: as large as the terminal of the person who looks, and as
// they were when nobody does.
//
// A program that draws 200 columns cannot be read on a terminal of 80: what a person answers would
// be out of sight. Only windows that somebody looks at are changed, as each change has the program
// draw everything again.
#include "orch/base/time.hpp"
#include "tmuxctl/values.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::app {

struct WindowSize {
  int columns = 200;
  int rows = 50;

  bool operator==(const WindowSize&) const = default;
};

/// As every window is opened.
inline constexpr WindowSize kUnwatchedSize;
inline constexpr WindowSize kLeastSize{80, 24};
inline constexpr WindowSize kMostSize{500, 200};

class WindowSizes {
 public:
  struct Change {
    tmuxctl::WindowId window;
    WindowSize size;

    bool operator==(const Change&) const = default;
  };

  /// What is to be resized now. `windows`: of agents; `clients`: that look at them; `busy`: windows
  /// in which something is being typed, whose turn comes later.
  std::vector<Change> look(const std::set<tmuxctl::WindowId>& windows,
                           const std::vector<tmuxctl::Client>& clients,
                           const std::set<tmuxctl::WindowId>& busy, Time now);

  /// When to look again, as a size has not stood for long enough; nothing: at any time.
  std::optional<Time> next_look() const { return next_look_; }

  /// It was not done, so its size is unknown.
  void failed(const tmuxctl::WindowId& window);

 private:
  struct Window {
    std::optional<WindowSize> size;  ///< nothing: unknown
    WindowSize wanted;
    Time since{};  ///< it is wanted
    bool watched = false;
  };

  std::map<tmuxctl::WindowId, Window> windows_;
  std::optional<Time> next_look_;
  bool has_looked_ = false;
};

/// For whoever looks at the window and typed last; nothing: nobody looks.
std::optional<WindowSize> size_for(const tmuxctl::WindowId& window,
                                   const std::vector<tmuxctl::Client>& clients);

}  // namespace orch::app
