// Tokens and cost as they are shown.
#include "ui/usage.hpp"

#include "catch.hpp"
#include "ui/cost_text.hpp"
#include "ui/status.hpp"

#include <nlohmann/json.hpp>

using namespace orch;
using nlohmann::json;

namespace {

TaskRecord task(const std::string& id, std::vector<AttemptUsage> used) {
  TaskRecord made;
  made.plan.spec.id = TaskId{id};
  made.state = TaskState::Running;
  made.used = std::move(used);
  return made;
}

AttemptUsage attempt(int number, const std::string& kind, const Usage& usage) {
  return {.attempt = number, .kind = kind, .conversations = {{"/log", usage}}, .last = "/log"};
}

const Usage kCosted{.models = {{"opus", {12'000, 10'000, 0, 300}}}, .cost = 56'032};
const Usage kCounted{.models = {{"gpt", {2'000'000, 0, 0, 1'000}}},
                     .cost = {},
                     .context = 500,
                     .context_window = 1'000};

State example() {
  State state;
  state.run.phase = RunPhase::Running;
  state.run.rules.base = "main";
  state.run.rules.agents["sh"].usage = UsageFormat::Free;
  state.tasks = std::vector{task("T1", {attempt(1, "claude", kCosted)}),
                            task("T2", {attempt(1, "codex", kCounted)}), task("T3", {}),
                            task("T4", {attempt(1, "claude", {}), attempt(2, "claude", kCosted)}),
                            task("T5", {attempt(1, "sh", {})})};
  return state;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("amounts are short") {
  CHECK(ui::cost_text(0) == "$0.000");
  CHECK(ui::cost_text(56'032) == "$0.056");
  CHECK(ui::cost_text(12'345'678) == "$12.35");
  CHECK(ui::count_text(999) == "999");
  CHECK(ui::count_text(12'345) == "12.3k");
  CHECK(ui::count_text(2'000'000) == "2.0M");
}

TEST_CASE("the table has a column of what is known, and none where nothing is") {
  State state = example();
  const std::string text = ui::status_text(state, {.run = "r"});
  CHECK(contains(text, "T1    running          $0.056  "));
  CHECK(contains(text, "T2    running        2.0M tok  "));
  CHECK(contains(text, "T3    running                 "));
  CHECK(contains(text, "T4    running      12.3k+ tok  "));
  CHECK(contains(text, "T5    running                 "));
  for (TaskRecord& one : state.tasks)
    one.used.clear();
  CHECK(contains(ui::status_text(state, {.run = "r"}), "T1    running      \n"));
}

TEST_CASE("programs get figures only of what is known of all attempts") {
  State state = example();
  const json tasks = json::parse(ui::status_json(state, {.run = "r"}))["tasks"];
  CHECK(tasks[0]["cost"] == 0.056032);
  CHECK(tasks[0]["tokens"] ==
        json{{"in", 12'000}, {"out", 300}, {"cache_read", 10'000}, {"cache_write", 0}});
  CHECK(tasks[0]["usage"][0]["cost_by"] == "program");
  CHECK(tasks[0]["usage"][0]["context"].is_null());
  CHECK(tasks[1]["cost"].is_null());
  CHECK(tasks[1]["tokens"]["in"] == 2'000'000);
  CHECK(tasks[1]["usage"][0]["context"] == 500);
  CHECK(tasks[1]["usage"][0]["models"].contains("gpt"));
  CHECK(tasks[2]["cost"].is_null());
  CHECK(tasks[2]["usage"].empty());
  CHECK(tasks[3]["cost"].is_null());
  CHECK(tasks[3]["tokens"].is_null());
  CHECK(tasks[3]["usage"][1]["cost"] == 0.056032);
  CHECK(tasks[4]["cost"] == 0.0);
  state.run.rules.prices["gpt"] = {1, 10};
  const json priced = json::parse(ui::status_json(state, {.run = "r"}))["tasks"][1];
  CHECK(priced["cost"] == 2.01);
  CHECK(priced["usage"][0]["cost_by"] == "prices");
}

TEST_CASE("what may be used stands beside what was, with what a release has added") {
  State state = example();
  RunRecord& run = state.run;
  CHECK_FALSE(contains(ui::status_text(state, {.run = "r"}), "budget"));
  CHECK(json::parse(ui::status_json(state, {.run = "r"}))["budget"]["cost_limit"].is_null());
  run.rules.run_budget = {.cost = 5'000'000, .turns = 10};
  run.granted = {.cost = 5'000'000, .turns = 4};
  run.spent = {.cost = 6'500'000, .turns = 7};
  CHECK(
      contains(ui::status_text(state, {.run = "r"}), "\nbudget: $6.50 of $10.00, 7 of 14 turns\n"));
  CHECK(
      contains(ui::summary_text(state, {.run = "r"}), "budget: $6.50 of $10.00, 7 of 14 turns\n"));
  const json told{{"cost", 6.5}, {"cost_limit", 10.0}, {"turns", 7}, {"turn_limit", 14}};
  CHECK(json::parse(ui::status_json(state, {.run = "r"}))["budget"] == told);
  CHECK(json::parse(ui::report_json(state, {.run = "r"}))["budget"] == told);
  run.rules.task_budget.turns = 3;
  state.tasks[0].spent.turns = 2;
  const json task = json::parse(ui::status_json(state, {.run = "r"}))["tasks"][0];
  CHECK(task["budget"]["turns"] == 2);
  CHECK(task["budget"]["turn_limit"] == 3);
}

TEST_CASE("the report has the sums of the run and of each kind") {
  State state = example();
  const json report = json::parse(ui::report_json(state, {.run = "r"}));
  CHECK(report["cost"].is_null());
  CHECK(report["costKnown"] == 0.112064);
  CHECK(report["costUnknownAttempts"] == 2);
  CHECK(report["kinds"].size() == 3);
  CHECK(report["kinds"][0]["agent"] == "claude");
  CHECK(report["kinds"][0]["attempts"] == 3);
  CHECK(report["kinds"][0]["cost"].is_null());
  CHECK(report["kinds"][1]["tokens"]["in"] == 2'000'000);
  CHECK(report["kinds"][2]["cost"] == 0.0);
  const std::string text = ui::summary_text(state, {.run = "r"});
  CHECK(contains(text,
                 "used: 2.0M tokens in (20.0k from a cache), 1.6k out, without 1 attempt; "
                 "$0.112 without 2 attempts, of which it is not known\n"));
  CHECK(contains(text, "  codex: 1 attempt; 2.0M tokens in, 1.0k out; cost not known\n"));
  state.tasks = std::vector{task("T1", {attempt(1, "claude", kCosted)})};
  CHECK(json::parse(ui::report_json(state, {.run = "r"}))["cost"] == 0.056032);
  CHECK(contains(ui::summary_text(state, {.run = "r"}),
                 "used: 12.0k tokens in (10.0k from a cache), 300 out; $0.056\n"));
  state.tasks = std::vector{task("T3", {})};
  CHECK_FALSE(contains(ui::summary_text(state, {.run = "r"}), "used"));
}
