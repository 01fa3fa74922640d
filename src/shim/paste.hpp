#pragma once
// The signs of a bracketed paste (DEC private mode 2004).
#include <string_view>

namespace orch::shim {

inline constexpr std::string_view kPasteBegin = "\x1b[200~";
inline constexpr std::string_view kPasteEnd = "\x1b[201~";

}  // namespace orch::shim
