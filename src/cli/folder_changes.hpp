#pragma once
// Waits until something comes into a folder, at no cost meanwhile.
#include "orch/base/files.hpp"
#include "orch/base/time.hpp"

#include <filesystem>

namespace orch::cli {

class FolderChanges {
 public:
  /// The folder need not be there yet.
  explicit FolderChanges(std::filesystem::path folder);

  /// Did something come, or could something have come unseen? Waits no longer than that.
  bool await(Span most);

 private:
  std::filesystem::path folder_;
  Fd changes_;
  bool watched_ = false;
};

}  // namespace orch::cli
