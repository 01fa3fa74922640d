// Agents that look at finished work before it takes its turn to land.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

Rules reviewed_rules() {
  Rules rules = plain_rules();
  rules.reviews = {{"style", false}, {"security", true}};
  rules.rounds = 1;
  return rules;
}

Run finished() {
  Run run({task("A"), task("B")}, reviewed_rules());
  run.start("A");
  run.finish("A");
  return run;
}

Reviewed says_block() {
  return {.verdict = Verdict::Block, .issues = {"a.c:3: no check", "no test"}, .log = "/log"};
}

const Reviewed kPass{.verdict = Verdict::Pass, .log = "/log"};

}  // namespace

TEST_CASE("work lands when each review has let it pass, and not before") {
  Run run = finished();
  CHECK(run.state_of("A") == TaskState::Queued);
  CHECK(run.why("A") == "the review style looks at it");
  CHECK(run.effect<ReviewWork>("A") == ReviewWork{TaskId{"A"}, 1, CommitId{"work of A"}, "style"});
  CHECK(run.in_flight<PrepareLanding>("A") == nullptr);
  run.end<ReviewWork>("A", Reviewed{.verdict = Verdict::Warn, .issues = {"long"}, .log = "/log"});
  CHECK(run.effect<ReviewWork>("A").review == "security");
  run.end<ReviewWork>("A", kPass);
  CHECK(run.told("task.reviewed") ==
        std::vector<std::string>{"A: the review style lets it pass, and warns: long",
                                 "A: the review security lets it pass"});
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("others land while one is being looked at") {
  Run run = finished();
  run.start("B");
  run.finish("B");
  run.end<ReviewWork>("B", kPass);
  run.end<ReviewWork>("B", kPass);
  run.land("B");
  CHECK(run.state_of("B") == TaskState::Merged);
  CHECK(run.state_of("A") == TaskState::Queued);
}

TEST_CASE("what a review blocks goes back to its agent, so often as anything does") {
  Run run = finished();
  run.end<ReviewWork>("A", says_block());
  CHECK(run.told("task.returned") ==
        std::vector<std::string>{"A: returned to its agent: the review style blocks it: a.c:3: no "
                                 "check; no test (log: /log)"});
  CHECK(run.record().gate_blocks == 1);
  run.end<RescueWork>("A");
  run.start("A");
  run.finish("A");
  // All of them look at what it is now.
  CHECK(run.effect<ReviewWork>("A").review == "style");
  run.end<ReviewWork>("A", says_block());
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);
}

TEST_CASE("an agent that waits in its window is told there") {
  Rules rules = reviewed_rules();
  rules.agent = "talker";
  rules.agents["talker"].seen = true;
  Run run({task("A")}, rules);
  run.start("A");
  run.finish("A");
  run.end<ReviewWork>("A", says_block());
  CHECK(run.effect<ReturnWork>("A").why.kind == ReasonKind::ReviewBlocks);
  CHECK(run.in_flight<ReviewWork>("A") == nullptr);
  run.end<ReturnWork>("A", WorkReturned{"mend it"});
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("without a verdict the user decides, or it is only told") {
  Run run = finished();
  run.end<ReviewWork>("A", Reviewed{.why = "it exited with 1 (log: /log)"});
  run.end<ReviewWork>("A", Reviewed{.why = "it took longer than 10m"});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A") ==
        "the review security gave no verdict: it took longer than 10m; `tmux-orch merge A` lands "
        "it without one, `tmux-orch retry A` does it again");
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  CHECK(run.in_flight<ReviewWork>("A") == nullptr);
  run.land("A");
  CHECK(run.state_of("A") == TaskState::Merged);
}

TEST_CASE("a verdict on what is not to land any more counts for nothing") {
  Run run = finished();
  run.ask(Verb::Abort, "A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Aborted);
  run.end<ReviewWork>("A", says_block());
  CHECK(run.state_of("A") == TaskState::Aborted);
  CHECK(run.record().gate_blocks == 0);
}

TEST_CASE("a run that is stopped does not wait for a review, and asks for it again") {
  Run run = finished();
  run.ask(Verb::Down);
  run.end<ReviewWork>("A", NotDone{.why = "stopped", .transient = true});
  run.handle(RunResumed{.rules = reviewed_rules(), .tasks = {task("A"), task("B")}});
  CHECK(run.effect<ReviewWork>("A").review == "style");
}
