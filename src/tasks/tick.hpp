#pragma once
// Ticks items when the work on them has landed.
#include "tasks/item.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// The text with these items ticked, and with each item above them that has no required item left.
/// Every other byte stays. Items that are gone, done already or cannot be ticked are passed over; a
/// text that cannot be read stays as it is.
std::string with_ticks(const Source& source, std::string_view format,
                       const std::vector<std::string>& ids);

}  // namespace orch::tasks
