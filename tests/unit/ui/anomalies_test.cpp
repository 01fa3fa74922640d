// What is said of agents with which something is wrong.
#include "ui/anomalies.hpp"

#include "catch.hpp"
#include "orch/core/anomaly.hpp"
#include "orch/core/fact.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"

#include <set>
#include <string>

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

Reason found(std::string_view rule, std::string_view action) {
  return {.kind = ReasonKind::AnomalyFound,
          .text = "Bash: ls {0}",
          .number = 12,
          .names = {std::string(rule), "high", std::string(action)}};
}

}  // namespace

TEST_CASE("every anomaly has a sentence of its own, with how much there is of it or what it is") {
  std::set<std::string> seen;
  for (const auto& [kind, name] : EnumNames<Anomaly>::kTable) {
    INFO(name);
    const std::string text = ui::anomaly_text(found(name, "note"));
    const std::string head = std::string(name) + " (high): ";
    REQUIRE(text.starts_with(head));
    CHECK(seen.insert(text.substr(head.size())).second);
    CHECK((text.find("12") != text.npos || text.find("Bash: ls {0}") != text.npos));
  }
}

TEST_CASE("what is done stands behind it") {
  std::set<std::string> seen;
  for (const auto& [action, name] : EnumNames<AnomalyAction>::kTable)
    seen.insert(ui::anomaly_text(found("loop", name)));
  // Of a note nothing is said, and what the user is told ends with a command.
  CHECK(seen.size() == std::size(EnumNames<AnomalyAction>::kTable) - 1);
}

TEST_CASE("scripts get the rule, what was done, and by what") {
  const Fact fact{FactKind::TaskAnomaly, TaskId{"T1"}, found("loop", "restart")};
  const auto json = nlohmann::json::parse(ui::facts_json({fact}));
  CHECK(json[0]["anomaly"] == nlohmann::json{{"rule", "loop"},
                                             {"severity", "high"},
                                             {"action", "restart"},
                                             {"amount", 12},
                                             {"evidence", "Bash: ls {0}"}});
}

TEST_CASE("the user is called where a rule says so, and not for what is only noted") {
  Fact fact{FactKind::TaskAnomaly, TaskId{"T1"}, found("loop", "tell")};
  CHECK_FALSE(ui::calls_user(fact));
  fact.reason.kind = ReasonKind::AnomalyTold;
  CHECK(ui::calls_user(fact));
  CHECK(ui::sentence(fact).ends_with("; `tmux-orch attach T1` shows it"));
}
