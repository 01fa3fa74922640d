// Figures of use as text and as JSON.
#include "ui/usage.hpp"

#include "orch/base/text.hpp"
#include "ui/cost_text.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr double kMillionths = 1e6;

double dollars(std::int64_t cost) {
  return static_cast<double>(cost) / kMillionths;
}

ordered_json tokens_json(const TokenCount& tokens) {
  return {{"in", tokens.input},
          {"out", tokens.output},
          {"cache_read", tokens.cache_read},
          {"cache_write", tokens.cache_write}};
}

ordered_json cost_json(std::optional<std::int64_t> cost) {
  return cost ? ordered_json(dollars(*cost)) : ordered_json();
}

ordered_json count_or_null(std::int64_t count) {
  return count == 0 ? ordered_json() : ordered_json(count);
}

/// Only a figure where it is of all attempts.
void add_sum(ordered_json& out, const UsageSum& sum) {
  const bool has_tokens = sum.attempts > 0 && sum.without_tokens == 0;
  out["tokens"] = has_tokens ? tokens_json(sum.known.tokens()) : ordered_json();
  const bool has_cost = sum.attempts > 0 && sum.without_cost == 0;
  out["cost"] = has_cost ? ordered_json(dollars(sum.cost)) : ordered_json();
}

ordered_json attempt_json(const RunRecord& run, const TaskRecord& task, std::size_t place) {
  const AttemptUsage& attempt = task.used[place];
  const Usage usage = usage_of(task.used, place);
  const std::optional<std::int64_t> cost = cost_of(usage, run.rules.prices);
  ordered_json out = {{"attempt", attempt.attempt}, {"agent", attempt.kind}};
  out["tokens"] = usage.is_known() ? tokens_json(usage.tokens()) : ordered_json();
  out["cost"] = cost_json(cost);
  out["cost_by"] = cost ? ordered_json(usage.cost ? "program" : "prices") : ordered_json();
  out["context"] = count_or_null(usage.context);
  out["context_window"] = count_or_null(usage.context_window);
  out["models"] = ordered_json::object();
  for (const auto& [model, tokens] : usage.models)
    out["models"][model] = tokens_json(tokens);
  return out;
}

/// What may be used by now: with each release as much again.
Budget limit_of(const Budget& budget, const Spent& granted) {
  return {.cost = budget.cost > 0 ? granted.cost + budget.cost : 0,
          .turns = budget.turns > 0 ? granted.turns + budget.turns : 0};
}

ordered_json budget_json(const Budget& limit, const Spent& spent) {
  return {{"cost", dollars(spent.cost)},
          {"cost_limit", limit.cost > 0 ? ordered_json(dollars(limit.cost)) : ordered_json()},
          {"turns", spent.turns},
          {"turn_limit", count_or_null(limit.turns)}};
}

/// By the names of the kinds.
std::map<std::string, UsageSum> sums_by_kind(const State& state) {
  std::map<std::string, UsageSum> sums;
  for (const TaskRecord& task : state.tasks)
    for (const AttemptUsage& attempt : task.used)
      sums[attempt.kind];
  for (auto& [kind, sum] : sums)
    for (const TaskRecord& task : state.tasks)
      add_used(sum, state.run, task, kind);
  return sums;
}

std::string attempts_text(int count) {
  return fmt::format("{} attempt{}", count, count == 1 ? "" : "s");
}

std::string tokens_text(const UsageSum& sum) {
  if (!sum.known.is_known()) return sum.without_tokens > 0 ? "tokens not known" : "no tokens";
  const TokenCount tokens = sum.known.tokens();
  std::string text = fmt::format("{} tokens in", count_text(tokens.input));
  if (tokens.cache_read > 0)
    text += fmt::format(" ({} from a cache)", count_text(tokens.cache_read));
  text += fmt::format(", {} out", count_text(tokens.output));
  if (sum.without_tokens > 0)
    text += fmt::format(", without {}", attempts_text(sum.without_tokens));
  return text;
}

