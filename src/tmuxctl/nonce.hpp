#pragma once
// Random words that nobody can guess.
#include <string>

namespace tmuxctl {

/// 32 hexadecimal digits: 128 random bits of the kernel.
std::string nonce();

}  // namespace tmuxctl
