#pragma once
// What can come next on a command line, for the shells' completion.
#include <string>
#include <vector>

namespace orch::cli {

/// `words`: what is typed after `tmux-orch`, the last of them, which may be empty, only in part.
/// Nothing: the shell may look for files. Reads the newest run where tasks or kinds of agents are
/// asked for; says nothing of what fails.
std::vector<std::string> completions(const std::vector<std::string>& words);

/// `tmux-orch complete WORD...`: before the command line is parsed, as these words are only a part
/// of one.
bool is_completion_call(int argc, char** argv);
int print_completions(int argc, char** argv);

}  // namespace orch::cli
