// Effects that fail: tried again with growing pauses, waited for, withdrawn, given up.
#include "orch/base/text.hpp"
#include "orch/core/retry.hpp"
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

const NotDone kLock{"index.lock exists", {}, true};
const NotDone kFull{"cannot copy the index: No space left on device", {}, true, true};

Run at_work() {
  Run run({task("A")});
  run.start("A");
  return run;
}

std::vector<Outcome> every_outcome() {
  return {NotDone{"no", {}, false},
          WorktreeReady{"worktree", "branch", CommitId{"start"}},
          AgentStarted{"@1", "%1", 42},
          Done{},
          WorkCollected{CommitId{"work"}, true, {}},
          WorkRescued{"refs/orch/rescue/1"},
          LandingPrepared{CommitId{"candidate"}},
          LandingConflicts{{"a.c"}},
          Tested{true, {}, "log"},
          Landed{CommitId{"candidate"}},
          BranchMoved{CommitId{"elsewhere"}},
          StayedBehind{}};
}

Outcome usual(const Effect& effect) {
  if (std::holds_alternative<Land>(effect)) return Landed{CommitId{"candidate"}};
  return std::visit([]<class Kind>(const Kind&) -> Outcome { return usual_outcome<Kind>(); },
                    effect);
}

/// What happens next: the oldest effect ends, as usual or as is said; or the agent does; or time
/// passes.
void go_on(Run& run, const std::optional<Outcome>& outcome) {
  for (const auto& [id, entry] : run.state().pending) {
    if (entry.retry.not_before) continue;
    const Outcome end = outcome.value_or(usual(entry.effect));
    run.handle(EffectEnded{id, end});
    return;
  }
  const TaskRecord& task = run.task("A");
  if (task.state == TaskState::Running && run.agent(task.id().value).is_alive()) {
    run.exits("A", 0);
  } else {
    run.pass(10min);
  }
}

}  // namespace

TEST_CASE("an effect that fails for a passing reason is begun again after a pause, as the same") {
  Run run({task("A")});
  const EffectId id = run.state().pending.begin()->first;
  Span before{0};
  for (int tries = 1; tries <= kTriesOfEffect; ++tries) {
    run.end<CreateWorktree>("A", kLock);
    CHECK(run.last.effects.empty());
    CHECK(run.state_of("A") == TaskState::Preparing);
    CHECK(run.why("A") == "waits to be tried again: index.lock exists");
    const std::optional<Time> wake = run.engine.next_wake();
    REQUIRE(wake);
    CHECK(*wake - run.now > before);
    before = *wake - run.now;
    run.pass(*wake - run.now - 1ms);
    CHECK(run.last.effects.empty());
    run.pass(1ms);
    REQUIRE(run.last.effects.size() == 1);
    CHECK(run.last.effects[0].first == id);
  }
  run.end<CreateWorktree>("A");
  CHECK(run.in_flight<StartAgent>("A") != nullptr);
  CHECK(run.why("A") == "starting");
}

TEST_CASE("news of a try that has ended already counts for nothing") {
  Run run({task("A")});
  run.end<CreateWorktree>("A", kLock);
  const State before = run.state();
  run.end<CreateWorktree>("A");
  CHECK(run.state().pending == before.pending);
  CHECK(run.state().tasks == before.tasks);
}

TEST_CASE("a full disk is waited for without end and looked at every few seconds") {
  Run run = at_work();
  run.exits("A", 0);
  for (int tries = 1; tries <= 5 * kTriesOfEffect; ++tries) {
    run.end<CollectWork>("A", kFull);
    CHECK(run.why("A") ==
          "waits for room on the disk: cannot copy the index: No space left on device");
    run.pass(kLongestWaitForSpace);
  }
  run.end<CollectWork>("A");
  CHECK(run.state_of("A") == TaskState::Landing);
  CHECK(run.told("task.trouble").size() == 1);
}

TEST_CASE("a restart goes by the pause and does not begin twice") {
  Run run({task("A")});
  run.end<CreateWorktree>("A", kLock);
  Engine restarted(run.state());
  CHECK(restarted.next_wake() == run.engine.next_wake());
  const Decision early = restarted.handle(ClockTicked{}, run.now);
  CHECK(early.effects.empty());
  const Decision due = restarted.handle(ClockTicked{}, *restarted.next_wake());
  CHECK(due.effects.size() == 1);
  CHECK_FALSE(restarted.next_wake().has_value());
}

TEST_CASE("`up` tries at once what is waited for") {
  Run run({task("A")});
  run.end<CreateWorktree>("A", kLock);
  run.handle(RunResumed{plain_rules(), {task("A")}, false});
  REQUIRE(run.last.effects.size() == 1);
  CHECK(name_of(run.last.effects[0].second) == "create_worktree");
}

TEST_CASE("`down` waits some seconds, and leaves the rest to the next `up`") {
  Run run = at_work();
  run.ask(Verb::Down);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A", kFull);
  CHECK(run.record().phase == RunPhase::Stopping);
  for (int tries = 1; tries <= kTriesWhileStopping; ++tries) {
    run.pass(10s);
    run.end<RescueWork>("A", kFull);
  }
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.engine.is_at_rest());
  CHECK_FALSE(run.engine.next_wake().has_value());
  CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
  run.handle(RunResumed{plain_rules(), {task("A")}, true});
  CHECK(run.last.effects.size() == 1);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Preparing);
}

