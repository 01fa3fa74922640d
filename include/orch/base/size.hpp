#pragma once
// Sizes for people.
#include <cstdint>
#include <string>

namespace orch {

/// "1.2 GB"; units of a thousand, as disks are sold and shown.
std::string size_text(std::uint64_t bytes);

}  // namespace orch
