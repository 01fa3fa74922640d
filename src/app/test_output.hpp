#pragma once
// What tests have printed.
#include <string>
#include <vector>

namespace orch::app {

/// The end of their log; nothing where an agent has put something else in the place of it.
std::vector<std::string> last_lines(const std::string& log);

}  // namespace orch::app
