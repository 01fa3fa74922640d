#pragma once
// What is said of an agent with which something is wrong.
#include "orch/core/reason.hpp"

#include <string>

namespace orch::ui {

/// Of a reason that names a rule, its severity and what is done: all of it but the commands.
std::string anomaly_text(const Reason& reason);

}  // namespace orch::ui
