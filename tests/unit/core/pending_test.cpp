// The lanes of the effects in flight.
#include "run.hpp"

namespace orch::test {
namespace {

const TaskId kA{"A"};

OutboxEntry stop() {
  return {StopAgent{kA, 1}, {}};
}

OutboxEntry tick() {
  return {TickFile{kA}, {}};
}

}  // namespace

TEST_CASE("a mark may be written while an agent ends, and nothing else goes side by side") {
  PendingEffects pending;
  CHECK(pending.is_idle(kA));
  pending.add(1, stop());
  CHECK_FALSE(pending.is_idle(kA));
  CHECK_FALSE(pending.is_free(kA, Lane::Agent));
  CHECK_FALSE(pending.is_free(kA, Lane::Worktree));
  CHECK_FALSE(pending.is_free(kA, Lane::Landing));
  CHECK(pending.is_free(kA, Lane::Checkout));
  CHECK(pending.is_free(TaskId{"B"}, Lane::Agent));
  pending.add(2, tick());
  CHECK_FALSE(pending.is_free(kA, Lane::Checkout));
  REQUIRE(pending.in(kA, Lane::Agent) != nullptr);
  CHECK(pending.in(kA, Lane::Agent)->effect == stop().effect);
  CHECK(pending.in(kA, Lane::Landing) == nullptr);
}

TEST_CASE("what is taken out frees its lane") {
  PendingEffects pending;
  pending.add(1, stop());
  pending.add(2, tick());
  CHECK(pending.take(1) == stop());
  CHECK(pending.is_free(kA, Lane::Agent));
  CHECK_FALSE(pending.is_free(kA, Lane::Worktree));
  CHECK(pending.take(2) == tick());
  CHECK(pending.is_idle(kA));
  CHECK(pending == PendingEffects());
}

TEST_CASE("a merged task is ticked while its agent ends, and cleaned up after both") {
  Rules rules = plain_rules();
  rules.write_back = true;
  Run run({task("A")}, rules);
  run.start("A");
  run.says("A", ReportKind::Done);
  run.end<CollectWork>("A");
  run.land("A");
  REQUIRE(run.outbox() == std::vector<std::string>{"stop_agent A", "tick_file A"});
  SECTION("the agent ends first") {
    run.end<StopAgent>("A", Done{});
    CHECK(run.outbox() == std::vector<std::string>{"tick_file A"});
    run.end<TickFile>("A", Done{});
  }
  SECTION("the mark is written first") {
    run.end<TickFile>("A", Done{});
    CHECK(run.outbox() == std::vector<std::string>{"stop_agent A"});
    run.end<StopAgent>("A", Done{});
  }
  CHECK(run.outbox() == std::vector<std::string>{"clean_up A"});
}

}  // namespace orch::test
