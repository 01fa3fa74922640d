// What an agent is told at its start.
#include "agents/prompt.hpp"

#include "orch/base/text.hpp"

#include <string_view>

namespace orch {

namespace {

/// Of a failure the end tells most.
constexpr std::size_t kLongestFailure = 8u << 10;

std::string_view last_part(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return text;
  std::size_t from = text.size() - longest;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) {
    ++from;  // not in the middle of a UTF-8 character
  }
  return text.substr(from);
}

std::string rules_text(const AgentProfile& profile, const AttemptPlace& place) {
  std::string text = fmt::format(
      "Rules:\n"
      "- Work only in {}. It is a git worktree of its own, on the branch {}, which starts from "
      "{}.\n"
      "- Stay on this branch. Do not push, merge or rebase, and change nothing outside of the "
      "folder.\n"
      "- Do not tick the task in a task file: that is done when your work is merged.\n",
      one_line(place.worktree), one_line(place.branch), one_line(place.base));
  text += profile.commit ? "- You need not commit: what you leave in the folder is committed.\n"
                         : "- Commit your work on this branch. Only what is committed counts.\n";
  text += profile.done == DoneBy::Report
              ? "- When it is finished, run: tmux-orch done -m \"what you did, in one sentence\"\n"
              : "- When it is finished, end with status 0.\n";
  text +=
      "- If you cannot go on, run: tmux-orch blocked \"why\"\n"
      "- On a long task, tell how far you are (0 to 1) with: tmux-orch progress 0.5\n";
  return text;
}

std::string retry_text(const AgentProfile& profile, const AttemptPlace& place) {
  std::string text = fmt::format("This is attempt {}. The one before failed:\n", place.attempt);
  text += trim(last_part(place.last_failure, kLongestFailure));
  text += '\n';
  if (profile.resumes) {
    text += "\nIts work may still be here: look at git status and git log before you go on.\n";
  }
  return text;
}

}  // namespace

std::string prompt_text(const AgentProfile& profile, const TaskSpec& task,
                        const AttemptPlace& place) {
  // It begins with a word of ours, as a prompt that begins with '-', '/' or '@' is an option, a
  // command or a file to some agents.
  std::string text = fmt::format("Task {}: {}\n", one_line(task.id.value), one_line(task.title));
  if (const std::string_view body = trim(task.body); !body.empty()) {
    text += fmt::format("\n{}\n", body);
  }
  if (!place.merged_items.empty()) {
    text += fmt::format("\nThese parts of it are merged already and are not to be done again: {}\n",
                        one_line(join(place.merged_items, ", ")));
  }
  text += '\n' + rules_text(profile, place);
  if (!place.last_failure.empty()) text += '\n' + retry_text(profile, place);
  return text;
}

}  // namespace orch
