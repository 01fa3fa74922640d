#pragma once
// What `up` asks before it starts anything. Without a terminal the default of each counts.
#include "cli/prepare.hpp"
#include "orch/base/result.hpp"
#include "orch/core/rules.hpp"

#include <vector>

namespace orch::cli {

/// The tasks of the file, with what the user has said of their doubts.
std::vector<TaskSpec> settled_tasks(const Prepared& prepared, const Rules& rules);

/// Asks whether to go on where most of the file was not read, and what to do about tasks whose file
/// says that they are done; plans again by the answers. Fault::Refused: the user would rather stop.
/// What a run that goes on has an answer for is not asked again, nor is anybody asked about tasks
/// that --only names: these are to be done, even where they were skipped before.
Status settle_tasks(Prepared& prepared, Rules& rules, bool may_ask);

/// What to do with tasks that touch the same files. `answer`: as the command line has it, or empty.
Result<OnOverlap> settle_overlaps(const Prepared& prepared, std::string answer, bool may_ask);

}  // namespace orch::cli
