#pragma once
// The small programs that run the commands of a gate folder, as many side by side as are asked for.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

namespace orch::app {

class GatePrograms {
 public:
  /// `shim`: the program.
  GatePrograms(loop::Loop& loop, loop::Children& children, std::filesystem::path shim);
  ~GatePrograms();

  /// How the folder's commands ended stands in its `result` then; an Error: they did not begin.
  loop::Awaiter<Status> run(const std::filesystem::path& folder, Span timeout);
  /// Asks those to end of whose folders that says so: they have no result.
  void stop(const std::function<bool(const std::filesystem::path& folder)>& ends);
  void stop_all();

 private:
  loop::Loop& loop_;
  loop::Children& children_;
  std::filesystem::path shim_;
  std::map<std::filesystem::path, std::unique_ptr<loop::Children::Pipe>> running_;  ///< by folder
};

}  // namespace orch::app
