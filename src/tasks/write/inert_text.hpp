#pragma once
// The text of a task written so that no reader takes a line of it for anything but text.
#include <string>
#include <string_view>

namespace orch::tasks {

/// `body`, with each stretch between its code fences that has a line which could be read as a box,
/// a heading, a field, a table, HTML or half a fence put into a fence of its own. Whole fences stay
/// as they are: what a shell agent runs is in them.
std::string inert_text(std::string_view body);

}  // namespace orch::tasks
