// Asks git, and names what is missing with the command that brings it.
#include "cli/worktree_contents.hpp"

#include "cli/output.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::cli {

namespace fs = std::filesystem;

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

Status say_without_submodules(OpenGit& git, const Prepared& prepared, const CommitId& tip) {
  const Config& config = prepared.config;
  const auto brings = [](const std::vector<std::string>& command) {
    return join(command, " ").find("submodule") != std::string::npos;
  };
  if (std::ranges::any_of(config.worktree_setup.run, brings)) return {};
  const fs::path checkout = prepared.repository->checkout;
  const auto missing = git.wait(git.repository.submodules_not_here(checkout, tip));
  if (!missing) return passed_on(missing);
  if (missing->empty()) return {};
  constexpr std::size_t kShown = 3;
  std::vector<std::string> paths;
  for (const std::string& path : *missing)
    if (paths.size() < kShown) paths.push_back(shell_word(one_line(path, 100)));
  const std::size_t more = missing->size() - paths.size();
  warn(
      fmt::format("your checkout has not all of its submodules, and so agents and tests will not "
                  "either ({}{}): "
                  "`git -C {} submodule update --init --recursive`",
                  join(paths, ", "), more > 0 ? fmt::format(" and {} more", more) : "",
                  shell_word(one_line(checkout.native()))));
  return {};
}

Status say_without_filters(OpenGit& git, const CommitId& tip) {
  const auto missing = git.wait(git.repository.filters_without_program(tip));
  if (!missing) return passed_on(missing);
  for (const std::string& name : *missing) {
    const std::string shown = one_line(name, 40);
    warn(fmt::format(
        ".gitattributes names the filter {0}, and git has no program for it: agents and tests get "
        "such files as they are stored{1}",
        shown, name == "lfs" ? ", as pointers; `git lfs install` sets it up" : ""));
  }
  return {};
}

}  // namespace orch::cli
