#pragma once
// Lines of styled text, as the dashboard draws them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch::dashboard {

enum class Ink : std::uint8_t { Default, Red, Green, Yellow, Blue, Magenta, Cyan };

struct Style {
  Ink ink = Ink::Default;
  bool bold = false;
  bool dim = false;
  bool reverse = false;

  bool operator==(const Style&) const = default;
};

inline constexpr Style kBold{.bold = true};
inline constexpr Style kDim{.dim = true};
inline constexpr Style kCalls{.ink = Ink::Yellow, .bold = true};

/// A piece of a line in one style: its text is safe for a terminal.
struct Part {
  std::string text;
  Style style;

  bool operator==(const Part&) const = default;
};

using Line = std::vector<Part>;

/// The columns that it takes.
std::size_t width_of(const Line& line);
/// What it says, without styles.
std::string text_of(const Line& line);
/// Adds untrusted text, made safe, cut or filled up to exactly so many columns.
void add_cell(Line& line, std::string_view text, std::size_t columns, Style style = {});
/// Adds text of our own as it is.
void add(Line& line, std::string_view text, Style style = {});
/// The ink that has this name among tmux's colours.
Ink ink_named(std::string_view colour);

/// Untrusted text, made safe, on lines of at most so many columns; all but the first are indented.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace orch::dashboard
