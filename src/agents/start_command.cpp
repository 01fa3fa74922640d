// The command line that starts an agent with its task.
#include "agents/start_command.hpp"

#include "agents/allowed.hpp"
#include "agents/filled.hpp"
#include "agents/prompt.hpp"
#include "orch/base/text.hpp"
#include "orch/core/agent_run.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace orch {

namespace {

/// Linux takes at most 32 pages for one argument, its ending zero included (MAX_ARG_STRLEN).
constexpr std::size_t kLongestArgument = (128u << 10) - 1;

constexpr std::string_view kSession = "{session}";

/// The options that say what the agent's program asks.
std::vector<std::string> rights_of(const AgentProfile& profile, const AttemptPlace& place) {
  std::vector<std::string> flags =
      place.unattended ? profile.unattended_flags : profile.asking_flags;
  if (place.unattended || place.trusted)
    flags.insert(flags.end(), profile.trust_flags.begin(), profile.trust_flags.end());
  return flags;
}

/// Puts what belongs to this attempt into the texts of its agent's profile.
class Filler {
 public:
  Filler(const AgentProfile& profile, const AttemptPlace& place)
      : profile_(profile),
        place_(place),
        folder_(std::filesystem::path(place.prompt_file).parent_path().string()),
        allowed_(written_allowed(profile, place)),
        rights_(rights_of(profile, place)) {}

  /// Each text; one with {allow} is there once for each allowed command, in its own words.
  std::vector<std::string> fill(const std::vector<std::string>& texts) const {
    std::vector<std::string> result;
    for (const std::string& text : texts) {
      if (text == kRights) {
        for (const std::string& flag : rights_)
          add_filled(flag, result);
      } else if (text == kSession) {
        for (const std::string& word : session_words())
          result.push_back(filled_with(word, {}));
      } else {
        add_filled(text, result);
      }
    }
    return result;
  }

  /// Is it for agents that have our tools, and this one has none?
  bool is_left_out(std::string_view text) const { return text.starts_with(kMcp) && !profile_.mcp; }

  /// Where it works and keeps its files, in one text.
  std::string fill_place(std::string_view text) const { return filled_with(text, {}); }

  /// The same line by line.
  std::string fill_lines(std::string_view text) const {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n'))
      lines.emplace_back(line);
    return join(fill(lines), "\n");
  }

 private:
  static constexpr std::string_view kAllow = "{allow}";
  static constexpr std::string_view kMcp = "{mcp}";
  static constexpr std::string_view kRights = "{rights}";

  void add_filled(const std::string& text, std::vector<std::string>& result) const {
    if (is_left_out(text)) return;
    if (text.find(kAllow) == std::string::npos) {
      result.push_back(filled_with(text, {}));
      return;
    }
    for (const std::string& command : allowed_)
      result.push_back(filled_with(text, command));
  }

  std::vector<std::string> session_words() const {
    if (place_.session.empty()) return {};
    return place_.resumes ? profile_.resume : profile_.session_args;
  }

  std::string filled_with(std::string_view text, std::string_view command) const {
    const std::array placeholders{Placeholder{"{worktree}", place_.worktree},
                                  Placeholder{"{attempt_folder}", folder_},
                                  Placeholder{"{prompt_file}", place_.prompt_file},
                                  Placeholder{kSession, place_.session},
                                  Placeholder{kAllow, command},
                                  Placeholder{kMcp, {}}};
    return filled(text, placeholders);
  }

  const AgentProfile& profile_;
  const AttemptPlace& place_;
  std::string folder_;
  std::vector<std::string> allowed_;
  std::vector<std::string> rights_;
};

std::string without_zeros(std::string_view text) {
  std::string result(text);
  std::erase(result, '\0');
  return result;
}

}  // namespace

StartCommand expand_command(const AgentProfile& profile, std::string_view text,
                            const AttemptPlace& place) {
  StartCommand start;
  const Filler filler(profile, place);
  start.argv = filler.fill(profile.command);
  start.wrapper = filler.fill(profile.wrapper);
  for (const auto& [name, content] : profile.files)
    start.files[name] = filler.fill_lines(content);
  for (const auto& [name, value] : profile.env)
    if (!filler.is_left_out(value)) start.env[name] = filler.fill_place(value);
  const bool is_argument = profile.prompt == PromptBy::Argument;
  std::string argument = is_argument ? without_zeros(text) : std::string();
  if (argument.size() > kLongestArgument)
    argument = fmt::format("Read {} and do what it says.", place.prompt_file);
  if (is_argument) start.argv.push_back(std::move(argument));
  start.prompt = std::string(text);
  start.stdin_from_file = profile.prompt == PromptBy::Stdin;
  return start;
}

bool takes_session(const AgentProfile& profile) {
  return std::ranges::find(profile.command, kSession) != profile.command.end();
}

bool goes_on_with(const AgentProfile& profile, const std::string& session) {
  return takes_session(profile) && !profile.resume.empty() && is_session_id(session);
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