std::string sum_text(const UsageSum& sum) {
  if (sum.without_cost == 0) return cost_text(sum.cost);
  if (sum.without_cost == sum.attempts || sum.cost == 0) return "cost not known";
  return fmt::format("{} without {}, of which it is not known", cost_text(sum.cost),
                     attempts_text(sum.without_cost));
}

}  // namespace

UsageSum sum_of_run(const State& state) {
  UsageSum sum;
  for (const TaskRecord& task : state.tasks)
    add_used(sum, state.run, task);
  return sum;
}

std::string count_text(std::int64_t tokens) {
  constexpr std::int64_t kThousand = 1'000;
  constexpr std::int64_t kMillion = 1'000'000;
  const auto amount = static_cast<double>(tokens);
  if (tokens < kThousand) return fmt::format("{}", tokens);
  if (tokens < kMillion) return fmt::format("{:.1f}k", amount / kThousand);
  return fmt::format("{:.1f}M", amount / kMillion);
}

std::string tokens_cell(const UsageSum& used) {
  if (!used.known.is_known()) return {};
  const TokenCount tokens = used.known.tokens();
  return count_text(tokens.input + tokens.output) + (used.without_tokens > 0 ? "+" : "");
}

std::string cost_cell(const UsageSum& used) {
  if (used.attempts == 0 || used.without_cost == used.attempts) return {};
  return cost_text(used.cost) + (used.without_cost > 0 ? "+" : "");
}

std::string usage_cell(const UsageSum& used) {
  if (!used.known.is_known()) return {};
  if (used.without_cost == 0) return cost_text(used.cost);
  return tokens_cell(used) + " tok";
}

std::string usage_summary(const State& state) {
  const UsageSum all = sum_of_run(state);
  if (!all.known.is_known()) return {};
  std::string text = fmt::format("used: {}; {}\n", tokens_text(all), sum_text(all));
  const std::map<std::string, UsageSum> kinds = sums_by_kind(state);
  if (kinds.size() < 2) return text;
  for (const auto& [kind, sum] : kinds) {
    text += fmt::format("  {}: {}; {}; {}\n", one_line(kind, 40), attempts_text(sum.attempts),
                        tokens_text(sum), sum_text(sum));
  }
  return text;
}

std::string budget_line(const RunRecord& run) {
  const Budget limit = limit_of(run.rules.run_budget, run.granted);
  std::vector<std::string> parts;
  if (limit.cost > 0)
    parts.push_back(fmt::format("{} of {}", cost_text(run.spent.cost), cost_text(limit.cost)));
  if (limit.turns > 0) parts.push_back(fmt::format("{} of {} turns", run.spent.turns, limit.turns));
  return parts.empty() ? std::string() : fmt::format("budget: {}\n", join(parts, ", "));
}

ordered_json budget_json(const RunRecord& run) {
  return budget_json(limit_of(run.rules.run_budget, run.granted), run.spent);
}

void add_usage(ordered_json& out, const RunRecord& run, const TaskRecord& task) {
  UsageSum sum;
  add_used(sum, run, task);
  out["turns"] = task.spent.turns;
  out["budget"] = budget_json(limit_of(run.rules.task_budget, task.granted), task.spent);
  add_sum(out, sum);
  out["usage"] = ordered_json::array();
  for (std::size_t place = 0; place < task.used.size(); ++place)
    out["usage"].push_back(attempt_json(run, task, place));
}

void add_usage(ordered_json& out, const State& state) {
  const UsageSum all = sum_of_run(state);
  add_sum(out, all);
  out["costKnown"] = dollars(all.cost);
  out["costUnknownAttempts"] = all.without_cost;
  out["kinds"] = ordered_json::array();
  for (const auto& [kind, sum] : sums_by_kind(state)) {
    ordered_json entry = {{"agent", kind}, {"attempts", sum.attempts}};
    add_sum(entry, sum);
    entry["costKnown"] = dollars(sum.cost);
    entry["costUnknownAttempts"] = sum.without_cost;
    out["kinds"].push_back(std::move(entry));
  }
}

}  // namespace orch::ui
