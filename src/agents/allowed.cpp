// What an agent may run without asking anybody.
#include "agents/allowed.hpp"

#include "agents/filled.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace orch {

namespace {

constexpr std::string_view kAnyArguments = " *";
constexpr std::string_view kGit = "git ";

/// A test of one word is allowed as it is: `make` with arguments is a lot more than that test.
std::string test_entry(const TestCommand& test) {
  std::string entry = command_line(test);
  if (test.command.size() > 1) entry += kAnyArguments;
  return entry;
}

/// No program has a way to write a command of several lines into a list.
bool is_one_line(const std::string& entry) {
  return std::ranges::none_of(entry, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

/// The text in double quotes, which JSON and TOML read alike.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

}  // namespace

std::string command_line(const TestCommand& test) {
  std::vector<std::string> words;
  words.reserve(test.command.size());
  for (const std::string& word : test.command)
    words.push_back(shell_word(word));
  return join(words, " ");
}

std::string variables_line(const TestCommand& test) {
  std::vector<std::string> words;
  words.reserve(test.env.size());
  for (const auto& [name, value] : test.env)
    words.push_back(name + "=" + shell_word(value));
  return join(words, " ");
}

std::vector<std::string> allowed_commands(const AgentProfile& profile, const AttemptPlace& place) {
  const std::string worktree = shell_word(place.worktree);
  const std::array here{Placeholder{"{worktree}", worktree}};
  std::vector<std::string> commands;
  for (const std::string& entry : profile.allow) {
    commands.push_back(filled(entry, here));
    if (!entry.starts_with(kGit)) continue;
    const std::string rest = filled(std::string_view(entry).substr(kGit.size()), here);
    commands.push_back(fmt::format("git -C {} {}", worktree, rest));
  }
  for (const TestCommand& test : place.tests) {
    if (!test.cwd.empty()) commands.push_back("cd " + shell_word(test.cwd));
    commands.push_back(test_entry(test));
  }
  std::erase_if(commands, [](const std::string& entry) { return !is_one_line(entry); });
  return commands;
}

std::vector<std::string> written_allowed(const AgentProfile& profile, const AttemptPlace& place) {
  std::vector<std::string> written;
  if (profile.allow_format.empty()) return written;
  for (const std::string& entry : allowed_commands(profile, place)) {
    std::string_view command = entry;
    const bool is_open = command.ends_with(kAnyArguments);
    if (is_open) command.remove_suffix(kAnyArguments.size());
    const bool same_form = is_open || profile.allow_exact.empty();
    const std::string in_quotes = quoted(command);
    const std::array words{Placeholder{"{command}", command}, Placeholder{"{quoted}", in_quotes}};
    written.push_back(filled(same_form ? profile.allow_format : profile.allow_exact, words));
  }
  return written;
}

}  // namespace orch
