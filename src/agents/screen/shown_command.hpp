#pragma once
// Does a dialog ask about exactly this command? What a hook has said may be old, or somebody else's
// word; the dialog is what is answered.
#include "agents/screen/dialog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// `forms` are the ways in which the agent's program asks (`agents.NAME.command_dialogs`): the rows
/// right above the options, each as it is or with `{command}` or `{rest}`. The command has to stand
/// there in one row: of several nobody can tell whether one was broken where the screen ends, or a
/// second command follows. What begins such a form stands once on the screen, and nothing below it
/// further to the left, so that no command can bring a dialog of its own with it.
bool shows_command(const Dialog& dialog, const std::vector<std::string>& forms,
                   std::string_view command);

}  // namespace orch
