#pragma once
// A work tree with nothing but `.gitattributes` files in it: git before 2.41 reads the attributes
// that decide a merge from its work tree, whatever the trees are that it merges.
#include "orch/base/result.hpp"

#include <filesystem>
#include <string_view>

namespace orch::git {

/// Lies in the shared git folder and is removed by the destructor.
class AttributeTree {
 public:
  explicit AttributeTree(const std::filesystem::path& git_dir);
  ~AttributeTree();
  AttributeTree(const AttributeTree&) = delete;
  AttributeTree& operator=(const AttributeTree&) = delete;

  /// `path` as git names the file, relative to the root.
  Status add(std::string_view path, std::string_view text) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace orch::git
