// Adds figures to the models that they are of.
#include "agents/usage_tally.hpp"

#include "orch/base/text.hpp"

#include <algorithm>

namespace orch {
namespace {

// Parts of an answer stand close to each other; so do those of agents of the agent.
constexpr std::size_t kAnswersRemembered = 100;
constexpr std::size_t kMostModels = 20;
constexpr std::size_t kMostConversations = 20;
constexpr std::size_t kLongestName = 80;

std::int64_t size_of(const TokenCount& tokens) {
  return tokens.input + tokens.output;
}

std::string name_of(std::string_view model) {
  std::string name = one_line(model, kLongestName);
  return name.empty() ? "unknown" : name;
}

/// `more` takes the place of `less`.
void put(TokenCount& sum, const TokenCount& less, const TokenCount& more) {
  sum.input -= less.input;
  sum.cache_read -= less.cache_read;
  sum.cache_write -= less.cache_write;
  sum.output -= less.output;
  add(sum, more);
}

}  // namespace

TokenCount& UsageTally::of(std::string_view model) {
  std::string name = name_of(model.empty() ? model_ : model);
  const bool is_new = !usage_.models.contains(name);
  if (is_new && usage_.models.size() >= kMostModels) name = "others";
  return usage_.models[name];
}

void UsageTally::add(std::string_view model, const TokenCount& tokens) {
  if (size_of(tokens) == 0) return;
  orch::add(of(model), tokens);
  usage_.cost.reset();
}

void UsageTally::add_once(std::string_view answer, std::string_view model,
                          const TokenCount& tokens) {
  if (size_of(tokens) == 0) return;
  const auto known = std::ranges::find(answers_, answer, &Answer::id);
  if (answer.empty() || known == answers_.end()) {
    answers_.push_back({std::string(answer), std::string(model), tokens});
    if (answers_.size() > kAnswersRemembered) answers_.pop_front();
    return add(model, tokens);
  }
  if (known->tokens == tokens) return;
  put(of(known->model), known->tokens, tokens);
  known->tokens = tokens;
  usage_.cost.reset();
}

void UsageTally::count_to(const TokenCount& total) {
  const bool goes_on = total.input >= counter_.input && total.output >= counter_.output &&
                       total.cache_read >= counter_.cache_read &&
                       total.cache_write >= counter_.cache_write;
  TokenCount grown = total;
  if (goes_on) {
    grown.input -= counter_.input;
    grown.cache_read -= counter_.cache_read;
    grown.cache_write -= counter_.cache_write;
    grown.output -= counter_.output;
  }
  counter_ = total;
  add({}, grown);
}

void UsageTally::settle(const std::map<std::string, TokenCount>& models, std::int64_t cost) {
  Usage whole;
  for (const auto& [model, tokens] : models)
    if (size_of(tokens) > 0) orch::add(whole.models[name_of(model)], tokens);
  const bool is_whole =
      whole.models.size() <= kMostModels && size_of(whole.tokens()) >= size_of(usage_.tokens());
  if (!whole.is_known() || !is_whole) return;
  usage_.models = std::move(whole.models);
  usage_.cost.reset();
  if (cost > 0) usage_.cost = cost;
}

void UsageTally::take(ToldUsage told) {
  Usage named = std::move(told.usage);
  std::erase_if(told_,
                [&told](const ToldUsage& one) { return one.conversation == told.conversation; });
  told.usage = {
      .cost = named.cost, .context = named.context, .context_window = named.context_window};
  for (const auto& [model, tokens] : named.models)
    if (size_of(tokens) > 0) orch::add(told.usage.models[name_of(model)], tokens);
  const bool fits = told.usage.is_known() && told.usage.models.size() <= kMostModels;
  if (!fits) return;
  if (told_.size() == kMostConversations) told_.erase(told_.begin());
  told_.push_back(std::move(told));
}

void UsageTally::show_context(std::int64_t used, std::int64_t window) {
  usage_.context = used;
  usage_.context_window = window;
}

}  // namespace orch
