#pragma once
// What of git's environment variables is passed on, and what belongs to the git that called us.
//
// A hook, `git rebase --exec` or an alias sets variables that say where that one git works, what it
// commits as and what it was told on its command line. A program that inherits them works in the
// wrong repository or under a wrong name. The one list of those that are settings instead is here;
// it is used for our own gits, for set-up commands, tests and agents alike.
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Is a variable of that name, in git's own name space (GIT_...), the state of a git that runs
/// rather than a setting that the user wants in every git? Unknown ones are taken for state.
bool is_git_state(std::string_view name);

/// The names of all such variables that this process has at the moment.
std::vector<std::string> git_state_here();

/// Takes them out of this process, so that nothing it starts inherits them.
void drop_git_state();

/// Adds a setting of git's to an environment (NAME=VALUE each): every git that gets it goes by
/// that, whatever the configuration files say.
void add_git_setting(std::vector<std::string>& environment, std::string_view key,
                     std::string_view value);

/// Takes the settings of git's over from an environment into this process.
void take_git_settings(const std::vector<std::string>& environment);

}  // namespace orch
