#pragma once
// A git repository of the mind: commits with trees, merges that conflict by file, tests by tree.
#include "orch/core/ids.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch::sim {

/// File -> version. Two commits have the same content when their trees are equal.
using Tree = std::map<std::string, int>;

class Repository {
 public:
  CommitId commit(const Tree& tree, const std::vector<CommitId>& parents);

  const Tree& tree(const CommitId& id) const { return at(id).tree; }

  const std::vector<CommitId>& parents(const CommitId& id) const { return at(id).parents; }

  bool is_ancestor(const CommitId& old, const CommitId& young) const;

  struct Merge {
    Tree tree;
    std::vector<std::string> conflicts;
  };

  /// Three-way, by file; a conflict is a file that both sides changed in different ways.
  Merge merge(const CommitId& onto, const CommitId& work) const;
  /// The same from where both sides are said to have begun.
  Merge merge_from(const Tree& base, const CommitId& onto, const CommitId& work) const;

  /// Some versions are broken by themselves, some only beside others.
  static bool passes_tests(const Tree& tree);

 private:
  struct Commit {
    std::vector<CommitId> parents;
    Tree tree;
    std::vector<bool> ancestors;  ///< by number, itself included
  };

  static std::size_t number(const CommitId& id);

  const Commit& at(const CommitId& id) const { return commits_.at(number(id)); }

  const Tree& merge_base(const CommitId& first, const CommitId& second) const;

  std::vector<Commit> commits_;
};

}  // namespace orch::sim
