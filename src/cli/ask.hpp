#pragma once
// Questions on the terminal.
#include <string_view>

namespace orch::cli {

/// Are standard input and output a terminal?
bool on_terminal();

/// Prints the question and reads a line: its first letter, in lower case; `otherwise` for an empty
/// line and at the end of the input. The whole line, so that its end is no answer to the next one.
char ask(std::string_view question, char otherwise);

}  // namespace orch::cli
