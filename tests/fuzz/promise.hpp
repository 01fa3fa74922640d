#pragma once
// What all fuzz targets share: what they are given, and how a broken promise ends them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace orch::fuzz {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

/// The text without the first byte, which is a choice for those that have one.
inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return size == 0 ? std::string_view()
                   : std::string_view(reinterpret_cast<const char*>(bytes) + 1, size - 1);
}

}  // namespace orch::fuzz
