// Stores the files of a worktree as a tree, by way of a temporary index: nobody's staging area, no
// `git stash` (it is shared by all worktrees), no hook.
#include "git/snapshot.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/readable.hpp"
#include "git/scratch_index.hpp"
#include "git/set_up.hpp"
#include "git/sweep.hpp"
#include "git/untouched.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kAddTime = std::chrono::minutes(10);

/// What of the files that git lists as changed goes into the tree: not caches, and not
/// repositories of their own, which git lists as folders. `git add` could leave these out, but
/// fails where one of them is ignored as well.
std::vector<std::string> paths_to_add(std::vector<std::string> paths,
                                      const std::vector<std::string>& keep,
                                      const std::set<std::string>& brought) {
  std::erase_if(paths, [&](const std::string& path) {
    return path.ends_with('/') || brought.contains(path) || is_within(path, keep);
  });
  // A file that became a folder: git forgets it only before it takes what is in the folder.
  std::ranges::sort(paths);
  return paths;
}

/// Without files that became folders of which something is stored: git forgets such a file then,
/// and takes its name for a mistake where it has forgotten it already.
std::vector<std::string> without_replaced(std::vector<std::string> paths, const fs::path& folder) {
  std::vector<std::string> left;
  for (const std::string& path : paths) {
    const auto inner = std::ranges::lower_bound(paths, path + '/');
    const bool is_above = inner != paths.end() && inner->starts_with(path + '/');
    std::error_code error;
    const bool is_replaced = is_above && fs::is_directory(fs::symlink_status(folder / path, error));
    if (!is_replaced) left.push_back(path);
  }
  return left;
}

/// Git lists a repository of its own as a folder, with a slash, and a folder of files never.
std::vector<std::string> repositories_in(const std::vector<std::string>& listed) {
  std::vector<std::string> repositories;
  for (const std::string& path : listed) {
    if (path.ends_with('/')) repositories.push_back(path.substr(0, path.size() - 1));
  }
  std::ranges::sort(repositories);
  return repositories;
}

}  // namespace

namespace {

/// Lists what is to be stored, with the index brought up to date with the files.
Job<std::vector<std::string>> list_changed(GitContext& git, Call like) {
  // Marks on files that git shall not look at ("assume unchanged", "skip worktree") do not count
  // here: the one goes by a refresh of all, the other, where there is a file, by the setting.
  Call list = like;
  list.args =
      seeing_all({"ls-files", "-z", "--modified", "--deleted", "--others", "--exclude-standard"});
  like.args = seeing_all({"update-index", "-q", "--really-refresh"});
  // Its status says whether anything is different, which is asked next.
  const auto refreshed = co_await git.runner.run(std::move(like));
  if (!refreshed) co_return passed_on(refreshed);
  const auto listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  co_return parse_names(*listed);
}

/// What was staged as a tree; empty in the middle of a conflict, where there is none.
Job<std::string> staged_tree(GitContext& git, Call write) {
  const auto tree = co_await git.runner.run(std::move(write));
  if (!tree) co_return passed_on(tree);
  co_return tree->ok() ? std::string(trim(tree->out)) : std::string();
}

/// The tree with these paths as they are in the folder. `like` names the index.
Job<std::string> store(GitContext& git, Call like, std::vector<std::string> paths) {
  Call add = like;
  add.args = seeing_all({"update-index", "-z", "--add", "--remove", "--replace", "--stdin"});
  for (const std::string& path : paths)
    add.input += path + '\0';
  if (!add.input.empty()) {
    const auto added = co_await git.runner.output(std::move(add));
    if (!added) co_return passed_on(added);
  }
  like.args = {"write-tree"};
  co_return co_await git.line(std::move(like));
}

}  // namespace

Job<Snapshot> snapshot(GitContext& git, SnapshotRequest request) {
  const Result<Place> place = git.place_of(request.worktree);
  if (!place) co_return passed_on(place);
  Call like = git.call({}, "save the files of " + one_line(request.worktree.native()));
  like.place = *place;
  like.timeout = kAddTime;
  like.keep = kLongestList;
  Snapshot saved;
  const bool relied_on =
      request.seen && request.seen->complete && request.base.empty() && !request.head.empty();
  if (relied_on && !request.seen->staged) {
    auto tree = co_await tree_of(git, request.head);
    if (!tree) co_return passed_on(tree);
    saved.index_tree = std::move(*tree);
    const bool same = request.seen->changed.empty() && request.seen->untracked.empty();
    if (same) saved.tree = saved.index_tree;
    if (same) co_return saved;
  }
  const auto scratch = std::make_shared<ScratchIndex>(git.git_dir);
  const Status copied = scratch->copy_from(place->git_dir / "index");
  if (!copied) co_return passed_on(copied);
  like.env = {scratch->env()};
  if (saved.index_tree.empty()) {
    Call write = like;
    write.args = {"write-tree"};
    auto tree = co_await staged_tree(git, std::move(write));
    if (!tree) co_return passed_on(tree);
    saved.index_tree = std::move(*tree);
  }
  if (!request.base.empty()) {
    Call read = like;
    read.args = {"read-tree", request.base.value};
    const auto was_read = co_await git.runner.output(std::move(read));
    if (!was_read) co_return passed_on(was_read);
  }

  std::vector<std::string> listed;
  if (relied_on) {
    listed = request.seen->changed;
    listed.insert(listed.end(), request.seen->untracked.begin(), request.seen->untracked.end());
  } else {
    auto found = co_await list_changed(git, like);
    if (!found) co_return passed_on(found);
    listed = std::move(*found);
  }
  saved.nested = repositories_in(listed);
  std::vector<std::string> paths =
      paths_to_add(std::move(listed), request.keep, brought_in(place->git_dir, place->work_tree));
  Readable readable;
  const Status opened = readable.open(place->work_tree, paths, like.doing);
  if (!opened) co_return passed_on(opened);
  std::set<std::string> untouched;
  if (relied_on) {
    untouched = request.seen->untouched;
  } else {
    auto same = co_await as_checked_out(git, like, paths);
    if (!same) co_return passed_on(same);
    untouched = std::move(*same);
  }
  std::erase_if(paths, [&](const std::string& path) { return untouched.contains(path); });
  paths = without_replaced(std::move(paths), place->work_tree);
  auto tree = co_await store(git, std::move(like), std::move(paths));
  if (!tree) co_return passed_on(tree);
  saved.tree = std::move(*tree);
  saved.index = scratch;
  co_return saved;
}

Job<std::string> tree_now(GitContext& git, fs::path worktree, std::vector<std::string> keep) {
  SnapshotRequest request;
  request.worktree = std::move(worktree);
  request.keep = std::move(keep);
  auto saved = co_await snapshot(git, std::move(request));
  if (!saved) co_return passed_on(saved);
  co_return std::move(saved->tree);
}

}  // namespace orch::git
