// Stores the files of a worktree as a tree, by way of a temporary index: nobody's staging area, no
// `git stash` (it is shared by all worktrees), no hook.
#include "git/snapshot.hpp"

#include "git/parse.hpp"
#include "git/readable.hpp"
#include "git/scratch_index.hpp"
#include "git/set_up.hpp"
#include "git/untouched.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kAddTime = std::chrono::minutes(10);

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/'))
    folder.remove_suffix(1);
  if (folder.empty() || !path.starts_with(folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '/';
}

/// What of the files that git lists as changed goes into the tree: not caches, and not
/// repositories of their own, which git lists as folders. `git add` could leave these out, but
/// fails where one of them is ignored as well.
std::vector<std::string> paths_to_add(std::string_view listed, const std::vector<std::string>& keep,
                                      const std::set<std::string>& brought) {
  std::vector<std::string> paths = parse_names(listed);
  std::erase_if(paths, [&](const std::string& path) {
    const auto holds = [&path](const std::string& folder) { return is_below(path, folder); };
    return path.ends_with('/') || brought.contains(path) ||
           std::any_of(keep.begin(), keep.end(), holds);
  });
  // A file that became a folder: git forgets it only before it takes what is in the folder.
  std::ranges::sort(paths);
  return paths;
}

/// Git lists a repository of its own as a folder, with a slash, and a folder of files never.
std::vector<std::string> repositories_in(std::string_view listed) {
  std::vector<std::string> repositories;
  for (std::string& path : parse_names(listed)) {
    if (!path.ends_with('/')) continue;
    path.pop_back();
    repositories.push_back(std::move(path));
  }
  std::ranges::sort(repositories);
  return repositories;
}

}  // namespace

Job<Snapshot> snapshot(GitContext& git, fs::path worktree, std::vector<std::string> keep,
                       CommitId base) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return passed_on(place);
  const std::string doing = "save the files of " + one_line(worktree.native());
  Snapshot saved;
  ScratchIndex scratch(git.git_dir);
  const Status copied = scratch.copy_from(place->git_dir / "index");
  if (!copied) co_return passed_on(copied);
  // Marks on files that git shall not look at ("assume unchanged", "skip worktree") do not count
  // here: the one goes by a refresh of all, the other, where there is a file, by the setting.
  Call list = git.call({"-c", "core.sparseCheckout=true", "ls-files", "-z", "--modified",
                        "--deleted", "--others", "--exclude-standard"},
                       doing);
  list.place = *place;
  list.env = {scratch.env()};
  list.timeout = kAddTime;
  Call refresh = list;
  refresh.args = {"-c", "core.sparseCheckout=true", "update-index", "-q", "--really-refresh"};
  Call add = list;
  add.args = {
      "-c",     "core.sparseCheckout=true", "update-index", "-z", "--add", "--remove", "--replace",
      "--stdin"};
  Call write = list;
  write.args = {"write-tree"};

  // Fails in the middle of a conflict, where there is no tree that was staged.
  Call write_index = write;
  const auto index_tree = co_await git.runner.run(std::move(write_index));
  if (!index_tree) co_return passed_on(index_tree);
  if (index_tree->ok()) saved.index_tree = std::string(trim(index_tree->out));
  if (!base.empty()) {
    Call read = write;
    read.args = {"read-tree", base.value};
    const auto was_read = co_await git.runner.output(std::move(read));
    if (!was_read) co_return passed_on(was_read);
  }

  // Its status says whether anything is different, which is asked next.
  const auto refreshed = co_await git.runner.run(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  saved.nested = repositories_in(*listed);
  const std::vector<std::string> paths =
      paths_to_add(*listed, keep, brought_in(place->git_dir, place->work_tree));
  Readable readable;
  const Status opened = readable.open(place->work_tree, paths, doing);
  if (!opened) co_return passed_on(opened);
  const auto untouched = co_await as_checked_out(git, write, paths);
  if (!untouched) co_return passed_on(untouched);
  for (const std::string& path : paths) {
    if (!untouched->contains(path)) add.input += path + '\0';
  }
  if (!add.input.empty()) {
    const auto added = co_await git.runner.output(std::move(add));
    if (!added) co_return passed_on(added);
  }
  auto tree = co_await git.line(std::move(write));
  if (!tree) co_return passed_on(tree);
  saved.tree = std::move(*tree);
  co_return saved;
}

Job<std::string> tree_now(GitContext& git, fs::path worktree, std::vector<std::string> keep) {
  CommitId no_base;
  auto saved = co_await snapshot(git, std::move(worktree), std::move(keep), std::move(no_base));
  if (!saved) co_return passed_on(saved);
  co_return std::move(saved->tree);
}

}  // namespace orch::git
