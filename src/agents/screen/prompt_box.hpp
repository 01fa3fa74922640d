#pragma once
// The box at the foot of an agent's screen in which its user writes.
#include "agents/screen/screen.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Its rows as text, without the frame and the sign in front; empty rows are left out. Nothing: no
/// box can be made out. What stands in it may be a hint of the program's, not a text.
std::optional<std::vector<std::string>> prompt_box(const Screen& screen);

/// How many rows stand above the box; where none can be made out, all.
std::size_t rows_above_box(const Screen& screen);

/// Does a text stand in the box that was not sent, of a person or put back by the program after an
/// interrupt? The cursor stands behind it, and in an empty box before the program's hint. No: also
/// where neither box nor cursor can be made out.
bool has_draft(const Screen& screen);

/// Does a row above the box begin as one of these lines does? So a text shows that was submitted.
/// Lines of a few signs are not looked for.
bool shows_above_box(const Screen& screen, const std::vector<std::string_view>& lines);

/// Does the box hold this text, or a sign that stands for a long one? Where no box can be made
/// out, the last rows are looked at.
bool box_holds(const Screen& screen, std::string_view text);

}  // namespace orch
