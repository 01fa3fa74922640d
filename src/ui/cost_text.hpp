#pragma once
// An amount of money for people.
#include <cstdint>
#include <string>

namespace orch::ui {

/// "$0.056", "$12.30": millionths of a dollar.
std::string cost_text(std::int64_t cost);

}  // namespace orch::ui
