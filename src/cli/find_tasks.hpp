#pragma once
// Where people keep their task files.
#include "orch/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::cli {

struct FoundTasks {
  std::filesystem::path path;  ///< a file, or a folder with one task a file
  std::string reason;          ///< which of several was taken and why; empty: it was named
};

/// The argument, else what the configuration names, else the usual places below `folders`, the
/// newest first. Fault::NotFound says what is looked for.
Result<FoundTasks> find_tasks(const std::string& argument, const std::string& configured,
                              const std::vector<std::filesystem::path>& folders);

}  // namespace orch::cli
