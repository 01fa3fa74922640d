// Numbers of bytes to texts.
#include "orch/base/size.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace orch {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 1000 && unit + 1 < kUnits.size(); ++unit)
    size /= 1000;
  return fmt::format("{:.{}f} {}", size, size < 10 ? 1 : 0, kUnits[unit]);
}

}  // namespace orch
