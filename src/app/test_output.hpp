#pragma once
// What tests have printed.
#include <cstddef>
#include <string>
#include <vector>

namespace orch::app {

/// The last so many bytes of a log; nothing where an agent has put something else in the place of
/// it.
std::string end_of_log(const std::string& log, std::size_t most);

/// The end of their log; nothing where an agent has put something else in the place of it.
std::vector<std::string> last_lines(const std::string& log);

}  // namespace orch::app
