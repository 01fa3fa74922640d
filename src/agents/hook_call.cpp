// From the JSON of a hook to what it says of the agent.
#include "agents/hook_call.hpp"

#include "orch/base/text.hpp"
#include "orch/core/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

namespace orch {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestField = 80;
constexpr std::size_t kLongestMessage = 160;

/// What an event says of its agent. One that is not here says nothing. Adapters in the profiles use
/// these names, too.
struct Meaning {
  std::string_view event;
  Activity activity;
  std::string_view kind;
};

constexpr Meaning kMeanings[] = {
    {"UserPromptSubmit", Activity::Busy, ""},
    {"PreToolUse", Activity::Busy, ""},
    {"PostToolUse", Activity::Busy, ""},
    {"PermissionRequest", Activity::Asking, "permission"},
    {"Stop", Activity::Idle, ""},
    {"StopFailure", Activity::Failed, ""},
    {"Interrupt", Activity::Idle, ""},
    // Ours: a turn is over, and its program cannot be told to go on.
    {"Idle", Activity::Idle, ""},
};

const Meaning* meaning_of(std::string_view event) {
  const std::string wanted = lower(event);
  const auto found = std::ranges::find_if(
      kMeanings, [&wanted](const Meaning& one) { return lower(one.event) == wanted; });
  return found == std::end(kMeanings) ? nullptr : &*found;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has_some(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_array() && !found->empty();
}

std::string command_of(const json& input) {
  const auto arguments = input.find("tool_input");
  const bool has_command = arguments != input.end() && arguments->is_object();
  return has_command ? text_of(*arguments, "command") : std::string();
}

/// The tool and its command; or what went wrong.
std::string evidence_of(const json& input) {
  const std::string tool = text_of(input, "tool_name");
  if (tool.empty()) {
    const std::string error = text_of(input, "error");
    return one_line(error.empty() ? text_of(input, "message") : error, kLongestMessage);
  }
  const std::string command = command_of(input);
  return one_line(command.empty() ? tool : fmt::format("{}: {}", tool, command), kLongestMessage);
}

/// The name of an error may be that of several: a quota that is used up is a "rate_limit", too.
/// What its program writes to its user of it says which one.
std::string failure_of(const json& input) {
  std::string shown = text_of(input, "last_assistant_message");
  if (shown.empty()) shown = text_of(input, "error_details");
  const std::string name = evidence_of(input);
  if (shown.empty() || name.empty()) return one_line(name + shown, kLongestMessage);
  return one_line(fmt::format("{}: {}", name, shown), kLongestMessage);
}

/// As it was said, or nothing of it: a part of a command is another command.
Subject subject_in(const json& input) {
  Subject subject{one_line(text_of(input, "tool_name"), kLongestField), command_of(input)};
  if (subject.text.size() > kLongestSubject) subject.text.clear();
  return subject;
}

/// A session that begins otherwise is that of a program that has just been started.
bool replaces_session(const json& input) {
  const std::string source = text_of(input, "source");
  return source == "clear" || source == "resume" || source == "compact" || source == "fork";
}

/// A tool by which the agent asks its user.
bool is_question(std::string_view tool) {
  const std::string name = lower(tool);
  return name == "askuserquestion" || name == "ask_user_question";
}

}  // namespace

HookInput read_hook_input(std::string_view event, std::string_view json_text) {
  HookInput result;
  const json input = json::parse(json_text, nullptr, false);
  result.is_whole = input.is_object();
  HookCall& call = result.call;
  call.event = one_line(event, kLongestField);
  if (result.is_whole) {
    if (call.event.empty()) call.event = one_line(text_of(input, "hook_event_name"), kLongestField);
    call.session = one_line(text_of(input, "session_id"), kLongestField);
    call.replaces = replaces_session(input);
    call.text = evidence_of(input);
    result.folder = text_of(input, "cwd");
    call.log = text_of(input, "transcript_path");
    if (!is_log_path(call.log)) call.log.clear();
    result.has_background = has_some(input, "background_tasks");
  }
  const Meaning* meaning = meaning_of(call.event);
  if (meaning == nullptr) return result;
  call.event = meaning->event;
  call.activity = meaning->activity;
  call.kind = meaning->kind;
  if (result.is_whole && call.activity == Activity::Failed) call.text = failure_of(input);
  result.is_turn_end = meaning->event == "Stop";
  // It is woken when they end: what it is at, its screen says.
  if (result.has_background) call.activity = Activity::Unknown;
  if (result.is_whole && !call.kind.empty()) {
    call.asks_for = subject_in(input);
    if (is_question(call.asks_for.tool)) call.kind = "question";
  }
  return result;
}

}  // namespace orch
