// From JSON and back to it.
#include "agents/told_usage.hpp"

#include "agents/json_fields.hpp"
#include "agents/usage_figures.hpp"
#include "agents/usage_tally.hpp"

#include <map>

namespace orch {

using json_fields::in;
using nlohmann::json;

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
