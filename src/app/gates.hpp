#pragma once
// Runs tests and gates on exactly one tree, in a checkout of our own: as many side by side as are
// asked for, each in another checkout.
#include "app/checks.hpp"
#include "app/gate_programs.hpp"
#include "app/run_context.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/gate_run.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::git {
class AsyncSemaphore;
class Repository;
}  // namespace orch::git

namespace orch::app {

/// How work is to be tested.
struct TestOrder {
  TaskId task{};      ///< whose it is; empty: nobody's
  int runs = 2;       ///< so often red is run before it counts
  int known = 2;      ///< after so many times red in a row it is not run again
  bool anew = false;  ///< what was red before does not count
};

class Gates {
 public:
  Gates(loop::Loop& loop, loop::Children& children, git::Repository& git, store::Store& store,
        const RunContext& context);
  ~Gates();

  std::function<void()> on_begin;  ///< called as commands begin

  /// Results are reused by tree, commands and environment. Red is run once more before it counts,
  /// so that a flaky test does not throw work away, and is known then for the rest of the run. An
  /// Error: there is no result (killed, timed out, disk full).
  loop::Job<Result<Tested>> test(CommitId commit, Checks checks, TestOrder order);
  /// The same for what is to land: where a test fails for good, what it lands on has to pass, or
  /// the candidate is not to blame.
  loop::Job<Result<Tested>> test_landing(const TestLanding& effect, Checks checks);
  /// Ends the tests that run now: they have no result.
  void cancel();

 private:
  class Place;

  /// What came of it, by each of its commands as well.
  struct Ran {
    Tested tested;
    std::vector<GateRun> commands{};
  };

  loop::Job<Result<Ran>> run_once(CommitId commit, const std::string& tree, const Checks& checks,
                                  const TaskId& task, const fs::path& folder);
  int reds_of(const std::optional<store::GateResult>& known) const;
  Tested red_of(const store::GateResult& known) const;
  Status save(const std::string& key, const std::string& tree, const Tested& tested, int reds,
              const std::vector<GateRun>& commands);
  shim::GateSpec spec_for(const Checks& checks, const fs::path& checkout) const;
  std::string key_of(const std::string& tree, const Checks& checks) const;
  std::shared_ptr<git::AsyncSemaphore> lane_of(const std::string& key);

  loop::Loop& loop_;
  git::Repository& git_;
  store::Store& store_;
  const RunContext& context_;
  GatePrograms programs_;
  std::shared_ptr<std::set<int>> places_;                            ///< that are in use
  std::map<std::string, std::weak_ptr<git::AsyncSemaphore>> lanes_;  ///< by what is tested
  bool cancelled_ = false;
};

}  // namespace orch::app
