// Sums and differences of what agents have used.
#include "orch/core/usage.hpp"

#include <algorithm>
#include <cmath>

namespace orch {
namespace {

constexpr std::int64_t TokenCount::*kParts[] = {&TokenCount::input, &TokenCount::cache_read,
                                                &TokenCount::cache_write, &TokenCount::output};

std::int64_t within(std::int64_t figure) {
  return std::clamp<std::int64_t>(figure, 0, kMostUsed);
}

/// Is no figure of `before` larger?
bool holds(const Usage& whole, const Usage& before) {
  return std::ranges::all_of(before.models, [&whole](const auto& entry) {
    const auto found = whole.models.find(entry.first);
    return found != whole.models.end() && std::ranges::all_of(kParts, [&](auto part) {
             return entry.second.*part <= found->second.*part;
           });
  });
}

double cost_of(const TokenCount& tokens, const Price& price) {
  const auto plain =
      std::max<std::int64_t>(0, tokens.input - tokens.cache_read - tokens.cache_write);
  // Dollars for a million are millionths of one for each.
  return static_cast<double>(plain) * price.input +
         static_cast<double>(tokens.cache_read) * price.cache_read.value_or(price.input) +
         static_cast<double>(tokens.cache_write) * price.cache_write.value_or(price.input) +
         static_cast<double>(tokens.output) * price.output;
}

}  // namespace

TokenCount Usage::tokens() const {
  TokenCount all;
  for (const auto& [model, tokens] : models)
    add(all, tokens);
  return all;
}

void add(TokenCount& to, const TokenCount& more) {
  for (const auto part : kParts)
    to.*part = within(to.*part + more.*part);
}

Usage sum_of(const Usage& first, const Usage& second) {
  if (!first.is_known()) return second;
  if (!second.is_known()) return first;
  Usage sum = second;
  for (const auto& [model, tokens] : first.models)
    add(sum.models[model], tokens);
  sum.cost.reset();
  if (first.cost && second.cost) sum.cost = within(*first.cost + *second.cost);
  return sum;
}

Usage part_after(const Usage& whole, const Usage& before) {
  if (!holds(whole, before)) return whole;
  Usage part = whole;
  for (const auto& [model, tokens] : before.models) {
    TokenCount& left = part.models[model];
    for (const auto figure : kParts)
      left.*figure -= tokens.*figure;
    if (left == TokenCount{}) part.models.erase(model);
  }
  const bool is_costed = whole.cost && (before.cost || !before.is_known());
  part.cost.reset();
  if (is_costed) part.cost = within(*whole.cost - before.cost.value_or(0));
  return part;
}

std::optional<std::int64_t> cost_of(const Usage& usage, const Prices& prices) {
  if (!usage.is_known()) return std::nullopt;
  if (usage.cost) return usage.cost;
  double cost = 0;
  for (const auto& [model, tokens] : usage.models) {
    const auto price = prices.find(model);
    if (price == prices.end()) return std::nullopt;
    cost += cost_of(tokens, price->second);
  }
  return std::llround(std::min(cost, static_cast<double>(kMostUsed)));
}

bool is_log_path(std::string_view path) {
  constexpr std::size_t kLongest = 4096;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  return path.starts_with('/') && path.size() < kLongest && std::ranges::none_of(path, is_control);
}

Usage usage_of(const std::vector<AttemptUsage>& attempts, std::size_t place) {
  const AttemptUsage& wanted = attempts[place];
  Usage all;
  for (const auto& [conversation, told] : wanted.conversations) {
    Usage part = told;
    const auto earlier = std::ranges::find_if(
        attempts.rend() - static_cast<std::ptrdiff_t>(place), attempts.rend(),
        [&id = conversation](const AttemptUsage& one) { return one.conversations.contains(id); });
    if (earlier != attempts.rend())
      part = part_after(told, earlier->conversations.at(conversation));
    all = sum_of(all, part);
  }
  const auto last = wanted.conversations.find(wanted.last);
  if (last != wanted.conversations.end()) {
    all.context = last->second.context;
    all.context_window = last->second.context_window;
  }
  return all;
}

void add(UsageSum& to, const Usage& usage, UsageFormat format, const Prices& prices) {
  ++to.attempts;
  if (format == UsageFormat::Free) return;
  if (!usage.is_known()) ++to.without_tokens;
  to.known = sum_of(to.known, usage);
  if (const std::optional<std::int64_t> cost = cost_of(usage, prices)) {
    to.cost = within(to.cost + *cost);
  } else {
    ++to.without_cost;
  }
}

}  // namespace orch
