// Commits, ancestry, three-way merges and tests, as far as landing work can tell them from git's.
#include "sim/repository.hpp"

#include <fmt/format.h>

#include <set>

namespace orch::sim {
namespace {

// A file that is missing has a version that no file has.
constexpr int kMissing = -1;

int version(const Tree& tree, const std::string& file) {
  const auto found = tree.find(file);
  return found == tree.end() ? kMissing : found->second;
}

}  // namespace

std::size_t Repository::number(const CommitId& id) {
  return static_cast<std::size_t>(std::stoul(id.value.substr(1)));
}

CommitId Repository::commit(const Tree& tree, const std::vector<CommitId>& parents) {
  Commit made{parents, tree, std::vector<bool>(commits_.size() + 1, false)};
  for (const CommitId& parent : parents) {
    const std::vector<bool>& known = at(parent).ancestors;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known[i]) made.ancestors[i] = true;
    }
  }
  made.ancestors.back() = true;
  commits_.push_back(std::move(made));
  return CommitId{fmt::format("c{}", commits_.size() - 1)};
}

bool Repository::is_ancestor(const CommitId& old, const CommitId& young) const {
  const std::vector<bool>& known = at(young).ancestors;
  return number(old) < known.size() && known[number(old)];
}

const Tree& Repository::merge_base(const CommitId& first, const CommitId& second) const {
  static const Tree kNone;
  const std::vector<bool>& one = at(first).ancestors;
  const std::vector<bool>& other = at(second).ancestors;
  for (std::size_t i = std::min(one.size(), other.size()); i-- > 0;) {
    if (one[i] && other[i]) return commits_[i].tree;
  }
  return kNone;
}

Repository::Merge Repository::merge(const CommitId& onto, const CommitId& work) const {
  return merge_from(merge_base(onto, work), onto, work);
}

Repository::Merge Repository::merge_from(const Tree& base, const CommitId& onto,
                                         const CommitId& work) const {
  const Tree& ours = tree(onto);
  const Tree& theirs = tree(work);
  Merge result{ours, {}};
  std::set<std::string> files;
  for (const Tree* side : {&theirs, &base})
    for (const auto& [file, unused] : *side)
      files.insert(file);
  for (const std::string& file : files) {
    const int before = version(base, file);
    const int own = version(ours, file);
    const int other = version(theirs, file);
    if (other == before || other == own) continue;
    if (own != before) result.conflicts.push_back(file);
    if (other == kMissing) {
      result.tree.erase(file);
    } else {
      result.tree[file] = other;
    }
  }
  return result;
}

bool Repository::passes_tests(const Tree& tree) {
  int sum = 0;
  for (const auto& [file, version] : tree) {
    if (version % 19 == 7) return false;
    sum += version;
  }
  return sum % 29 != 11;
}

}  // namespace orch::sim
