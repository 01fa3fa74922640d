#pragma once
// The file of a conversation on the disk, as an agent's program has named it. Looking at it may
// block: it is done in a thread.
#include "agents/usage_log.hpp"
#include "orch/core/usage.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

class UsageFile {
 public:
  /// `path` is what an agent may have said: only a plain file of our user's below `folder` is read,
  /// and no link on the way there is followed.
  UsageFile(UsageFormat format, std::filesystem::path folder, std::filesystem::path path);

  /// The one below `folder` that fits the pattern, a path from there with `*` in its names.
  static UsageFile to_be_found(UsageFormat format, std::filesystem::path folder,
                               std::filesystem::path pattern);

  /// Reads what has come since the last look, some megabytes at most. A file that was replaced, or
  /// has become shorter, is read from its begin. What cannot be read says nothing.
  void look();

  /// After the last look: was there more in it?
  bool has_more() const { return has_more_; }

  const Usage& usage() const { return log_.usage(); }

  const std::vector<ToldUsage>& told() const { return log_.told(); }

  const CallTally& calls() const { return log_.calls(); }

 private:
  void read_up_to(std::int64_t end, int fd);

  UsageFormat format_;
  std::filesystem::path folder_;
  std::filesystem::path path_;     ///< empty: it is not found yet
  std::filesystem::path pattern_;  ///< to find it by; empty: it was named
  UsageLog log_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::int64_t offset_ = 0;
  bool has_more_ = false;
};

}  // namespace orch::app
