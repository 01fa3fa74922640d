// Random digits by getrandom(2).
#include "orch/base/random.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstdint>

namespace orch {

std::string random_hex() {
  std::array<std::uint64_t, 2> bits{};
  // Neither short nor failing for 16 bytes, unless a signal comes while the kernel still boots.
  while (::getrandom(bits.data(), sizeof bits, 0) != sizeof bits)
    continue;
  return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

}  // namespace orch
