#pragma once
// Commands that people copy out of our texts.
#include <string>
#include <string_view>

namespace orch {

/// The text as one word for a shell: quoted where that is needed.
std::string shell_word(std::string_view text);

/// "tmux-orch retry T1": a verb of ours about a task, whatever its id is made of.
std::string call_about(std::string_view verb, std::string_view task);

}  // namespace orch
