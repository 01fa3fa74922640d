#pragma once
// Which agent coordinates.
#include "cli/prepare.hpp"
#include "orch/base/result.hpp"

#include <string>

namespace orch::cli {

/// The kind of the agent that is to coordinate the run; empty: none is. An error: it could not.
Result<std::string> chosen_coordinator(const Prepared& prepared);

}  // namespace orch::cli
