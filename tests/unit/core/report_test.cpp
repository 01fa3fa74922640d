// What agents say, early, twice or too late.
#include "run.hpp"

#include <limits>

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kA{"A"};

/// A task that says when it is done, at work.
Run talking(Rules rules = plain_rules()) {
  Run run({task_by("A", "talker"), task("B", {"A"})}, std::move(rules));
  run.start("A");
  return run;
}

}  // namespace

TEST_CASE("an agent that says done and changed nothing has failed, unless it says so") {
  Run run = talking();
  AgentReported done{.id = "r", .task = kA, .attempt = 1, .kind = ReportKind::Done};
  SECTION("failed") {
    run.handle(done);
    run.end<CollectWork>("A", WorkCollected{CommitId{"start"}, false, {}});
    CHECK(run.in_flight<StopAgent>("A") != nullptr);
    CHECK(run.task("A").failures == 1);
  }
  SECTION("with done --no-changes it is merged") {
    done.no_changes = true;
    run.handle(done);
    run.end<CollectWork>("A", WorkCollected{CommitId{"start"}, false, {}});
    run.land("A");
    CHECK(run.state_of("A") == TaskState::Merged);
    CHECK(run.why("A") == "nothing had to change");
    CHECK_FALSE(run.task("A").changed);
  }
}

TEST_CASE("done frees the worker and freezes what was committed") {
  Run run = talking();
  run.says("A", ReportKind::Done, "it works");
  CHECK(run.task("A").worker == 0);
  const CollectWork& collect = run.effect<CollectWork>("A");
  CHECK(collect.reported == CommitId{"head"});
  CHECK_FALSE(collect.commit);
  run.end<CollectWork>("A");
  CHECK(run.told("task.done") == std::vector<std::string>{"A: done: it works"});
}

TEST_CASE("what an agent adds before its landing begins is looked at again") {
  Run run = talking();
  run.says("A", ReportKind::Done);
  AgentReported more{.id = "more", .task = kA, .attempt = 1, .kind = ReportKind::Done};
  more.head.value = "newer";
  SECTION("while it is looked at") {
    run.handle(more);
    run.end<CollectWork>("A");
  }
  SECTION("while it waits to land") {
    run.ask(Verb::Hold, "A");
    run.end<CollectWork>("A");
    CHECK(run.state_of("A") == TaskState::Queued);
    run.handle(more);
  }
  REQUIRE(run.in_flight<CollectWork>("A") != nullptr);
  CHECK(run.effect<CollectWork>("A").reported == CommitId{"newer"});
}

TEST_CASE("an agent may be heard of before its start is confirmed") {
  Run run({task_by("A", "talker")});
  run.end<CreateWorktree>("A");
  SECTION("done") {
    run.says("A", ReportKind::Done);
    CHECK(run.in_flight<CollectWork>("A") == nullptr);
    run.end<StartAgent>("A");
    CHECK(run.effect<CollectWork>("A").reported == CommitId{"head"});
  }
  SECTION("done and gone") {
    run.says("A", ReportKind::Done);
    run.exits("A", 0);
    run.end<StartAgent>("A");
    CHECK(run.state_of("A") == TaskState::Checking);
    CHECK(run.task("A").failures == 0);
  }
  SECTION("blocked") {
    run.says("A", ReportKind::Blocked, "no key");
    run.end<StartAgent>("A");
    CHECK(run.state_of("A") == TaskState::Blocked);
    CHECK_FALSE(run.agent("A").busy_since.has_value());
  }
  SECTION("ended badly") {
    run.exits("A", 3);
    run.end<StartAgent>("A");
    CHECK(run.task("A").ending == Ending::Failed);
    CHECK(run.task("A").failures == 1);
  }
}

TEST_CASE("a script may end well before its start is confirmed") {
  Run run({task("A")});
  run.end<CreateWorktree>("A");
  run.exits("A", 0);
  CHECK(run.state_of("A") == TaskState::Running);
  run.end<StartAgent>("A");
  CHECK(run.state_of("A") == TaskState::Checking);
}

TEST_CASE("a blocked agent frees its worker and goes on where the user helps") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task_by("A", "talker"), task("B")}, rules);
  run.start("A");
  run.says("A", ReportKind::Blocked, "no key for the service");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") == "no key for the service");
  CHECK(run.state_of("B") == TaskState::Preparing);

  SECTION("it goes on beside the others, and lands") {
    run.ask(Verb::Release, "A");
    CHECK(run.state_of("A") == TaskState::Running);
    CHECK(run.task("A").worker == 0);
    run.finish("A");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
  SECTION("it may say itself that it is done") {
    run.finish("A");
    CHECK(run.state_of("A") == TaskState::Landing);
  }
  SECTION("one that has ended meanwhile is started again, told why") {
    run.exits("A", 0);
    CHECK(run.state_of("A") == TaskState::Blocked);
    run.ask(Verb::Retry, "A");
    run.end<RescueWork>("A");
    run.start("B");
    run.finish("B");
    run.end<CreateWorktree>("A");
    CHECK(ui::sentence(run.effect<StartAgent>("A").last_failure) == "no key for the service");
  }
}

TEST_CASE("a released agent has a worker again if there is one") {
  Run run({task_by("A", "talker"), task("B")});
  run.start("A");
  run.says("A", ReportKind::Blocked, "no key");
  run.ask(Verb::Release, "A");
  CHECK(run.task("A").worker != 0);
  CHECK(run.task("A").worker == 1);
}

TEST_CASE("what comes too late is ignored") {
  Run run = talking();
  const TaskRecord before = run.task("A");
  SECTION("an effect that has ended") {
    run.handle(EffectEnded{1, NotDone{"late", {}, false}});
  }
  SECTION("an effect that never was") {
    run.handle(EffectEnded{99, Done{}});
  }
  SECTION("an exit of another attempt") {
    run.handle(AgentExited{kA, 7, ExitKind::Code, 1, {}});
  }
  SECTION("a report of another attempt") {
    run.handle(AgentReported{.id = "x", .task = kA, .attempt = 7, .kind = ReportKind::Done});
  }
  SECTION("news of a task that is not there") {
    run.handle(AgentExited{TaskId{"Z"}, 1, ExitKind::Code, 1, {}});
    run.handle(AgentReported{.id = "x", .task = TaskId{"Z"}, .attempt = 1});
  }
  CHECK(run.task("A") == before);
  CHECK(run.last.changed.empty());
  CHECK(run.last.effects.empty());
  CHECK(run.last.ended.empty());
}

TEST_CASE("a report counts once by its id") {
  Run run = talking();
  run.says("A", ReportKind::Notify, "half of it", "n1");
  run.says("A", ReportKind::Notify, "half of it", "n1");
  CHECK(run.told("task.notified").size() == 1);
  run.says("A", ReportKind::Blocked, "no key", "b1");
  run.ask(Verb::Release, "A");
  run.says("A", ReportKind::Blocked, "no key", "b1");
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("progress is kept between 0 and 1 and ends with the work") {
  Run run = talking();
  AgentReported report{.id = "1", .task = kA, .attempt = 1, .kind = ReportKind::Progress};
  const auto after = [&](double progress) {
    report.id += "1";
    report.progress = progress;
    run.handle(report);
    return run.task("A").progress;
  };
  CHECK(after(0.25) == 0.25);
  CHECK(after(7) == 1.0);
  CHECK(after(-7) == 0.0);
  CHECK(after(std::numeric_limits<double>::quiet_NaN()) == 0.0);
  run.finish("A");
  run.land("A");
  CHECK(run.task("A").progress == 1.0);
  CHECK(after(0.5) == 1.0);
}
