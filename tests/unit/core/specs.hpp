#pragma once
// Short ways to write tasks in tests.
#include "orch/core/task.hpp"

#include <string>
#include <vector>

namespace orch {

/// A task and what it depends on.
inline TaskSpec task(const std::string& id, const std::vector<std::string>& depends = {}) {
  TaskSpec made;
  made.id = {id};
  for (const std::string& needed : depends)
    made.depends.push_back({needed});
  return made;
}

}  // namespace orch
