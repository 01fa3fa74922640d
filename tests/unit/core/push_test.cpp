// What has landed goes to a remote.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules pushing(PushWhen when, bool command = false) {
  Rules rules = plain_rules();
  rules.follow = Follow::Never;
  rules.push = when;
  rules.push_remote = "origin";
  rules.push_command = command;
  return rules;
}

void merge(Run& run, const std::string& id) {
  run.merge(id);
  run.clean_up(id);
}

}  // namespace

TEST_CASE("nothing is pushed unless the user wants it, and nothing before a landing") {
  Run never({task("A")}, pushing(PushWhen::Never, true));
  merge(never, "A");
  CHECK(never.in_flight<PushBranch>() == nullptr);
  never.end<WriteReport>();
  CHECK(never.record().phase == RunPhase::Finished);

  Run run({task("A")}, pushing(PushWhen::Landing, true));
  run.ask(Verb::Abort, "A");
  CHECK(run.in_flight<PushBranch>() == nullptr);
  CHECK(run.in_flight<RunPushCommand>() == nullptr);
}

TEST_CASE("after landings the newest is pushed, one at a time, and the run's end waits for it") {
  Run run({task("A"), task("B"), task("C")}, pushing(PushWhen::Landing));
  merge(run, "A");
  CHECK(run.effect<PushBranch>().target == CommitId{"candidate of A"});
  merge(run, "B");
  merge(run, "C");
  CHECK(run.effect<PushBranch>().target == CommitId{"candidate of A"});
  run.end<PushBranch>();
  CHECK(run.effect<PushBranch>().target == CommitId{"candidate of C"});
  CHECK(run.in_flight<WriteReport>() == nullptr);
  run.end<PushBranch>();
  run.end<WriteReport>();
  CHECK(run.told("run.pushed") ==
        std::vector<std::string>(2, ": what has landed is pushed to origin"));
  CHECK(exit_status(run.state()) == 0);
}

TEST_CASE("what the user's branch has is pushed where it follows") {
  Rules rules = pushing(PushWhen::Landing);
  rules.follow = Follow::Landing;
  Run run({task("A")}, rules);
  run.merge("A");
  CHECK(run.in_flight<PushBranch>() == nullptr);
  run.end<FollowBase>();
  CHECK(run.in_flight<PushBranch>() != nullptr);
}

TEST_CASE("a push that is refused is tried again, then told, and again after the next landing") {
  Run run({task("A"), task("B")}, pushing(PushWhen::Landing));
  merge(run, "A");
  const NotDone refused{"rejected (fetch first)", "git push origin a:refs/heads/main", true};
  run.end_in_vain<PushBranch>({}, refused);
  CHECK(ui::sentence(run.record().push_why) ==
        "what has landed is not pushed to origin: rejected (fetch first)");
  CHECK(run.record().push_command == "git push origin a:refs/heads/main");
  CHECK(run.told("run.not-pushed").size() == 1);
  merge(run, "B");
  CHECK(run.effect<PushBranch>().target == CommitId{"candidate of B"});
  run.end<PushBranch>();
  CHECK(run.record().push_why.empty());
  run.end<WriteReport>();
}

TEST_CASE("one that waits to be tried again gives way to what has landed since") {
  Run run({task("A"), task("B")}, pushing(PushWhen::Landing));
  merge(run, "A");
  run.end<PushBranch>({}, NotDone{"no network", {}, true});
  merge(run, "B");
  CHECK(run.effect<PushBranch>().target == CommitId{"candidate of B"});
  run.end<PushBranch>();
  run.end<WriteReport>();
}

TEST_CASE("the next up tries it again") {
  Run run({task("A")}, pushing(PushWhen::End));
  merge(run, "A");
  run.end_in_vain<PushBranch>({}, NotDone{"no network", {}, true});
  run.end<WriteReport>();
  CHECK_FALSE(run.record().push_why.empty());
  SECTION("where it is wanted") {
    run.handle(RunResumed{pushing(PushWhen::End), {task("A")}});
    CHECK(run.in_flight<PushBranch>() != nullptr);
  }
  SECTION("and otherwise says no more of it") {
    run.handle(RunResumed{pushing(PushWhen::Never), {task("A")}});
    CHECK(run.in_flight<PushBranch>() == nullptr);
    CHECK(run.record().push_why.empty());
    CHECK(run.record().push_command.empty());
  }
}

