// Makes blobs, trees and commits without an index or a work tree of anybody's.
#include "git/objects.hpp"

#include "git/commit_object.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/remembered.hpp"
#include "git/scratch_index.hpp"
#include "git/tree_edit.hpp"
#include "orch/base/text.hpp"

#include <cstdlib>

namespace orch::git {

namespace {

/// Is there an object of that name and type?
Job<bool> is_there(GitContext& git, std::string id, std::string_view type) {
  const auto object = co_await git.objects.look(std::move(id));
  if (!object) co_return passed_on(object);
  co_return object->has_value() && (**object).type == type;
}

/// Is there what git would write into commits, and into none of ours?
Job<bool> adds_to_commits(GitContext& git) {
  if (std::getenv("GIT_AUTHOR_DATE") || std::getenv("GIT_COMMITTER_DATE")) co_return true;
  Call ask = git.call({"config", "--get", "i18n.commitEncoding"}, "read i18n.commitEncoding");
  const auto answer = co_await remembered(git, std::move(ask));
  if (!answer) co_return passed_on(answer);
  co_return answer->ok();
}

/// As commit_tree(), by the git that stays; an error says only that it could not be done so.
Job<std::string> written_commit(GitContext& git, std::string tree, std::vector<CommitId> parents,
                                std::string message, Identity identity) {
  const Failure not_written = fail(Fault::Busy, "the commit could not be written");
  const auto adds = co_await adds_to_commits(git);
  if (!adds || *adds) co_return not_written;
  const auto has_tree = co_await is_there(git, tree, "tree");
  if (!has_tree || !*has_tree) co_return not_written;
  for (const CommitId& parent : parents) {
    const auto has_parent = co_await is_there(git, parent.value, "commit");
    if (!has_parent || !*has_parent) co_return not_written;
  }
  auto text = commit_object(tree, parents, message, identity, git_date_now());
  if (!text) co_return not_written;
  co_return co_await git.writer.write(ObjectType::Commit, std::move(*text));
}

}  // namespace

std::string index_line(std::string_view mode, std::string_view id, std::string_view path) {
  std::string text = fmt::format("{} {}\t{}", mode, id, path);
  text += '\0';
  return text;
}

Job<std::string> write_blob(GitContext& git, std::string text) {
  auto written = co_await git.writer.write(ObjectType::Blob, text);
  if (written) co_return written;
  Call write = git.call({"hash-object", "-w", "--stdin"}, "store the task file");
  write.input = std::move(text);
  co_return co_await git.line(std::move(write));
}

Job<std::string> replace_entries(GitContext& git, std::string tree,
                                 std::vector<TreeEntry> entries) {
  auto edited = co_await edited_tree(git, tree, entries);
  if (edited) co_return edited;
  const ScratchIndex scratch(git.git_dir);
  Call read = git.call({"read-tree", tree}, "build a tree");
  read.env = {scratch.env()};
  Call update = read;
  update.args = {"update-index", "-z", "--index-info"};
  for (const TreeEntry& entry : entries)
    update.input += index_line(entry.mode, entry.id, entry.path);
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
  std::vector<TreeEntry> edits = {{mode, *blob, path}};
  auto tree = co_await replace_entries(git, commit.value, std::move(edits));
  if (!tree) co_return passed_on(tree);
  const Identity nobody{"tmux-orch", "tmux-orch@localhost", true};
  co_return co_await commit_tree(git, std::move(*tree), std::move(parents), "marks agreed\n",
                                 nobody);
}

Job<CommitId> commit_tree(GitContext& git, std::string tree, std::vector<CommitId> parents,
                          std::string message, Identity identity) {
  auto written = co_await written_commit(git, tree, parents, message, identity);
  if (written) co_return CommitId{std::move(*written)};
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
