// One reader for each program.
#include "agents/call_formats.hpp"

#include "agents/json_fields.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Of what a tool was given, what tells a person most; else all of it.
std::string shown_of(const json& input) {
  for (const char* name : {"command", "cmd", "file_path", "path", "pattern", "url", "prompt"})
    if (std::string text = text_in(input, name); !text.empty()) return text;
  return input.empty() ? std::string() : dump(input);
}

/// Tools that look how something in the background goes on.
bool polls(std::string_view tool) {
  constexpr std::string_view kPolling[] = {"BashOutput", "TaskOutput", "Monitor", "write_stdin",
                                           "wait"};
  return std::ranges::find(kPolling, tool) != std::end(kPolling);
}

/// The files that a patch of codex's changes: "*** Update File: src/a.c".
std::vector<std::string> files_in_patch(std::string_view patch) {
  std::vector<std::string> files;
  for (std::string_view line : split_lines(patch)) {
    for (const std::string_view head : {"*** Add File: ", "*** Update File: ", "*** Delete File: "})
      if (line.starts_with(head)) files.emplace_back(trim(line.substr(head.size())));
  }
  return files;
}

/// What a tool writes that is there to write files. What a command writes is not known.
std::vector<std::string> writes_of(std::string_view tool, const json& input) {
  if (tool == "apply_patch")
    return files_in_patch(input.is_string() ? input.get<std::string>() : text_in(input, "input"));
  constexpr std::string_view kWriting[] = {"Write",      "Edit", "MultiEdit", "NotebookEdit",
                                           "write_file", "edit", "replace"};
  if (std::ranges::find(kWriting, tool) == std::end(kWriting)) return {};
  for (const char* name : {"file_path", "notebook_path", "path"})
    if (std::string path = text_in(input, name); !path.empty()) return {path};
  return {};
}

void begin(CallTally& tally, const std::string& id, const std::string& tool, const json& input) {
  tally.begin({.id = id,
               .tool = tool,
               .input = dump(input),
               .shown = shown_of(input),
               .writes = writes_of(tool, input),
               .polls = polls(tool)});
}

// ---- claude: parts of what the model says, and of what is said to it ----

void read_claude_answer(const json& content, CallTally& tally) {
  for (const json& part : content) {
    if (text_in(part, "type") == "tool_use")
      begin(tally, text_in(part, "id"), text_in(part, "name"), in(part, "input"));
  }
}

/// An answer is a text, or parts with texts.
std::string claude_text(const json& content) {
  if (content.is_string()) return content.get<std::string>();
  return content.is_array() && !content.empty() ? text_in(content.front(), "text") : std::string();
}

CallEnd claude_end(const json& result) {
  if (in(result, "is_error") != json(true)) return CallEnd::Good;
  const std::string text = claude_text(in(result, "content"));
  const bool is_malformed = text.starts_with("<tool_use_error>InputValidationError") ||
                            text.starts_with("<tool_use_error>Error: No such tool");
  return is_malformed ? CallEnd::Malformed : CallEnd::Failed;
}

void read_claude_results(const json& content, CallTally& tally) {
  for (const json& part : content) {
    if (text_in(part, "type") != "tool_result") continue;
    tally.end(text_in(part, "tool_use_id"), claude_end(part));
  }
}

bool has_results(const json& content) {
  return std::ranges::any_of(
      content, [](const json& part) { return text_in(part, "type") == "tool_result"; });
}

void read_claude(const json& line, CallTally& tally) {
  const std::string type = text_in(line, "type");
  const json& content = in(in(line, "message"), "content");
  // Agents of the agent are at work at the same time.
  if (in(line, "isSidechain") == json(true)) return;
  if (type == "assistant" && content.is_array()) return read_claude_answer(content, tally);
  if (type != "user") return;
  if (content.is_array() && has_results(content)) return read_claude_results(content, tally);
  // What its program says of itself is said by nobody.
  if (in(line, "isMeta") != json(true)) tally.speak();
}

// ---- codex: items of the conversation; how a command ended stands above its output ----

CallEnd codex_end(std::string_view output) {
  for (const std::string_view known : {"failed to parse function arguments", "unsupported call"})
    if (output.starts_with(known)) return CallEnd::Malformed;
  const std::string_view head = output.substr(0, output.find("\nOutput:\n"));
  for (const std::string_view known : {"Process exited with code ", "Exit code: "}) {
    const std::size_t at = head.find(known);
    if (at == head.npos) continue;
    const std::string_view code = head.substr(at + known.size());
    return code == "0" || code.starts_with("0\n") ? CallEnd::Good : CallEnd::Failed;
  }
  return CallEnd::Good;
}

