// claude: parts of what the model says and of what is said to it, and at its end a sum.
#include "agents/call_reading.hpp"
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <map>
#include <string>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

// ---- figures: its answers, and at its end a sum, which has its other requests as well ----

/// "2026-11-29T09:01:11.167Z" without its fraction; 0: it is no such time.
std::int64_t seconds_of(const std::string& time) {
  std::tm parts{};
  const char* end = ::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  return end == nullptr ? 0 : ::timegm(&parts);
}

/// Of one that was killed, what was before is not in the sum.
bool is_of_all(const json& line, const UsageTally& tally) {
  constexpr std::int64_t kSecond = 1000;
  return count_in(line, "startTime") / kSecond <= tally.began();
}

void read_claude_answer(const json& line, UsageTally& tally) {
  const json& message = in(line, "message");
  const std::string model = text_in(message, "model");
  // What the program itself says in the place of an answer.
  if (model.starts_with('<')) return;
  const TokenCount tokens = parted(in(message, "usage"), "input_tokens", "cache_read_input_tokens",
                                   "cache_creation_input_tokens", "output_tokens");
  tally.begin(seconds_of(text_in(line, "timestamp")));
  tally.add_once(text_in(message, "id"), model, tokens);
  const bool of_another_agent = in(line, "isSidechain") == json(true);
  if (!of_another_agent && tokens.input > 0) tally.show_context(tokens.input + tokens.output, 0);
}

void read_claude_sum(const json& line, UsageTally& tally) {
  const json& of_models = in(line, "modelUsage");
  if (!of_models.is_object() || !is_of_all(line, tally)) return;
  std::map<std::string, TokenCount> models;
  for (const auto& [model, figures] : of_models.items())
    models[model] = parted(figures, "inputTokens", "cacheReadInputTokens",
                           "cacheCreationInputTokens", "outputTokens");
  const bool is_complete = in(line, "hasUnknownModelCost") != json(true);
  tally.settle(models, is_complete ? cost_in(line, "totalCostUSD") : 0);
}

void read_claude_figures(const json& line, UsageTally& tally) {
  const std::string type = text_in(line, "type");
  if (type == "assistant") read_claude_answer(line, tally);
  if (type == "cost-state") read_claude_sum(line, tally);
}

// ---- calls: parts of what the model says, and of what is said to it ----

void read_claude_answer(const json& content, CallTally& tally) {
  for (const json& part : content) {
    if (text_in(part, "type") == "tool_use")
      begin_call(tally, text_in(part, "id"), text_in(part, "name"), in(part, "input"));
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

void read_claude_calls(const json& line, CallTally& tally) {
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

}  // namespace

void read_claude(const json& line, UsageTally& usage, CallTally& calls) {
  read_claude_figures(line, usage);
  read_claude_calls(line, calls);
}

}  // namespace orch
