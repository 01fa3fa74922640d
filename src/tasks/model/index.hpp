#pragma once
// Indices are kept as int, -1 for none; containers want them without a sign.
#include <cstddef>

namespace orch::tasks {

constexpr std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

}  // namespace orch::tasks
