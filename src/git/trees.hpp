#pragma once
// What trees have, and how two differ, read through the one git that stays.
//
// An error says only that it could not be read so: see git/object_reader.hpp.
#include "git/context.hpp"
#include "git/parse.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// The mode of an entry that is a tree itself.
inline constexpr std::string_view kFolder = "040000";

inline bool is_folder(const TreeEntry& entry) {
  return entry.mode == kFolder;
}

/// The entries of a tree object, whose ids have so many bytes: its names are without folders.
/// Nothing: that is no tree.
std::optional<std::vector<TreeEntry>> parse_tree_object(std::string_view bytes,
                                                        std::size_t id_bytes);

/// The tree of a tree or commit of that name.
Job<std::string> tree_id(GitContext& git, std::string name);
/// The entries of one tree, whose paths are names.
Job<std::vector<TreeEntry>> entries_in(GitContext& git, std::string id);

/// The files at these paths of a tree or commit, and all below those that are folders; by path.
Job<std::vector<TreeEntry>> entries_at(GitContext& git, std::string tree,
                                       std::vector<std::string> paths);
/// By path, as `diff-tree -r --no-renames` has them.
Job<std::vector<ChangedEntry>> changes_between(GitContext& git, std::string from, std::string to);

}  // namespace orch::git