void read_codex(const json& line, CallTally& tally) {
  const json& payload = in(line, "payload");
  if (text_in(line, "type") != "response_item") return;
  const std::string type = text_in(payload, "type");
  const std::string id = text_in(payload, "call_id");
  if (type == "function_call") {
    const json input = json::parse(text_in(payload, "arguments"), nullptr, false);
    begin(tally, id, text_in(payload, "name"), input);
  } else if (type == "custom_tool_call") {
    begin(tally, id, text_in(payload, "name"), in(payload, "input"));
  } else if (type == "function_call_output" || type == "custom_tool_call_output") {
    tally.end(id, codex_end(text_in(payload, "output")));
  } else if (type == "message" && text_in(payload, "role") == "user") {
    tally.speak();
  }
}

// ---- qwen: parts as the API of Gemini has them, and how each call ended beside its answer ----

CallEnd qwen_end(const json& result) {
  if (text_in(result, "status") != "error") return CallEnd::Good;
  const std::string error = text_in(result, "errorType");
  const bool is_malformed = error == "invalid_tool_params" || error == "tool_not_registered";
  return is_malformed ? CallEnd::Malformed : CallEnd::Failed;
}

void read_qwen(const json& line, CallTally& tally) {
  const std::string type = text_in(line, "type");
  if (type == "tool_result") {
    const json& result = in(line, "toolCallResult");
    return tally.end(text_in(result, "callId"), qwen_end(result));
  }
  if (type == "user" && text_in(line, "provenance") == "real_user") return tally.speak();
  if (type != "assistant") return;
  for (const json& part : in(in(line, "message"), "parts")) {
    const json& call = in(part, "functionCall");
    if (call.is_object())
      begin(tally, text_in(call, "id"), text_in(call, "name"), in(call, "args"));
  }
}

// ---- gemini: an answer is written again with its calls once they have ended ----

/// A command that fails is a call that went well to it.
bool gemini_command_failed(const json& call) {
  for (const json& part : in(call, "result")) {
    const json& response = in(in(part, "functionResponse"), "response");
    if (text_in(response, "output").find("\nExit Code: ") != std::string::npos) return true;
  }
  return false;
}

CallEnd gemini_end(const json& call) {
  if (text_in(call, "status") != "error")
    return gemini_command_failed(call) ? CallEnd::Failed : CallEnd::Good;
  const std::string why = text_in(call, "resultDisplay");
  const bool is_malformed = why.starts_with("params ") ||
                            (why.starts_with("Tool \"") && why.find("not found") != why.npos);
  return is_malformed ? CallEnd::Malformed : CallEnd::Failed;
}

void read_gemini(const json& line, CallTally& tally) {
  const std::string type = text_in(line, "type");
  const json& content = in(line, "content");
  if (type == "user" && content.is_array() && !content.empty()) {
    if (!text_in(content.front(), "text").empty()) tally.speak();
  }
  if (type != "gemini") return;
  for (const json& call : in(line, "toolCalls")) {
    begin(tally, text_in(call, "id"), text_in(call, "name"), in(call, "args"));
    tally.end(text_in(call, "id"), gemini_end(call));
  }
}

/// Most of a conversation is no call, and need not be read as JSON.
bool may_have_calls(UsageFormat format, std::string_view line) {
  const auto has = [line](std::string_view word) { return line.find(word) != line.npos; };
  switch (format) {
    case UsageFormat::Claude: return has("\"tool_use\"") || has("\"user\"");
    case UsageFormat::Codex: return has("_call") || has("\"user\"");
    case UsageFormat::Qwen: return has("functionCall") || has("toolCallResult") || has("real_user");
    case UsageFormat::Gemini: return has("toolCalls") || has("\"user\"");
    case UsageFormat::Unknown:
    case UsageFormat::Free:
    case UsageFormat::Hook: break;
  }
  return false;
}

}  // namespace

void read_call_line(UsageFormat format, std::string_view line, CallTally& tally) {
  if (!may_have_calls(format, line)) return;
  const json parsed = json::parse(line, nullptr, false);
  if (!parsed.is_object()) return;
  if (format == UsageFormat::Claude) read_claude(parsed, tally);
  if (format == UsageFormat::Codex) read_codex(parsed, tally);
  if (format == UsageFormat::Qwen) read_qwen(parsed, tally);
  if (format == UsageFormat::Gemini) read_gemini(parsed, tally);
}

}  // namespace orch
