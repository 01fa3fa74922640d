// completion: a script for a shell, which asks `tmux-orch complete` at each Tab.
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <string>
#include <string_view>

namespace orch::cli {
namespace {

// Where there is nothing to say, the shells look for files.
constexpr std::string_view kBash = R"sh(_tmux_orch() {
  mapfile -t COMPREPLY < <(tmux-orch complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _tmux_orch tmux-orch
)sh";

constexpr std::string_view kZsh = R"sh(#compdef tmux-orch
_tmux_orch() {
  local -a found
  found=("${(@f)$(tmux-orch complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "${funcstack[1]}" = _tmux_orch ]]; then _tmux_orch "$@"; else compdef _tmux_orch tmux-orch; fi
)sh";

constexpr std::string_view kFish =
    R"sh(complete -c tmux-orch -a '(tmux-orch complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
)sh";

struct ShellOptions {
  std::string shell;
};

void add_shell(OptionList& list, ShellOptions& options) {
  list.needed_word("SHELL", options.shell, "bash, zsh or fish");
}

int print_script(const ShellOptions& options) {
  if (options.shell == "bash")
    print(kBash);
  else if (options.shell == "zsh")
    print(kZsh);
  else if (options.shell == "fish")
    print(kFish);
  else
    return complain(Error{Fault::BadInput,
                          "there is no completion for '" + one_line(options.shell, 40) + "'",
                          "it can be bash, zsh or fish"});
  return status::kOk;
}

}  // namespace

const Verb kCompletionVerb{
    "completion", kPeople, "a script by which a shell completes these verbs",
    "tmux-orch completion bash > ~/.local/share/bash-completion/completions/tmux-orch",
    begin<add_shell, print_script>};

}  // namespace orch::cli
