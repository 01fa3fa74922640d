// The lines of our extensions: a call as it begins, its end, that somebody said something, and what
// a conversation has used so far (`input` is all that went in; no cost: it is not known).
//
//   {"type":"call","id":"a","tool":"bash","given":"HASH","shown":"make check","files":["a.c"]}
//   {"type":"end","id":"a","how":"good"}
//   {"type":"said"}
//   {"type":"usage","session":"s-1","usage":{"models":{"m":{"input":9,"cache_read":5,"cache_write":1,
//    "output":2}},"cost":0.01,"context":11,"context_window":200000}}
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"
#include "orch/core/agent_run.hpp"

#include <string>
#include <utility>
#include <vector>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

CallEnd end_of(const std::string& how) {
  if (how == "malformed") return CallEnd::Malformed;
  return how == "failed" ? CallEnd::Failed : CallEnd::Good;
}

std::vector<std::string> texts_in(const json& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const json& one : list)
    if (one.is_string()) texts.push_back(one.get<std::string>());
  return texts;
}

Usage usage_of(const json& told) {
  Usage usage{.context = count_in(told, "context"),
              .context_window = count_in(told, "context_window")};
  if (const std::int64_t cost = cost_in(told, "cost"); cost > 0) usage.cost = cost;
  const json& of_models = in(told, "models");
  if (!of_models.is_object()) return usage;
  for (const auto& [model, figures] : of_models.items()) {
    usage.models[model] = {.input = count_in(figures, "input"),
                           .cache_read = count_in(figures, "cache_read"),
                           .cache_write = count_in(figures, "cache_write"),
                           .output = count_in(figures, "output")};
  }
  return usage;
}

void take_usage(const json& line, UsageTally& tally) {
  std::string session = text_in(line, "session");
  if (is_session_id(session)) tally.take({std::move(session), usage_of(in(line, "usage"))});
}

}  // namespace

void read_told(const json& line, UsageTally& usage, CallTally& calls) {
  const std::string type = text_in(line, "type");
  if (type == "usage") return take_usage(line, usage);
  if (type == "said") return calls.speak();
  if (type == "end") return calls.end(text_in(line, "id"), end_of(text_in(line, "how")));
  if (type != "call") return;
  calls.begin({.id = text_in(line, "id"),
               .tool = text_in(line, "tool"),
               .input = text_in(line, "given"),
               .shown = text_in(line, "shown"),
               .writes = texts_in(in(line, "files"))});
}

}  // namespace orch