TEST_CASE("`down` waits for nothing that the next `up` can do as well") {
  Run run = at_work();
  run.exits("A", 0);
  run.ask(Verb::Down);
  run.end<CollectWork>("A", kLock);
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.outbox() == std::vector<std::string>{"collect_work A"});
  run.handle(RunResumed{plain_rules(), {task("A")}, true});
  run.end<CollectWork>("A");
  CHECK(run.state_of("A") == TaskState::Landing);
}

TEST_CASE("what is waited for is withdrawn when its task is to end") {
  Run run = at_work();
  run.exits("A", 0);
  run.end<CollectWork>("A", kFull);
  run.ask(Verb::Abort, "A");
  CHECK(run.outbox() == std::vector<std::string>{"rescue_work A"});
  run.end<RescueWork>("A", kFull);
  CHECK(run.state_of("A") == TaskState::Saving);
  run.pass(10s);
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.why("A") == "aborted by you");
}

TEST_CASE("an abort whose work cannot be saved says where the work is") {
  Run run = at_work();
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.end<RescueWork>("A", NotDone{"the index is damaged", {}, false});
  CHECK(run.why("A") ==
        "aborted by you; its work could not be saved and is in worktree: the index is damaged");
}

TEST_CASE("a follower that waits stands in the way of nothing") {
  Rules rules = plain_rules();
  rules.follow = Follow::Landing;
  Run run({task("A"), task("B")}, rules);
  run.merge("A");
  run.end<FollowBase>({}, kLock);
  SECTION("not of the user's own commits") {
    run.handle(BaseMoved{CommitId{"theirs"}});
    CHECK(run.in_flight<FollowBase>() == nullptr);
    CHECK(run.in_flight<PrepareLanding>("") != nullptr);
  }
  SECTION("not of a newer tip") {
    run.merge("B");
    CHECK(run.effect<FollowBase>().target == CommitId{"candidate of B"});
    CHECK(run.outbox().size() == 3);
  }
}

TEST_CASE("a task that the system kept from going on is taken up again by `up`") {
  Run run = at_work();
  run.exits("A", 0);
  SECTION("while its work was looked at") {
    run.end_in_vain<CollectWork>("A", kLock);
    run.end<RescueWork>("A");
    REQUIRE(run.state_of("A") == TaskState::Blocked);
    run.handle(RunResumed{plain_rules(), {task("A")}, true});
    CHECK(run.outbox() == std::vector<std::string>{"collect_work A"});
  }
  SECTION("while it was landed") {
    run.end<CollectWork>("A");
    run.end_in_vain<PrepareLanding>("A", kLock);
    run.end<RescueWork>("A");
    REQUIRE(run.state_of("A") == TaskState::Blocked);
    run.handle(RunResumed{plain_rules(), {task("A")}, true});
    CHECK(run.outbox() == std::vector<std::string>{"prepare_landing A"});
  }
  SECTION("but not one that waits for an answer") {
    run.end<CollectWork>("A");
    run.end<PrepareLanding>("A", LandingConflicts{{"a.c"}});
    run.end<RescueWork>("A");
    run.handle(RunResumed{plain_rules(), {task("A")}, true});
    CHECK(run.state_of("A") == TaskState::Blocked);
  }
  CHECK(run.task("A").attempts == 1);
}

TEST_CASE("an end that nobody expects is a failure with a name") {
  Run run = at_work();
  run.exits("A", 0);
  run.end<CollectWork>("A", Landed{CommitId{"x"}});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "collect_work ended as landed, which is a mistake of tmux-orch's; "
        "then `tmux-orch merge A`");
}

TEST_CASE("whatever an effect ends as, its task goes on, ends or waits for the user") {
  // How often something ended as usual before the end that nobody expects.
  constexpr int kMostSteps = 16;
  for (int before = 0; before < kMostSteps; ++before) {
    for (const Outcome& outcome : every_outcome()) {
      Rules rules = plain_rules();
      rules.tested = rules.test_base = rules.write_back = true;
      rules.follow = Follow::Landing;
      Run run({task("A")}, rules);
      for (int step = 0; step < before; ++step)
        go_on(run, {});
      const std::string at = join(run.outbox(), ", ");
      go_on(run, outcome);
      for (int step = 0; step < 100; ++step)
        go_on(run, {});
      INFO(at << " ended as " << name_of(outcome) << ": " << run.why("A"));
      const TaskState state = run.state_of("A");
      const RunPhase phase = run.record().phase;
      const bool never_began = phase == RunPhase::BaseRed && state == TaskState::Waiting;
      CHECK((is_final(state) || state == TaskState::Blocked || never_began));
      CHECK((phase == RunPhase::Finished || phase == RunPhase::BaseRed ||
             run.record().waiting_for_user));
      CHECK(run.engine.is_at_rest());
    }
  }
}

TEST_CASE("a merge by hand of an attempt that never began lands all of its task") {
  Run run({task("A")});
  run.give_up("A");
  run.ask(Verb::Retry, "A");
  run.end<RescueWork>("A");
  run.ask(Verb::Abort, "A");
  run.end<CreateWorktree>("A");
  run.end<RescueWork>("A");
  REQUIRE(run.state_of("A") == TaskState::Aborted);
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.told("task.partly").empty());
}

TEST_CASE("what was done before the run has no commit that takes it back") {
  TaskSpec done = task("A");
  done.done = true;
  Run run({done, task("B")});
  run.ask(Verb::Abort, "A");
  CHECK(ui::sentence(run.last.refused) ==
        "A is ticked in the task file: this run has nothing of it to take back");
}
