#pragma once
// Texts with placeholders, as they stand in the profiles of agents.
#include <span>
#include <string>
#include <string_view>

namespace orch {

/// `{name}` and what stands in its place.
struct Placeholder {
  std::string_view name;  ///< with its braces
  std::string_view value;
};

/// The text with its placeholders replaced. What is put in is not looked at again, whatever it
/// holds.
std::string filled(std::string_view text, std::span<const Placeholder> placeholders);

}  // namespace orch
