#pragma once
// Compares versions of tmux.
#include <charconv>
#include <string_view>

namespace tmuxctl {

/// Is the version ("3.3a", "next-3.4") before `major.minor`? Builds of tmux's head ("master",
/// "openbsd-7.4") have no number to compare and are newer than any release.
inline bool is_before(std::string_view version, int major, int minor) {
  if (version.starts_with("next-")) version.remove_prefix(5);
  int its_major = 0;
  int its_minor = 0;
  const char* end = version.data() + version.size();
  const auto [dot, code] = std::from_chars(version.data(), end, its_major);
  if (code != std::errc{}) return false;
  if (dot != end && *dot == '.') std::from_chars(dot + 1, end, its_minor);
  return its_major < major || (its_major == major && its_minor < minor);
}

}  // namespace tmuxctl
