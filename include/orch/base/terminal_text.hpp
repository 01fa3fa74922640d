#pragma once
// Text that is printed: whole outputs made safe for the terminal they may go to (one_line in
// text.hpp does it for a part that belongs on one line).
#include <string>
#include <string_view>

namespace orch {

enum class Colours : bool { Marked, Kept };

/// As one_line, but line ends stay, and so do colours (ESC [ digits m) where our own are expected.
std::string shown_lines(std::string_view text, Colours colours = Colours::Marked);
/// JSON with the same values, in which every character that one_line would mark is written as
/// \uXXXX: JSON allows them as they are, and a terminal obeys them.
std::string inert_json(std::string_view json);

}  // namespace orch
