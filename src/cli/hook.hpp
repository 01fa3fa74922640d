#pragma once
// `tmux-orch hook EVENT`: what the CLI of an agent calls at its own events, with JSON on its input.
//
// It must never harm the CLI, which waits for it: whatever is wrong, it ends soon with status 0 and
// says nothing. The one exception is the end of a turn whose agent has not reported: then it ends
// with 2 and a text on its error output, by which the CLI lets the agent go on.
#include <string_view>

namespace orch::cli {

/// Is this command line a call of a hook, and no question for help? main() asks before anything
/// else is done: nothing that the other verbs begin with may fail or take its time.
bool is_hook_call(int argc, char** argv);

/// Ends the program.
[[noreturn]] void run_hook(std::string_view event);

}  // namespace orch::cli
