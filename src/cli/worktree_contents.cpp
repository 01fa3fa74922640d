// Asks git, and names what is missing with the command that brings it.
#include "cli/worktree_contents.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace orch::cli {

Status check_sparse_folders(OpenGit& git, const Prepared& prepared, const std::string& base,
                            const CommitId& tip) {
  std::vector<std::string> folders = prepared.config.worktrees.sparse;
  if (folders.empty()) return {};
  const auto missing = git.wait(git.repository.not_folders(tip, std::move(folders)));
  if (!missing) return passed_on(missing);
  if (missing->empty()) return {};
  const std::string shown = one_line(base);
  const std::string message = fmt::format("'worktrees.sparse': there is no folder \"{}\" on {}",
                                          one_line(missing->front(), 60), shown);
  const ConfigProblem problem = prepared.saved.read().problem_with("worktrees.sparse", message, {});
  return hinted(fail(Fault::Refused, "{}", to_text(problem)),
                fmt::format("`git ls-tree -d -r --name-only {}` lists those that there are",
                            shell_word(shown)));
}

}  // namespace orch::cli
