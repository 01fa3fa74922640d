#pragma once
// Makes trees that differ from others in a few entries: read and written by the gits that stay.
//
// An error says only that it could not be done so: see git/object_writer.hpp.
#include "git/context.hpp"
#include "git/parse.hpp"

#include <optional>
#include <string>
#include <vector>

namespace orch::git {

/// The bytes of a tree object with these entries, whose paths are names; in git's order. Nothing:
/// an id is none, or a mode is none that git writes.
std::optional<std::string> tree_object(std::vector<TreeEntry> entries);

/// The tree of a tree or commit with these entries, one after the other, in the place of what is
/// at their paths; the mode "0" takes a file away. As `update-index --index-info` has it.
Job<std::string> edited_tree(GitContext& git, std::string tree, std::vector<TreeEntry> edits);

}  // namespace orch::git
