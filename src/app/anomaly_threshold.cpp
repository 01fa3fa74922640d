// From the rules of the run.
#include "app/anomaly_threshold.hpp"

#include <string>

namespace orch::app {

std::optional<std::int64_t> threshold_of(const State& state, Anomaly anomaly) {
  const AnomalyRules& rules = state.run.rules.anomalies;
  const auto rule = rules.find(std::string(to_text(anomaly)));
  if (rule == rules.end() || rule->second.actions.empty()) return std::nullopt;
  return rule->second.threshold;
}

}  // namespace orch::app
