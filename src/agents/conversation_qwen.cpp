// qwen: parts as the API of Gemini has them, and events for the answers of that.
#include "agents/call_reading.hpp"
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"

#include <algorithm>
#include <string>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

// ---- figures: an event for each answer of the API; what the context takes stands with the answer
// ----

void read_qwen_figures(const json& line, UsageTally& tally) {
  const std::string type = text_in(line, "type");
  if (type == "assistant" && in(line, "usageMetadata").is_object()) {
    tally.show_context(count_in(in(line, "usageMetadata"), "totalTokenCount"),
                       count_in(line, "contextWindowSize"));
  }
  const json& event = in(in(line, "systemPayload"), "uiEvent");
  if (type != "system" || text_in(event, "event.name") != "qwen-code.api_response") return;
  TokenCount tokens{.input = count_in(event, "input_token_count"),
                    .cache_read = count_in(event, "cached_content_token_count"),
                    .cache_write = 0,
                    .output = count_in(event, "output_token_count")};
  // What it thought is a part of the output, or is not, as the API has it; of the sum it is one.
  tokens.output = std::max(tokens.output, count_in(event, "total_token_count") - tokens.input);
  tally.add(text_in(event, "model"), tokens);
}

// ---- calls: how each ended stands beside its answer ----

CallEnd qwen_end(const json& result) {
  if (text_in(result, "status") != "error") return CallEnd::Good;
  const std::string error = text_in(result, "errorType");
  const bool is_malformed = error == "invalid_tool_params" || error == "tool_not_registered";
  return is_malformed ? CallEnd::Malformed : CallEnd::Failed;
}

void read_qwen_calls(const json& line, CallTally& tally) {
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
      begin_call(tally, text_in(call, "id"), text_in(call, "name"), in(call, "args"));
  }
}

}  // namespace

void read_qwen(const json& line, UsageTally& usage, CallTally& calls) {
  read_qwen_figures(line, usage);
  read_qwen_calls(line, calls);
}

}  // namespace orch
