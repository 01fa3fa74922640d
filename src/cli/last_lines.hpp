#pragma once
// The line that each agent printed last, from the ends of their logs.
#include "app/paths.hpp"
#include "orch/core/ids.hpp"

#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace orch::cli {

class LastLines {
 public:
  /// An attempt that is shown.
  struct Shown {
    TaskId task;
    int attempt = 0;
  };

  /// Looks at the logs of these, and reads the ends of those that were written since; forgets
  /// others.
  void look(const app::RunPaths& files, const std::vector<Shown>& shown);

  /// By their tasks.
  const std::map<TaskId, std::string>& lines() const { return lines_; }

 private:
  struct Seen {
    int attempt = 0;
    std::int64_t size = -1;
    timespec written{};
  };

  std::map<TaskId, Seen> seen_;
  std::map<TaskId, std::string> lines_;
};

}  // namespace orch::cli
