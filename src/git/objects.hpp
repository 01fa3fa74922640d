#pragma once
// Makes blobs, trees and commits without an index or a work tree of anybody's.
#include "git/context.hpp"
#include "git/parse.hpp"
#include "git/values.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// A line of `update-index -z --index-info`.
std::string index_line(std::string_view mode, std::string_view id, std::string_view path);

/// All of them return the id of what they made.
Job<std::string> write_blob(GitContext& git, std::string text);
/// The tree with these entries, one after the other, in the place of what it has there; the mode
/// "0" takes a file away.
Job<std::string> replace_entries(GitContext& git, std::string tree, std::vector<TreeEntry> entries);
/// A commit like `commit` but for one file and its parents: lives only for a merge.
Job<CommitId> with_file(GitContext& git, CommitId commit, std::string path, std::string text,
                        std::vector<CommitId> parents);
Job<CommitId> commit_tree(GitContext& git, std::string tree, std::vector<CommitId> parents,
                          std::string message, Identity identity);

}  // namespace orch::git
