// What agents use: sums, differences, prices, and what is kept of it by attempts.
#include "orch/core/usage.hpp"

#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kA{"A"};
const std::string kLog = "/home/me/log.jsonl";

Usage used(std::int64_t input, std::int64_t output, std::optional<std::int64_t> cost = {}) {
  return {.models = {{"m", {.input = input, .output = output}}}, .cost = cost};
}

AgentUsed told(int attempt, Usage usage, std::string conversation = kLog) {
  return {kA, attempt, std::move(conversation), std::move(usage)};
}

Run at_work() {
  Rules rules = plain_rules();
  rules.attempts = 5;
  Run run({task_by("A", "resumer")}, std::move(rules));
  run.start("A");
  return run;
}

void begin_next_attempt(Run& run) {
  run.fail("A");
  run.pass(10min);
  run.end<CreateWorktree>("A");
  run.end<StartAgent>("A");
}

Usage of_attempt(const Run& run, std::size_t place) {
  return usage_of(run.task("A").used, place);
}

}  // namespace

TEST_CASE("a cost is the program's own, or that of all its models, or not known") {
  Usage usage = used(1'000'000, 2'000);
  CHECK_FALSE(cost_of(Usage{}, {{"m", {1, 1}}}));
  CHECK_FALSE(cost_of(usage, {}));
  CHECK(cost_of(usage, {{"m", {3, 15}}}) == 3'000'000 + 30'000);
  usage.models["other"] = {.input = 1};
  CHECK_FALSE(cost_of(usage, {{"m", {3, 15}}}));
  usage.cost = 7;
  CHECK(cost_of(usage, {{"m", {3, 15}}}) == 7);
}

TEST_CASE("what a cache had costs as input unless the user says what it costs") {
  const Usage usage{.models = {{"m", {.input = 1000, .cache_read = 700, .cache_write = 200}}}};
  CHECK(cost_of(usage, {{"m", {10, 0, {}, {}}}}) == 10'000);
  CHECK(cost_of(usage, {{"m", {10, 0, 1.0, 20.0}}}) == 1000 + 700 + 4000);
}

TEST_CASE("a sum has a cost where both parts have one") {
  CHECK(sum_of(used(1, 2, 3), used(10, 20, 30)) == used(11, 22, 33));
  CHECK(sum_of(used(1, 2, 3), used(10, 20)) == used(11, 22));
  CHECK(sum_of(Usage{}, used(10, 20, 30)) == used(10, 20, 30));
  const Usage most = used(kMostUsed, kMostUsed, kMostUsed);
  CHECK(sum_of(most, most) == most);
}

TEST_CASE("a part is what came after, or the whole where that was no part of it") {
  CHECK(part_after(used(11, 22, 33), used(1, 2, 3)) == used(10, 20, 30));
  CHECK(part_after(used(11, 22, 33), used(1, 2)) == used(10, 20));
  CHECK(part_after(used(11, 22, 33), Usage{}) == used(11, 22, 33));
  CHECK(part_after(used(5, 2, 3), used(6, 1, 1)) == used(5, 2, 3));
  CHECK_FALSE(part_after(used(5, 2, 3), used(5, 2, 3)).is_known());
}

TEST_CASE("what an attempt has used is kept, and told again it changes nothing") {
  Run run = at_work();
  CHECK(run.task("A").used.size() == 1);
  CHECK_FALSE(of_attempt(run, 0).is_known());
  CHECK(run.handle(told(1, used(100, 10))).changed.contains(kA));
  CHECK(run.handle(told(1, used(100, 10))).changed.empty());
  // A file that was replaced by a shorter one takes nothing back.
  CHECK(run.handle(told(1, used(50, 10))).changed.empty());
  CHECK(of_attempt(run, 0) == used(100, 10));
  CHECK(run.handle(told(2, used(1, 1))).changed.empty());
  CHECK(run.handle(AgentUsed{TaskId{"none"}, 1, kLog, used(1, 1)}).changed.empty());
}

TEST_CASE("an attempt that goes on with a conversation has used what came after") {
  Run run = at_work();
  run.handle(told(1, used(100, 10, 5)));
  begin_next_attempt(run);
  CHECK(run.task("A").used.size() == 2);
  CHECK_FALSE(of_attempt(run, 1).is_known());
  run.handle(told(2, used(130, 11, 9)));
  CHECK(of_attempt(run, 1) == used(30, 1, 4));
  // What the first one wrote as it ended is known late.
  run.handle(told(1, used(110, 10, 6)));
  CHECK(of_attempt(run, 0) == used(110, 10, 6));
  CHECK(of_attempt(run, 1) == used(20, 1, 3));
}

TEST_CASE("conversations that an agent begins are added up, and there is an end of them") {
  Run run = at_work();
  run.handle(told(1, used(100, 10, 5)));
  Usage second = used(1, 1, 1);
  second.context = 7;
  second.context_window = 8;
  run.handle(told(1, second, "/home/me/other.jsonl"));
  const Usage all = of_attempt(run, 0);
  CHECK(all.models == used(101, 11).models);
  CHECK(all.cost == 6);
  CHECK(all.context == 7);
  CHECK(all.context_window == 8);
  for (int i = 0; i < 100; ++i)
    run.handle(told(1, used(1, 1), std::to_string(i)));
  CHECK(run.task("A").used[0].conversations.size() == 20);
}

TEST_CASE("a sum of attempts tells of how many it is not known, and what uses no model is free") {
  Run run = at_work();
  run.handle(told(1, used(1'000'000, 0)));
  begin_next_attempt(run);
  const auto sum = [&run](UsageFormat format, const Prices& prices) {
    RunRecord record = run.record();
    record.rules.agents["resumer"].usage = format;
    record.rules.prices = prices;
    UsageSum all;
    add_used(all, record, run.task("A"));
    return all;
  };
  const UsageSum known = sum(UsageFormat::Claude, {{"m", {2, 2}}});
  CHECK(known.attempts == 2);
  CHECK(known.without_tokens == 1);
  CHECK(known.without_cost == 1);
  CHECK(known.cost == 2'000'000);
  CHECK(sum(UsageFormat::Claude, {}).without_cost == 2);
  const UsageSum free = sum(UsageFormat::Free, {});
  CHECK(free.without_cost == 0);
  CHECK(free.without_tokens == 0);
}

TEST_CASE("what comes to be known while the report is written is written into another one") {
  Run run({task_by("A", "resumer")});
  run.merge("A");
  run.clean_up("A");
  REQUIRE(run.in_flight<WriteReport>() != nullptr);
  run.handle(told(1, used(1, 1)));
  run.end<WriteReport>();
  CHECK(run.in_flight<WriteReport>() != nullptr);
  CHECK(run.record().phase == RunPhase::Finishing);
  run.end<WriteReport>();
  CHECK(run.in_flight<WriteReport>() == nullptr);
  CHECK(run.record().phase == RunPhase::Finished);
}

TEST_CASE("what is known after the report was written is written into another one") {
  Run run({task_by("A", "resumer")});
  run.merge("A");
  run.clean_up("A");
  run.end<WriteReport>();
  REQUIRE(run.record().phase == RunPhase::Finished);
  run.handle(told(1, used(1, 1)));
  CHECK(run.in_flight<WriteReport>() != nullptr);
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
  run.handle(told(1, used(1, 1)));
  CHECK(run.in_flight<WriteReport>() == nullptr);
}
