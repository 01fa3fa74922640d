// gemini: an answer is written again when more of it is known.
#include "agents/call_reading.hpp"
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"

#include <string>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

// ---- figures: each answer, written again with more ----

void read_gemini_figures(const json& line, UsageTally& tally) {
  const json& figures = in(line, "tokens");
  if (text_in(line, "type") != "gemini" || !figures.is_object()) return;
  const TokenCount tokens{.input = count_in(figures, "input") + count_in(figures, "tool"),
                          .cache_read = count_in(figures, "cached"),
                          .cache_write = 0,
                          .output = count_in(figures, "output") + count_in(figures, "thoughts")};
  tally.add_once(text_in(line, "id"), text_in(line, "model"), tokens);
  if (tokens.input > 0) tally.show_context(tokens.input + tokens.output, 0);
}

// ---- calls: they come with their answer once they have ended ----

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

void read_gemini_calls(const json& line, CallTally& tally) {
  const std::string type = text_in(line, "type");
  const json& content = in(line, "content");
  if (type == "user" && content.is_array() && !content.empty()) {
    if (!text_in(content.front(), "text").empty()) tally.speak();
  }
  if (type != "gemini") return;
  for (const json& call : in(line, "toolCalls")) {
    begin_call(tally, text_in(call, "id"), text_in(call, "name"), in(call, "args"));
    tally.end(text_in(call, "id"), gemini_end(call));
  }
}

}  // namespace

void read_gemini(const json& line, UsageTally& usage, CallTally& calls) {
  read_gemini_figures(line, usage);
  read_gemini_calls(line, calls);
}

}  // namespace orch
