// codex: items of the conversation, and a counter of all of it.
#include "agents/call_reading.hpp"
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"

#include <string>
#include <string_view>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

// ---- figures: a counter of the whole conversation ----

void read_codex_figures(const json& line, UsageTally& tally) {
  const json& payload = in(line, "payload");
  if (text_in(line, "type") == "turn_context") {
    if (const std::string model = text_in(payload, "model"); !model.empty()) tally.use(model);
    return;
  }
  const json& info = in(payload, "info");
  if (text_in(payload, "type") != "token_count" || !info.is_object()) return;
  const json& total = in(info, "total_token_usage");
  tally.count_to({.input = count_in(total, "input_tokens"),
                  .cache_read = count_in(total, "cached_input_tokens"),
                  .cache_write = count_in(total, "cache_write_input_tokens"),
                  .output = count_in(total, "output_tokens")});
  tally.show_context(count_in(in(info, "last_token_usage"), "total_tokens"),
                     count_in(info, "model_context_window"));
}

// ---- calls: how a command ended stands above its output ----

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

void read_codex_calls(const json& line, CallTally& tally) {
  const json& payload = in(line, "payload");
  if (text_in(line, "type") != "response_item") return;
  const std::string type = text_in(payload, "type");
  const std::string id = text_in(payload, "call_id");
  if (type == "function_call") {
    const json input = json::parse(text_in(payload, "arguments"), nullptr, false);
    begin_call(tally, id, text_in(payload, "name"), input);
  } else if (type == "custom_tool_call") {
    begin_call(tally, id, text_in(payload, "name"), in(payload, "input"));
  } else if (type == "function_call_output" || type == "custom_tool_call_output") {
    tally.end(id, codex_end(text_in(payload, "output")));
  } else if (type == "message" && text_in(payload, "role") == "user") {
    tally.speak();
  }
}

}  // namespace

void read_codex(const json& line, UsageTally& usage, CallTally& calls) {
  read_codex_figures(line, usage);
  read_codex_calls(line, calls);
}

}  // namespace orch
