#pragma once
// The order in which people sort names.
#include <string_view>

namespace orch {

/// Does `first` come before `second`: 2 before 10?
bool natural_less(std::string_view first, std::string_view second);

}  // namespace orch
