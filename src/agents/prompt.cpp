// What an agent is told at its start, and the command line that tells it.
#include "agents/prompt.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace orch {

namespace {

/// Linux takes at most 32 pages for one argument, its ending zero included (MAX_ARG_STRLEN).
constexpr std::size_t kLongestArgument = (128u << 10) - 1;
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

std::string replaced(std::string text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
  return text;
}

std::vector<std::string> expanded(std::vector<std::string> words, const AttemptPlace& place) {
  const std::string folder = std::filesystem::path(place.prompt_file).parent_path().string();
  for (std::string& word : words) {
    word = replaced(std::move(word), "{worktree}", place.worktree);
    word = replaced(std::move(word), "{attempt_folder}", folder);
    word = replaced(std::move(word), "{prompt_file}", place.prompt_file);
  }
  return words;
}

std::string without_zeros(std::string_view text) {
  std::string result(text);
  std::erase(result, '\0');
  return result;
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

StartCommand expand_command(const AgentProfile& profile, std::string_view text,
                            const AttemptPlace& place) {
  StartCommand start;
  start.argv = expanded(profile.command, place);
  start.wrapper = expanded(profile.wrapper, place);
  const bool names_file = std::ranges::any_of(profile.command, [](const std::string& word) {
    return word.find("{prompt_file}") != std::string::npos;
  });
  const bool is_argument = profile.prompt == PromptBy::Argument;
  std::string argument = is_argument ? without_zeros(text) : std::string();
  const bool is_too_long = argument.size() > kLongestArgument;
  if (is_too_long) argument = fmt::format("Read {} and do what it says.", place.prompt_file);
  if (is_argument) start.argv.push_back(std::move(argument));
  if (!is_argument || is_too_long || names_file) start.prompt_file_text = std::string(text);
  start.stdin_from_file = profile.prompt == PromptBy::Stdin;
  return start;
}

Result<StartCommand> start_command(const AgentProfile& profile, const TaskSpec& task,
                                   const AttemptPlace& place) {
  if (profile.command.empty()) {
    return fail(Fault::Refused, "agent '{}' is switched off", profile.name);
  }
  if (profile.prompt != PromptBy::Script) {
    return expand_command(profile, prompt_text(profile, task, place), place);
  }
  if (trim(task.script).empty()) {
    return hinted(fail(Fault::Refused, "task {} has no sh block for agent '{}' to run",
                       one_line(task.id.value), profile.name),
                  "put its commands into a fenced block marked sh, or choose another agent");
  }
  return expand_command(profile, task.script, place);
}

}  // namespace orch
