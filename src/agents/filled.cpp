// Texts with placeholders, as they stand in the profiles of agents.
#include "agents/filled.hpp"

#include <algorithm>

namespace orch {

std::string filled(std::string_view text, std::span<const Placeholder> placeholders) {
  std::string result;
  while (!text.empty()) {
    const auto here = std::ranges::find_if(placeholders, [text](const Placeholder& placeholder) {
      return text.starts_with(placeholder.name);
    });
    if (here == placeholders.end()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += here->value;
      text.remove_prefix(here->name.size());
    }
  }
  return result;
}

}  // namespace orch
