#pragma once
// Runs tests and gates on exactly one tree, in a checkout of our own.
#include "app/checks.hpp"
#include "app/run_context.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/core/event.hpp"

#include <memory>
#include <string>

namespace orch::git {
class Repository;
}

namespace orch::app {

class Gates {
 public:
  Gates(loop::Loop& loop, loop::Children& children, git::Repository& git, store::Store& store,
        const RunContext& context);
  ~Gates();

  /// Green results are reused by tree, commands and environment; red is run once more, so that a
  /// flaky test does not throw work away. An Error: there is no result (killed, timed out, disk
  /// full).
  loop::Job<Result<Tested>> test(CommitId commit, Checks checks);
  /// The same for what is to land on `onto`: where a test fails, that has to pass, or the candidate
  /// is not to blame.
  loop::Job<Result<Tested>> test_onto(CommitId candidate, CommitId onto, Checks checks);
  /// Ends the tests that run now: they have no result.
  void cancel();

 private:
  loop::Job<Result<Tested>> run_once(const CommitId& commit, const std::string& tree,
                                     const Checks& checks, const fs::path& folder);
  loop::Awaiter<Status> run_shim(const fs::path& folder, Span timeout);
  std::string key_of(const std::string& tree, const Checks& checks) const;
  fs::path checkout() const;

  loop::Loop& loop_;
  loop::Children& children_;
  git::Repository& git_;
  store::Store& store_;
  const RunContext& context_;
  std::unique_ptr<loop::Children::Pipe> running_;
  bool cancelled_ = false;
};

}  // namespace orch::app
