#pragma once
// Which tasks --only asks for.
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"
#include "tasks/source/task_file.hpp"

#include <string>
#include <vector>

namespace orch::cli {

/// The units that these words name, each once; an item's id names the unit that it is in.
/// Fault::BadInput for a word that names nothing, with the nearest ids as hint.
Result<std::vector<TaskId>> chosen_tasks(const tasks::TaskFile& file,
                                         const std::vector<std::string>& words);

}  // namespace orch::cli
