#pragma once
// What nobody can guess.
#include <string>

namespace orch {

/// 32 random hexadecimal digits.
std::string random_hex();

}  // namespace orch
