// Compares entries of lists of allowed commands.
#include "config/narrowing.hpp"

#include <algorithm>

namespace orch {

namespace {

constexpr std::string_view kAny = " *";

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || std::string_view(" -_.,/:=+@").find(c) != std::string_view::npos;
  });
}

bool allows(std::string_view allowed, std::string_view entry) {
  if (allowed == entry) return true;
  if (!allowed.ends_with(kAny)) return false;
  allowed.remove_suffix(kAny.size());
  if (entry.ends_with(kAny)) entry.remove_suffix(kAny.size());
  if (!entry.starts_with(allowed)) return false;
  const std::string_view rest = entry.substr(allowed.size());
  return rest.empty() || (rest.front() == ' ' && is_plain(rest));
}

}  // namespace

bool allows(const std::vector<std::string>& allowed, std::string_view entry) {
  return std::ranges::any_of(allowed,
                             [entry](const std::string& one) { return allows(one, entry); });
}

}  // namespace orch
