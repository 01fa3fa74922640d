// What the core is told of the configuration.
#include "config/rules_from.hpp"

#include "catch.hpp"
#include "enum_check.hpp"
#include "reading.hpp"

using namespace orch;
using namespace std::chrono_literals;
using test::problems_text;
using test::read_file_text;

TEST_CASE("the rules of an empty configuration are the initial ones") {
  Config config;
  CHECK(rules_from(config) == Rules{});
}

TEST_CASE("every rule that a setting settles comes from it") {
  const ConfigReading reading = read_file_text(R"toml(
workers = 7
write_back = false
[limits]
attempts = 9
task_timeout = "3m"
retry_delay = "4s"
auto_texts = 2
auto_restarts = 14
task_cost = 1.5
task_turns = 7
run_cost = 20
run_turns = 90
continue_after = []
idle_agents = 2
[merge]
follow = "end"
test_base = false
test = [{ command = "make check" }]
[agents.tess]
command = ["tess"]
done = "exit"
commit = true
resumes = true
takes_texts_busy = true
forgets_prompt = true
interrupt_keys = ["Escape"]
interrupt_after = "5m"
max_parallel = 2
start_gap = "3s"
failed_start = "4s"
)toml");
  REQUIRE(problems_text(reading).empty());
  const Rules rules = rules_from(reading.config);
  CHECK(rules.workers == 7);
  CHECK_FALSE(rules.write_back);
  CHECK(rules.attempts == 9);
  CHECK(rules.task_timeout == 3min);
  CHECK(rules.retry_delay == 4s);
  CHECK(rules.auto_texts == 2);
  CHECK(rules.auto_restarts == 14);
  CHECK(rules.task_budget == Budget{1'500'000, 7});
  CHECK(rules.run_budget == Budget{20'000'000, 90});
  CHECK(rules.continue_after.empty());
  CHECK(rules.idle_agents == 2);
  CHECK(rules.follow == Follow::End);
  CHECK_FALSE(rules.test_base);
  CHECK(rules.tested);
  CHECK(rules.agents.size() == reading.config.agents.size());
  CHECK(rules.agents.at("tess") == AgentRules{DoneBy::Exit,
                                              true,
                                              true,
                                              2,
                                              false,
                                              true,
                                              4min,
                                              false,
                                              3s,
                                              4s,
                                              UsageFormat::Unknown,
                                              true,
                                              {},
                                              true});
}

TEST_CASE("what one up settles is left alone") {
  const Rules rules = rules_from(read_file_text("base = \"main\"\nagent = \"pi\"").config);
  CHECK(rules.base.empty());
  CHECK(rules.agent.empty());
}

TEST_CASE("every value of a setting's enum has a name of its own") {
  test::has_all_names<PromptBy>();
  test::has_all_names<Strategy>();
  test::has_all_names<UnitRule>();
}
