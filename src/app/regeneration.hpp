#pragma once
// Makes files anew that a command makes of others, such as lock files, where two works conflicted
// in them: in a checkout of our own, of what is to land.
#include "app/gate_programs.hpp"
#include "app/run_context.hpp"
#include "config/path_patterns.hpp"
#include "git/landing_values.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"

#include <string>
#include <vector>

namespace orch::git {
class Repository;
}

namespace orch::app {

class Regeneration {
 public:
  Regeneration(loop::Loop& loop, loop::Children& children, git::Repository& git,
               const RunContext& context);

  /// Is there a command that makes it?
  bool makes(const std::string& path) const;
  /// The candidate with its files as their commands make them; one at a time. An Error: what went
  /// wrong, with the command's log.
  loop::Job<Result<CommitId>> run(git::GeneratedRequest request);
  /// Ends the command that runs now.
  void cancel();

 private:
  struct Rule {
    PathPatterns files;
    const GeneratedFiles* how = nullptr;
  };

  loop::Job<Result<bool>> run_commands(fs::path checkout, std::string tree,
                                       std::vector<std::string> files);

  loop::Loop& loop_;
  git::Repository& git_;
  const RunContext& context_;
  GatePrograms programs_;
  std::vector<Rule> rules_;
};

}  // namespace orch::app
