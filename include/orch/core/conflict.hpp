#pragma once
// Conflicts between the works of tasks that have not landed yet.
#include "orch/base/fields.hpp"
#include "orch/core/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orch {

/// Its work and that of another task could not be merged now. Git's word; the landing decides.
struct ForeseenConflict {
  TaskId with;
  std::vector<std::string> files;  ///< some of them
  std::int64_t count = 0;          ///< of all
  ORCH_FIELDS(with, files, count)
  bool operator==(const ForeseenConflict&) const = default;
};

}  // namespace orch
