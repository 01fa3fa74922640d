// The command line that starts an agent with its task.
#include "agents/start_command.hpp"

#include "agents/prompt.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace orch {

namespace {

/// Linux takes at most 32 pages for one argument, its ending zero included (MAX_ARG_STRLEN).
constexpr std::size_t kLongestArgument = (128u << 10) - 1;

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