TEST_CASE("a push that waits to be tried again is left to the next up by down") {
  Run run({task("A"), task("B")}, pushing(PushWhen::Landing));
  merge(run, "A");
  run.end<PushBranch>({}, NotDone{"no network", {}, true});
  CHECK(run.run_why().find("no network") != std::string::npos);
  run.ask(Verb::Down);
  CHECK(run.in_flight<PushBranch>() == nullptr);
}

TEST_CASE("another destination gets what has landed as well, and the command follows there") {
  Rules rules = pushing(PushWhen::End, true);
  rules.push_to = "origin main";
  Run run({task("A"), task("B")}, rules);
  merge(run, "A");
  merge(run, "B");
  CHECK(run.effect<PushBranch>().to == "origin main");
  run.end<PushBranch>();
  run.end<RunPushCommand>();
  run.end<WriteReport>();

  rules.push_to = "fork agents";
  run.handle(RunResumed{rules, {task("A"), task("B")}});
  const PushBranch& again = run.effect<PushBranch>();
  CHECK(again == PushBranch{CommitId{"candidate of B"}, "fork agents"});
  run.end<PushBranch>();
  CHECK(run.record().pushed_to == "fork agents");
  CHECK(run.effect<RunPushCommand>().to == "fork agents");
  run.end<RunPushCommand>();
  run.end<WriteReport>();

  run.handle(RunResumed{rules, {task("A"), task("B")}});
  CHECK(run.in_flight<PushBranch>() == nullptr);
  CHECK(run.in_flight<RunPushCommand>() == nullptr);
}

TEST_CASE("a command that down has ended is run again by the next up") {
  Run run({task("A")}, pushing(PushWhen::End, true));
  merge(run, "A");
  run.end<PushBranch>();
  run.ask(Verb::Down);
  CHECK(run.record().phase == RunPhase::Stopping);
  run.end<RunPushCommand>({}, NotDone{"it was ended by `tmux-orch down`", {}, true});
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.record().push_why.empty());
  run.handle(RunResumed{pushing(PushWhen::End, true), {task("A")}});
  CHECK(run.in_flight<RunPushCommand>() != nullptr);
}

TEST_CASE("the user's command is run once at the end, after all is pushed") {
  Run run({task("A"), task("B")}, pushing(PushWhen::End, true));
  merge(run, "A");
  CHECK(run.in_flight<PushBranch>() == nullptr);
  merge(run, "B");
  CHECK(run.in_flight<RunPushCommand>() == nullptr);
  SECTION("pushed") {
    run.end<PushBranch>();
    CHECK(run.effect<RunPushCommand>().target == CommitId{"candidate of B"});
    CHECK(run.in_flight<WriteReport>() == nullptr);
    SECTION("well") {
      run.end<RunPushCommand>();
      CHECK(run.told("run.pushed").back() == ": push.command has run");
    }
    SECTION("not well") {
      run.end<RunPushCommand>({}, NotDone{"gh exited with 1", "gh pr create"});
      CHECK(run.record().push_command == "gh pr create");
      CHECK(run.told("run.not-pushed") ==
            std::vector<std::string>{": push.command: gh exited with 1"});
    }
    run.end<WriteReport>();
    run.handle(RunResumed{pushing(PushWhen::End, true), {task("A"), task("B")}});
    CHECK(run.in_flight<RunPushCommand>() == nullptr);
  }
  SECTION("not begun before the run is stopped") {
    run.end<PushBranch>();
    run.end<RunPushCommand>({}, NotDone{"no process can be made", {}, true});
    run.ask(Verb::Down);
    CHECK(run.record().phase == RunPhase::Stopped);
    run.handle(RunResumed{pushing(PushWhen::End, true), {task("A"), task("B")}});
    run.end<RunPushCommand>();
    run.end<WriteReport>();
    return;
  }
  SECTION("not pushed") {
    run.end_in_vain<PushBranch>({}, NotDone{"no network", {}, true});
    CHECK(run.in_flight<RunPushCommand>() == nullptr);
  }
  run.end<WriteReport>();
  CHECK(run.record().phase == RunPhase::Finished);
}
