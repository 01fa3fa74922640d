#pragma once
// What has landed goes to a remote, and the user's command that follows.
#include "app/run_context.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

class Pushes {
 public:
  Pushes(loop::Children& children, git::Repository& git, const State& state,
         const RunContext& context);

  loop::Job<PushBranch::Ends> push(const PushBranch& effect);
  /// At most once for a commit: a record is made before it is started.
  loop::Job<RunPushCommand::Ends> run_command(const RunPushCommand& effect);

 private:
  bool is_stopping() const;
  std::string branch() const;
  loop::Command command(const fs::path& body) const;

  loop::Children& children_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
};

}  // namespace orch::app
