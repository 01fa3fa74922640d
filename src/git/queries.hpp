#pragma once
// What is asked of git without changing anything. What each answers is said at the calls of
// git::Repository, where it is one of them.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

struct TreeEntry;
struct ChangedEntry;

Job<std::optional<CommitId>> resolve(GitContext& git, std::string rev);
Job<std::string> tree_of(GitContext& git, CommitId commit);
Job<bool> is_ancestor(GitContext& git, CommitId ancestor, CommitId descendant);
Job<bool> are_related(GitContext& git, CommitId one, CommitId other);
Job<std::optional<CommitId>> branch_tip(GitContext& git, std::string branch);
Job<std::optional<CommitId>> ref(GitContext& git, std::string name);
/// Is everything that these commits have also within `safe`? What is empty or gone counts as that.
Job<bool> all_within(GitContext& git, std::vector<CommitId> commits, std::vector<CommitId> safe);
/// The files at these paths, and all below those that are folders.
Job<std::vector<TreeEntry>> tree_entries(GitContext& git, std::string tree,
                                         std::vector<std::string> paths);
Job<std::optional<std::string>> show_file(GitContext& git, CommitId commit, std::string path);
Job<std::vector<std::string>> changed_files(GitContext& git, CommitId from, CommitId to);
/// The same with what there was and is, and what happened to it.
Job<std::vector<ChangedEntry>> changed_entries(GitContext& git, CommitId from, CommitId to);
Job<CommittedWork> committed_work(GitContext& git, CommitId from, CommitId to);
Job<std::vector<LandedCommit>> first_parents(GitContext& git, CommitId from, CommitId to);
/// Where the branch was before the landing: the first parent, or that of the first commit where a
/// task landed commit by commit. Nothing: there was no commit.
Job<std::optional<CommitId>> before_landing(GitContext& git, CommitId landed);
std::vector<Holder> checked_out_at(const GitContext& git, std::string_view branch);
Job<std::vector<Worktree>> list_worktrees(GitContext& git);
Job<WorktreeStatus> status_of(GitContext& git, std::filesystem::path worktree);
/// The same with all files, each by itself.
Job<WorktreeStatus> look_at(GitContext& git, std::filesystem::path worktree);
Job<std::vector<std::string>> edited_in(GitContext& git, std::filesystem::path checkout);
Job<loop::Command> diff_for_terminal(GitContext& git, std::vector<std::string> args,
                                     std::filesystem::path worktree);
Job<Identity> identity(GitContext& git);

}  // namespace orch::git
