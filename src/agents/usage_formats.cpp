// One reader for each program. All figures are looked at for whether they are some.
#include "agents/usage_formats.hpp"

#include "agents/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <string>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

constexpr double kMillionths = 1e6;

double number_in(const json& object, const char* name) {
  const json& value = in(object, name);
  const double number = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(number) ? std::clamp(number, 0.0, static_cast<double>(kMostUsed)) : 0;
}

std::int64_t count_in(const json& object, const char* name) {
  return std::llround(number_in(object, name));
}

std::int64_t cost_in(const json& object, const char* name) {
  const double cost = number_in(object, name) * kMillionths;
  return std::llround(std::min(cost, static_cast<double>(kMostUsed)));
}

/// The parts of what went in, of a program that counts each by itself.
TokenCount parted(const json& figures, const char* input, const char* cache_read,
                  const char* cache_write, const char* output) {
  TokenCount tokens{count_in(figures, input), count_in(figures, cache_read),
                    count_in(figures, cache_write), count_in(figures, output)};
  tokens.input += tokens.cache_read + tokens.cache_write;
  return tokens;
}

// ---- claude: its answers, and at its end a sum, which has its other requests as well ----

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

void read_claude(const json& line, UsageTally& tally) {
  const std::string type = text_in(line, "type");
  if (type == "assistant") read_claude_answer(line, tally);
  if (type == "cost-state") read_claude_sum(line, tally);
}

// ---- codex: a counter of the whole conversation ----

void read_codex(const json& line, UsageTally& tally) {
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

// ---- qwen: an event for each answer of the API; what the context takes stands with the answer
// ----

void read_qwen(const json& line, UsageTally& tally) {
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

// ---- gemini: each answer, written again when more of it is known ----

void read_gemini(const json& line, UsageTally& tally) {
  const json& figures = in(line, "tokens");
  if (text_in(line, "type") != "gemini" || !figures.is_object()) return;
  const TokenCount tokens{.input = count_in(figures, "input") + count_in(figures, "tool"),
                          .cache_read = count_in(figures, "cached"),
                          .cache_write = 0,
                          .output = count_in(figures, "output") + count_in(figures, "thoughts")};
  tally.add_once(text_in(line, "id"), text_in(line, "model"), tokens);
  if (tokens.input > 0) tally.show_context(tokens.input + tokens.output, 0);
}

/// Most of a conversation is text, which need not be read as JSON.
bool may_have_figures(UsageFormat format, std::string_view line) {
  const auto has = [line](std::string_view word) { return line.find(word) != line.npos; };
  switch (format) {
    case UsageFormat::Claude: return has("\"output_tokens\"") || has("\"cost-state\"");
    case UsageFormat::Codex: return has("\"token_count\"") || has("\"turn_context\"");
    case UsageFormat::Qwen: return has("\"usageMetadata\"") || has("qwen-code.api_response");
    case UsageFormat::Gemini: return has("\"tokens\"");
    case UsageFormat::Unknown:
    case UsageFormat::Free:
    case UsageFormat::Hook: break;
  }
  return false;
}

}  // namespace

void read_usage_line(UsageFormat format, std::string_view line, UsageTally& tally) {
  if (!may_have_figures(format, line)) return;
  const json parsed = json::parse(line, nullptr, false);
  if (!parsed.is_object()) return;
  if (format == UsageFormat::Claude) read_claude(parsed, tally);
  if (format == UsageFormat::Codex) read_codex(parsed, tally);
  if (format == UsageFormat::Qwen) read_qwen(parsed, tally);
  if (format == UsageFormat::Gemini) read_gemini(parsed, tally);
}

std::optional<Usage> told_usage(std::string_view text) {
  const json told = json::parse(text, nullptr, false);
  const json& of_models = in(told, "models");
  if (!of_models.is_object()) return std::nullopt;
  UsageTally tally;
  std::map<std::string, TokenCount> models;
  for (const auto& [model, figures] : of_models.items()) {
    models[model] = {.input = count_in(figures, "input"),
                     .cache_read = count_in(figures, "cache_read"),
                     .cache_write = count_in(figures, "cache_write"),
                     .output = count_in(figures, "output")};
  }
  tally.settle(models, cost_in(told, "cost"));
  if (!tally.usage().is_known()) return std::nullopt;
  tally.show_context(count_in(told, "context"), count_in(told, "context_window"));
  return tally.usage();
}

std::string told_text(const Usage& usage) {
  json told = {{"context", usage.context}, {"context_window", usage.context_window}};
  if (usage.cost) told["cost"] = static_cast<double>(*usage.cost) / kMillionths;
  told["models"] = json::object();
  for (const auto& [model, tokens] : usage.models) {
    told["models"][model] = {{"input", tokens.input},
                             {"cache_read", tokens.cache_read},
                             {"cache_write", tokens.cache_write},
                             {"output", tokens.output}};
  }
  return told.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace orch
