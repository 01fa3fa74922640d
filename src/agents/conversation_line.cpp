// Which lines are parsed, and who reads them.
#include "agents/conversation_line.hpp"

#include "agents/conversation_formats.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <nlohmann/json.hpp>

namespace orch {
namespace {

struct Format {
  UsageFormat name;
  /// One of them is in each line that says something: most of a conversation is text, which need
  /// not be read as JSON.
  std::array<std::string_view, 5> words;
  void (*read)(const nlohmann::json&, UsageTally&, CallTally&);
};

constexpr Format kFormats[] = {
    {UsageFormat::Claude,
     {"\"output_tokens\"", "\"tool_use\"", "\"user\"", "\"cost-state\""},
     read_claude},
    {UsageFormat::Codex, {"\"token_count\"", "_call", "\"user\"", "\"turn_context\""}, read_codex},
    {UsageFormat::Qwen,
     {"\"usageMetadata\"", "qwen-code.api_response", "functionCall", "toolCallResult", "real_user"},
     read_qwen},
    {UsageFormat::Gemini, {"\"tokens\"", "toolCalls", "\"user\""}, read_gemini},
    {UsageFormat::Hook, {"\"call\"", "\"end\"", "\"said\"", "\"usage\""}, read_told}};

bool may_say_something(const Format& format, std::string_view line) {
  return std::ranges::any_of(format.words, [line](std::string_view word) {
    return !word.empty() && line.find(word) != std::string_view::npos;
  });
}

}  // namespace

void read_conversation_line(UsageFormat name, std::string_view line, UsageTally& usage,
                            CallTally& calls) {
  const auto format = std::ranges::find(kFormats, name, &Format::name);
  if (format == std::end(kFormats) || !may_say_something(*format, line)) return;
  const nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
  if (parsed.is_object()) format->read(parsed, usage, calls);
}

}  // namespace orch
