#pragma once
// Text of others on a tmux command line: nothing in it is executed, expanded or split.
//
// Two layers, both verified on tmux 3.3a: the command parser reads every argument; a format
// expander then reads some of them (new-window -n and -c, rename-window, display-message, every
// -F).
#include <string>
#include <string_view>
#include <vector>

namespace tmuxctl {

/// One argument for the parser: on a control-mode line, or in a command inside another command.
/// Any bytes; tmux cannot be told a NUL, so those are left out.
std::string quote(std::string_view text);
/// For an argument that tmux expands as a format: `#` doubled, so that the text means itself. tmux
/// keeps `##[` doubled in the name it stores, and halves it when it draws its status line.
/// display-message also runs strftime: there a `%` is still not safe.
std::string literal(std::string_view text);
/// Each word quoted, joined by spaces: one control-mode line.
std::string command_line(const std::vector<std::string>& words);
/// One word of `tmux word word ...`: there the parser leaves all alone but a `;` at its end, which
/// would separate commands.
std::string shell_word(std::string_view word);

}  // namespace tmuxctl
