// Makes blobs, trees and commits without an index or a work tree of anybody's.
#include "git/objects.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/scratch_index.hpp"
#include "orch/base/text.hpp"

namespace orch::git {

std::string index_line(std::string_view mode, std::string_view id, std::string_view path) {
  std::string text = fmt::format("{} {}\t{}", mode, id, path);
  text += '\0';
  return text;
}

Job<std::string> write_blob(GitContext& git, std::string text) {
  Call write = git.call({"hash-object", "-w", "--stdin"}, "store the task file");
  write.input = std::move(text);
  co_return co_await git.line(std::move(write));
}

Job<std::string> replace_entries(GitContext& git, std::string tree, std::string entries) {
  const ScratchIndex scratch(git.git_dir);
  Call read = git.call({"read-tree", tree}, "build a tree");
  read.env = {scratch.env()};
  Call update = read;
  update.args = {"update-index", "-z", "--index-info"};
  update.input = std::move(entries);
  Call write = read;
  write.args = {"write-tree"};
  const auto was_read = co_await git.runner.output(std::move(read));
  if (!was_read) co_return passed_on(was_read);
  const auto updated = co_await git.runner.output(std::move(update));
  if (!updated) co_return passed_on(updated);
  co_return co_await git.line(std::move(write));
}

Job<CommitId> with_file(GitContext& git, CommitId commit, std::string path, std::string text,
                        std::vector<CommitId> parents) {
  const auto blob = co_await write_blob(git, std::move(text));
  if (!blob) co_return passed_on(blob);
  std::vector<std::string> paths = {path};
  const auto entries = co_await tree_entries(git, commit.value, std::move(paths));
  if (!entries) co_return passed_on(entries);
  const std::string mode = entries->empty() ? std::string("100644") : entries->front().mode;
  auto tree = co_await replace_entries(git, commit.value, index_line(mode, *blob, path));
  if (!tree) co_return passed_on(tree);
  const Identity nobody{"tmux-orch", "tmux-orch@localhost", true};
  co_return co_await commit_tree(git, std::move(*tree), std::move(parents), "marks agreed\n",
                                 nobody);
}

Job<CommitId> commit_tree(GitContext& git, std::string tree, std::vector<CommitId> parents,
                          std::string message, Identity identity) {
  Call make = git.call({"commit-tree", "-F", "-"}, "make a commit");
  for (const CommitId& parent : parents) {
    make.args.emplace_back("-p");
    make.args.push_back(parent.value);
  }
  make.args.push_back(std::move(tree));
  make.input = std::move(message);
  make.env = {{"GIT_AUTHOR_NAME", identity.name},
              {"GIT_AUTHOR_EMAIL", identity.email},
              {"GIT_COMMITTER_NAME", identity.name},
              {"GIT_COMMITTER_EMAIL", identity.email}};
  auto commit = co_await git.line(std::move(make));
  if (!commit) co_return passed_on(commit);
  co_return CommitId{std::move(*commit)};
}

}  // namespace orch::git
