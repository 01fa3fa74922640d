#pragma once
// Words nobody can foresee.
#include <string>

namespace tmuxctl {

/// 32 hexadecimal digits: 128 random bits of the kernel.
std::string nonce();

}  // namespace tmuxctl
