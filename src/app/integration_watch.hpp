#pragma once
// Has somebody else moved the integration branch?
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <filesystem>
#include <functional>

namespace orch::app {

/// Looks at the file of the ref: no process is started. Of a repository that keeps its refs in
/// another way nothing is seen.
class IntegrationWatch {
 public:
  /// `post` takes each commit where the run has not put the branch, once.
  IntegrationWatch(const State& state, const port::Clock& clock, std::filesystem::path ref,
                   std::function<void(Event)> post);

  /// Called once a second. Nothing is said while a landing is under way, which may be what has
  /// moved it.
  void look();

 private:
  const State& state_;
  const port::Clock& clock_;
  std::filesystem::path ref_;
  std::function<void(Event)> post_;
  Time looked_{};
  CommitId told_{};
};

}  // namespace orch::app
