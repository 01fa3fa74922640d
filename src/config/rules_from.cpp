// What of the configuration the core decides by.
#include "config/rules_from.hpp"

#include "orch/base/text.hpp"

#include <algorithm>

namespace orch {
namespace {

/// From when it is told as stalled on.
Span interrupt_after(const AgentProfile& profile, const Limits& limits) {
  if (profile.interrupt_after <= Span{0} || profile.interrupt_keys.empty()) return Span{0};
  return std::max(profile.interrupt_after - limits.stall, Span{1});
}

/// Are there tests or gates for the work of some tasks? What they let pass lands by itself.
bool are_checks_of_tasks(const Config& config) {
  const auto is_of_some = [](const TestCommand& test) { return test.when != WorkFilter{}; };
  return !config.gates.empty() || std::ranges::any_of(config.merge.tests, is_of_some);
}

}  // namespace

Rules rules_from(const Config& config) {
  Rules rules;
  rules.workers = config.workers;
  rules.attempts = config.limits.attempts;
  rules.task_timeout = config.limits.task_timeout;
  rules.idle_agents = config.limits.idle_agents;
  rules.retry_delay = config.limits.retry_delay;
  rules.auto_texts = config.limits.auto_texts;
  rules.auto_restarts = std::max(config.limits.auto_restarts, config.limits.attempts - 1);
  rules.task_budget = config.limits.task_budget;
  rules.run_budget = config.limits.run_budget;
  rules.continue_after = config.limits.continue_after;
  rules.tested = !config.merge.tests.empty() || !config.gates.empty();
  rules.rounds = config.merge.rounds;
  for (const Review& review : config.reviews)
    rules.reviews.push_back({review.name, review.needed});
  // The commits of one would have to be made again for each that lands before it.
  rules.parallel = config.merge.strategy == Strategy::Rebase ? 1 : config.merge.parallel;
  rules.in_order = config.merge.strategy == Strategy::Squash || are_checks_of_tasks(config);
  rules.test_base = config.merge.test_base;
  rules.write_back = config.write_back;
  rules.follow = config.merge.follow;
  rules.push = config.push.when;
  if (rules.push != PushWhen::Never) {
    rules.push_remote = one_line(config.push.remote, 80);
    rules.push_to = config.push.remote + " " + config.push.branch;
  }
  rules.push_command = !config.push.command.empty();
  rules.prices = config.prices;
  rules.agent_is_named = config.agent != "auto";
  rules.route = config.routing.kinds;
  if (config.routing.failover_after > Span{0}) rules.failover_after = config.routing.failover_after;
  rules.anomalies = config.anomalies;
  rules.messages = config.messages;
  rules.coordinator = config.coordinator;
  rules.lock_warning = config.limits.lock;
  rules.made = config.limits.made;
  for (const auto& [name, profile] : config.agents) {
    rules.agents[name] = AgentRules{.done = profile.done,
                                    .commit = profile.commit,
                                    .resumes = profile.resumes,
                                    .max_parallel = profile.max_parallel,
                                    .seen = !profile.screen.empty(),
                                    .takes_texts_busy = profile.takes_texts_busy,
                                    .interrupt_after = interrupt_after(profile, config.limits),
                                    .start_gap = profile.start_gap,
                                    .failed_start = profile.failed_start,
                                    .usage = profile.usage.format,
                                    .interruptible = !profile.interrupt_keys.empty(),
                                    .capabilities = profile.capabilities,
                                    .forgets_prompt = profile.forgets_prompt,
                                    .runs_text = profile.prompt == PromptBy::Script,
                                    .compact = profile.compact_command};
  }
  return rules;
}

}  // namespace orch
