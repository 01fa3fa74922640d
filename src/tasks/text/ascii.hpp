#pragma once
// Classes of ASCII characters, whatever the locale.
#include <array>
#include <cstddef>
#include <string_view>

namespace orch::tasks {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A set of bytes to look for in every line of a file: the standard searches ask for each byte of
/// the line again where it stands in the set.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes)
      has_[static_cast<unsigned char>(c)] = true;
  }

  constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

  /// As `text.find_first_of(bytes, from)`.
  constexpr std::size_t first_in(std::string_view text, std::size_t from = 0) const {
    for (; from < text.size(); ++from)
      if (has(text[from])) return from;
    return std::string_view::npos;
  }

  /// As `text.find_first_not_of(bytes, from)`, but the end of the text for "none".
  constexpr std::size_t end_of_run(std::string_view text, std::size_t from = 0) const {
    while (from < text.size() && has(text[from]))
      ++from;
    return from;
  }

 private:
  std::array<bool, 256> has_{};
};

}  // namespace orch::tasks
