#pragma once
// Has agents look at finished work, each in a checkout that nobody else uses.
#include "app/gate_programs.hpp"
#include "app/run_context.hpp"
#include "git/async_semaphore.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/config/config.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/state.hpp"

#include <map>
#include <string>
#include <vector>

namespace orch::git {
class Repository;
}

namespace orch::app {

class Reviews {
 public:
  Reviews(loop::Loop& loop, loop::Children& children, git::Repository& git, store::Store& store,
          const State& state, const RunContext& context);
  ~Reviews();

  /// A verdict of the same review on the same change is used again, however the base has moved. No
  /// log: it had not to look.
  loop::Job<ReviewWork::Ends> review(const ReviewWork& effect);
  /// Ends the agents that look at something now: they have no verdict.
  void cancel();
  /// Something was decided: those end that look at what is not to land any more.
  void decided();

 private:
  /// What one review is about.
  struct Change {
    CommitId base;                   ///< the work began there, as far as it has been merged
    std::vector<std::string> files;  ///< that it changes
    std::string key;                 ///< of the review and the change
  };

  loop::Job<Result<Change>> change_of(const ReviewWork& effect, const Review& review);

  struct Looked {
    Reviewed answer;
    Span took{0};
  };

  loop::Job<Result<Looked>> look(const ReviewWork& effect, const Review& review, CommitId base);
  loop::Job<Result<Looked>> look_in(fs::path checkout, const ReviewWork& effect,
                                    const Review& review, CommitId base);
  Result<shim::GateSpec> spec_for(const Review& review, const fs::path& checkout,
                                  const std::string& prompt) const;
  bool is_wanted(const ReviewWork& effect) const;
  int take_place();

  loop::Loop& loop_;
  git::Repository& git_;
  store::Store& store_;
  const State& state_;
  const RunContext& context_;
  GatePrograms programs_;
  git::AsyncSemaphore turns_;
  std::vector<bool> taken_;               ///< checkouts that are in use
  std::map<fs::path, ReviewWork> asked_;  ///< by the folder of what looks at it now
  bool cancelled_ = false;
};

}  // namespace orch::app
