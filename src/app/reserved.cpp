// Names what is ours in the user's checkout, and how a task that changes it is repaired.
#include "app/reserved.hpp"

#include "agents/status_file.hpp"
#include "git/git_errors.hpp"
#include "git/parse.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::app {
namespace {

/// A folder as git names it, relative to the root; empty when it is not inside.
std::string inside(const RunContext& context, const fs::path& folder) {
  const fs::path absolute = folder.is_absolute() ? folder : context.paths.repository() / folder;
  std::string path =
      absolute.lexically_normal().lexically_relative(context.paths.repository()).generic_string();
  while (path.ends_with('/'))
    path.pop_back();
  return path == "." || path == ".." || path.starts_with("../") ? std::string() : path;
}

std::vector<std::string> paths_in_use(const RunContext& context, const State& state) {
  std::vector<std::string> paths = {context.paths.home().filename().string()};
  for (const TaskRecord& task : state.tasks) {
    const std::string& worktree = state.agent_of(task).worktree;
    if (worktree.empty()) continue;
    if (std::string path = inside(context, worktree); !path.empty())
      paths.push_back(std::move(path));
  }
  return paths;
}

/// The part of the worktrees' pattern that is a folder for all of them.
std::string worktrees_folder(const RunContext& context) {
  const std::string fixed = context.config.worktree.substr(0, context.config.worktree.find('{'));
  const std::size_t slash = fixed.rfind('/');
  return slash == std::string::npos ? std::string() : inside(context, fixed.substr(0, slash + 1));
}

std::string words(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths)
    text += " " + shell_word(path);
  return text;
}

}  // namespace

void reserve_places(const RunContext& context, const State& state, git::LandingRequest& request) {
  request.reserved = paths_in_use(context, state);
  request.reserved_unless_there = {std::string(kStatusFile)};
  if (std::string folder = worktrees_folder(context); !folder.empty())
    request.reserved_unless_there.push_back(std::move(folder));
}

NotDone touches_ours(const Paths& paths, const State& state, const PrepareLanding& effect,
                     const git::TouchesOurs& touches) {
  const TaskRecord* task = state.find(effect.task);
  const std::string git =
      "git -C " +
      shell_word(task == nullptr ? "." : paths.found(state.agent_of(*task).worktree).native());
  std::vector<std::string> all = touches.added;
  all.insert(all.end(), touches.changed.begin(), touches.changed.end());
  std::string command = fmt::format("{} rm -rfq --ignore-unmatch --{}", git, words(all));
  if (!touches.changed.empty())
    command += fmt::format(" && {} checkout -q {} --{}", git, effect.onto.value.substr(0, 12),
                           words(touches.changed));
  command += fmt::format(" && {} commit -qm 'Leave out what tmux-orch uses'", git);
  return {.why = fmt::format(
              "it changes {}, which tmux-orch itself uses in your checkout: `{}` takes "
              "that out of its branch, then `{}`; or `{}`; or `{}`",
              git::listed(touches.paths), one_line(command), call_about("merge", effect.task.value),
              call_about("retry", effect.task.value), call_about("abort", effect.task.value)),
          .whole = true};
}

}  // namespace orch::app
