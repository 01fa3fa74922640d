// One text, with what differs between profiles.
#include "agents/reminder.hpp"

#include "agents/report_text.hpp"

#include <fmt/format.h>

namespace orch {

std::string reminder_text(const AgentProfile& profile) {
  std::string text =
      "Your turn is over, and your task is not reported yet. Nobody reads this chat.\n"
      "- If the work is complete: check it";
  text += profile.commit ? ", " : ", commit it, ";
  text += fmt::format(
      "and {}\n- If you cannot go on: {}\n"
      "- Otherwise go on with the work; decide open questions yourself.",
      done_words(profile), blocked_words(profile));
  return text;
}

}  // namespace orch
