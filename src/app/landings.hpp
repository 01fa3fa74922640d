#pragma once
// Effects that bring work together: candidate, landing, the user's branch, the report.
#include "app/checks.hpp"
#include "app/run_context.hpp"
#include "config/path_patterns.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

namespace orch::git {
class Repository;
}

namespace orch::app {

class Regeneration;
class TaskMarks;

class Landings {
 public:
  Landings(loop::Loop& loop, git::Repository& git, const State& state, const RunContext& context,
           TaskMarks& marks, Regeneration& regeneration);

  loop::Job<PrepareLanding::Ends> prepare(const PrepareLanding& effect);
  /// What the candidate has to pass.
  loop::Job<Result<Checks>> checks(const TestLanding& effect);
  Checks base_checks() const;
  loop::Job<Land::Ends> land(const Land& effect);
  loop::Job<FollowBase::Ends> follow(const FollowBase& effect);
  /// Drops what the run needs no more, too.
  loop::Job<WriteReport::Ends> write_report();

 private:
  loop::Job<Result<CommitId>> what_lands(const Land& effect);

  loop::Loop& loop_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  TaskMarks& marks_;
  Regeneration& regeneration_;
  PathPatterns protected_;
};

}  // namespace orch::app
