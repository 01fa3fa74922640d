#pragma once
// What git has to read in a worktree to keep it.
#include "git/below.hpp"
#include "orch/base/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::git {

/// Files that are ours and that we may not read are readable as long as this lives: an agent, or a
/// tool of its, that made one so meant others.
class Readable {
 public:
  Readable() = default;
  /// Puts the modes back.
  ~Readable();
  Readable(const Readable&) = delete;
  Readable& operator=(const Readable&) = delete;

  /// Fault::Refused names one of `paths` that git cannot keep, and the command that ends that.
  Status open(const std::filesystem::path& work_tree, const std::vector<std::string>& paths,
              std::string_view doing);

 private:
  std::vector<Below> below_;  ///< none or one
  std::vector<std::pair<std::string, Below::FileMode>> before_;
};

}  // namespace orch::git
