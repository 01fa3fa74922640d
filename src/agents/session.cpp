// Ids of conversations that agents' programs keep.
#include "agents/session.hpp"

#include <fmt/format.h>

namespace orch {

std::string session_id_of(std::string_view digits) {
  std::string hex(digits);
  hex.resize(32, '0');
  hex[12] = '4';  // the version
  hex[16] = 'a';  // the variant
  const std::string_view all = hex;
  return fmt::format("{}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4),
                     all.substr(16, 4), all.substr(20));
}

}  // namespace orch
