#pragma once
// Writes, for agents that only read files, an inbox and an outbox for each worker and what there is
// to know of the run into its folder: only what a decision has changed, a worker at a time, so that
// it costs the same however much is done.
#include "app/run_context.hpp"
#include "orch/core/decision.hpp"
#include "orch/core/state.hpp"
#include "ui/worker_files.hpp"

#include <map>
#include <set>
#include <string>

namespace orch::app {

class WorkerFiles {
 public:
  WorkerFiles(const State& state, const RunContext& context);

  /// Looks at all tasks, and writes all files: at the start.
  void begin();
  /// Notes which files may say something else.
  void decided(const Decision& decision);
  /// Writes those; called once a second.
  void write();

 private:
  void look_at(const TaskRecord& task);
  void write_inbox(int worker);
  bool put(const fs::path& file, std::string text);

  const State& state_;
  const RunContext& context_;
  std::map<int, TaskId> at_;  ///< which task each worker is at
  std::map<int, ui::WorkerResults> results_;
  std::map<TaskId, TaskState> ended_;  ///< that were counted
  std::set<int> inboxes_;              ///< to be written
  std::set<int> outboxes_;
  std::map<std::string, std::string> written_;  ///< by the path
};

}  // namespace orch::app
