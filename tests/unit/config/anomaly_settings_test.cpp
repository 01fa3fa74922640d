// The user's rules about agents with which something is wrong.
#include "catch.hpp"
#include "config/rules_from.hpp"
#include "reading.hpp"

using namespace orch;
using test::problems_in;
using test::problems_text;

namespace {

ConfigReading read_of(LayerOwner owner, std::string_view text) {
  return parse_config({{"f", std::string(text), owner}}, {}, {});
}

}  // namespace

TEST_CASE("there is a built-in rule for each anomaly, and they go where agents are watched") {
  const Config config = test::read_file_text("").config;
  for (const auto& [anomaly, name] : EnumNames<Anomaly>::kTable) {
    INFO(name);
    const auto rule = config.anomalies.find(std::string(name));
    REQUIRE(rule != config.anomalies.end());
    CHECK(rule->second.threshold > 0);
    CHECK_FALSE(rule->second.actions.empty());
    CHECK_FALSE(rule->second.message.empty());
    CHECK(rule->second.message.find('\n') == std::string::npos);
  }
  CHECK(config.anomalies.size() == std::size(EnumNames<Anomaly>::kTable));
  CHECK(rules_from(config).anomalies == config.anomalies);
}

TEST_CASE("a rule is changed key by key, and an empty list of actions turns it off") {
  const AnomalyRules before = test::read_file_text("").config.anomalies;
  const ConfigReading reading = test::read_file_text(
      "[anomalies.loop]\nthreshold = 20\nactions = [\"note\", \"abort\"]\ncool_down = \"5m\"\n"
      "severity = \"high\"\n[anomalies.context]\nactions = []");
  CHECK(problems_text(reading).empty());
  const AnomalyRule& loop = reading.config.anomalies.at("loop");
  CHECK(loop == AnomalyRule{AnomalySeverity::High,
                            20,
                            {AnomalyAction::Note, AnomalyAction::Abort},
                            std::chrono::minutes(5),
                            before.at("loop").message});
  CHECK(reading.config.anomalies.at("context").actions.empty());
  CHECK(reading.config.anomalies.at("tool-errors") == before.at("tool-errors"));
}

TEST_CASE("a variable changes a rule as well") {
  const ConfigReading reading =
      parse_config({}, {{"TMUX_ORCH_ANOMALIES_TOOL_ERRORS_THRESHOLD", "9"}}, {});
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.anomalies.at("tool-errors").threshold == 9);
}

TEST_CASE("what is wrong with a rule is said with its place") {
  CHECK(problems_in("[anomalies.lop]\nthreshold = 3") ==
        "f:1:1: there is no anomaly 'lop'\n  did you mean 'anomalies.loop'?");
  CHECK(problems_in("anomalies.loop = 3") ==
        "f:1:18: 'anomalies.loop' must be a table, not a number\n  write [anomalies.NAME]");
  CHECK(problems_in("[anomalies.loop]\nactions = [\"kill\"]") ==
        "f:2:11: 'anomalies.loop.actions': there is no action \"kill\"\n  it can be note, message, "
        "interrupt, restart, abort, pause or tell");
  CHECK(problems_in("[anomalies.loop]\nthreshold = 0") ==
        "f:2:13: 'anomalies.loop.threshold' must be from 1 to 1000000, not 0");
  CHECK(problems_in("[anomalies.loop]\nmessage = \"  \"") ==
        "f:2:11: 'anomalies.loop.message' must be a text of 4000 bytes at most");
}

TEST_CASE("rules are the user's alone") {
  const std::string rule = "[anomalies.loop]\nactions = []";
  CHECK_FALSE(read_of(LayerOwner::User, rule).has_errors());
  CHECK(problems_text(read_of(LayerOwner::Repository, rule)).find("'anomalies'") !=
        std::string::npos);
}
