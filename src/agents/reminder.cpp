// One text, with what differs between profiles.
#include "agents/reminder.hpp"

namespace orch {

std::string reminder_text(const AgentProfile& profile) {
  std::string text =
      "Your turn is over, and your task is not reported yet. Nobody reads this chat.\n"
      "- If the work is complete: check it";
  text += profile.commit ? ", " : ", commit it, ";
  text +=
      "and run: tmux-orch done -m 'what you did, in one sentence'\n"
      "- If you cannot go on: tmux-orch blocked 'why'\n"
      "- Otherwise go on with the work; decide open questions yourself.";
  return text;
}

}  // namespace orch
