// Several candidates side by side: which are tested, which land, and who is to blame.
#include "core/train.hpp"

#include "run.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace orch;
using namespace orch::test;
using enum LandingState;

namespace {

using Places = std::vector<std::size_t>;
using train::Knowledge;

Knowledge all_ready(std::size_t count) {
  return Knowledge(count, Ready);
}

Rules train_rules(int parallel) {
  Rules rules = plain_rules();
  rules.tested = true;
  rules.test_base = false;
  rules.workers = 30;
  rules.parallel = parallel;
  return rules;
}

/// Finished tasks, the first one being merged.
Run queue_of(const std::vector<std::string>& ids, const Rules& rules) {
  std::vector<TaskSpec> tasks;
  for (const std::string& id : ids)
    tasks.push_back(task(id));
  Run run(tasks, rules);
  for (const std::string& id : ids)
    run.start(id);
  for (const std::string& id : ids)
    run.finish(id);
  return run;
}

void prepare(Run& run, const std::string& id) {
  run.end<PrepareLanding>(id, LandingPrepared{CommitId{"candidate of " + id}});
}

/// All of them merged on one another and being tested.
Run train_of(const std::vector<std::string>& ids, const Rules& rules) {
  Run run = queue_of(ids, rules);
  for (const std::string& id : ids)
    prepare(run, id);
  return run;
}

void passes(Run& run, const std::string& id) {
  run.end<TestLanding>(id);
}

void fails(Run& run, const std::string& id) {
  run.end<TestLanding>(id, Tested{false, "exited with 1", "/log"});
}

void lands(Run& run, const std::string& id) {
  run.end<Land>(id, Landed{run.effect<Land>(id).candidate});
}

}  // namespace

TEST_CASE("a train that is no longer than the tests is tested as a whole") {
  CHECK(train::to_test(all_ready(3), 3, 4, false) == Places{0, 1, 2});
  CHECK(train::to_test(all_ready(4), 4, 4, false) == Places{0, 1, 2, 3});
}

TEST_CASE("the tests of a longer train are spread over it") {
  CHECK(train::to_test(all_ready(20), 20, 4, false) == Places{4, 9, 14, 19});
  CHECK(train::to_test(all_ready(20), 20, 2, false) == Places{9, 19});
  CHECK(train::to_test(all_ready(5), 5, 2, false) == Places{2, 4});
}

TEST_CASE("what is not merged yet is tested as soon as it is") {
  CHECK(train::to_test(all_ready(6), 20, 4, false) == Places{4});
  Knowledge known = all_ready(10);
  known[4] = Testing;
  CHECK(train::to_test(known, 20, 3, false) == Places{9});
}

TEST_CASE("those before a red one are parted evenly") {
  Knowledge known = all_ready(20);
  known[9] = Red;
  CHECK(train::to_test(known, 20, 2, false) == Places{2, 5});
  CHECK(train::to_test(known, 20, 9, false) == Places{0, 1, 2, 3, 4, 5, 6, 7, 8});
  known[5] = Testing;
  CHECK(train::to_test(known, 20, 2, false).empty());
  known[5] = Green;
  CHECK(train::to_test(known, 20, 1, false) == Places{7});
}

TEST_CASE("nothing behind a first one that is red is tested") {
  CHECK(train::to_test({Red, Ready}, 2, 4, false).empty());
  CHECK(train::to_test({Red, Ready}, 2, 4, true).empty());
}

TEST_CASE("where each has to pass, the first ones are tested first") {
  CHECK(train::to_test(all_ready(4), 4, 2, true) == Places{0, 1});
  CHECK(train::to_test({Testing, Ready, Ready}, 3, 1, true) == Places{1});
}

TEST_CASE("a green one lands by itself or with those before it") {
  CHECK(train::to_land({Green, Green, Testing}, false) == 1);
  CHECK(train::to_land({Red, Green, Testing}, false) == 2);
  CHECK(train::to_land({Ready, Ready, Green, Ready, Green}, false) == 3);
  CHECK(train::to_land({Testing, Green}, false) == 0);
  CHECK(train::to_land({Moving, Green}, false) == 0);
  CHECK(train::to_land({Red, Green}, true) == 0);
  CHECK(train::to_land({}, false) == 0);
}

TEST_CASE("the first one is to blame when nothing behind it can pass") {
  CHECK(train::blames_first({Red, Red, Ready}, false));
  CHECK_FALSE(train::blames_first({Red, Testing}, false));
  CHECK_FALSE(train::blames_first({Red, Green}, false));
  CHECK_FALSE(train::blames_first({Testing, Red}, false));
  CHECK(train::blames_first({Red, Testing}, true));
}

TEST_CASE("queued tasks are merged on one another and tested side by side") {
  Run run = queue_of({"A", "B", "C"}, train_rules(4));
  CHECK(run.effect<PrepareLanding>("A").onto == CommitId{"base"});
  prepare(run, "A");
  CHECK(run.effect<TestLanding>("A").runs == 1);
  CHECK_FALSE(run.effect<TestLanding>("A").verdict);
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of A"});
  prepare(run, "B");
  prepare(run, "C");
  CHECK(run.outbox() ==
        std::vector<std::string>{"test_landing A", "test_landing B", "test_landing C"});
}

TEST_CASE("those that pass land one after the other, as they were tested") {
  Run run = train_of({"A", "B"}, train_rules(2));
  passes(run, "B");
  CHECK(run.in_flight<Land>("B") == nullptr);
  passes(run, "A");
  CHECK(run.last.durable);
  CHECK(run.effect<Land>("A").with.empty());
  lands(run, "A");
  CHECK(run.effect<Land>("B") == Land{.task = TaskId{"B"},
                                      .landing = 1,
                                      .candidate = CommitId{"candidate of B"},
                                      .onto = CommitId{"candidate of A"}});
  lands(run, "B");
  CHECK(run.told("task.merged") == std::vector<std::string>{"A: merged", "B: merged"});
}

TEST_CASE("a red one lands with a longer one that passes, as one commit") {
  Run run = train_of({"A", "B", "C"}, train_rules(4));
  fails(run, "A");
  CHECK(run.state_of("A") == TaskState::Landing);
  passes(run, "B");
  CHECK(run.effect<Land>("B").with == std::vector<TaskId>{TaskId{"A"}});
  run.ask(Verb::Abort, "A");
  CHECK(run.last.refused.kind == RefusalKind::AtTheBranch);
  passes(run, "C");
  run.end<Land>("B", Landed{CommitId{"both"}});
  CHECK(run.state_of("A") == TaskState::Merged);
  CHECK(run.state_of("B") == TaskState::Merged);
  CHECK(run.task("A").merged == CommitId{"candidate of A"});
  // Made on the candidate of B, whose tree the tip has.
  CHECK(run.effect<Land>("C").onto == CommitId{"both"});
  CHECK(run.effect<Land>("C").remake);
  run.end<Land>("C", Landed{CommitId{"all"}});
  CHECK(run.task("C").merged == CommitId{"all"});
  CHECK(run.record().integration == CommitId{"all"});
}

TEST_CASE("who is red behind what has landed is tested once more for itself") {
  Run run = train_of({"A", "B", "C"}, train_rules(4));
  fails(run, "C");
  fails(run, "B");
  CHECK(run.in_flight<Land>("A") == nullptr);
  passes(run, "A");
  lands(run, "A");
  const TestLanding& judged = run.effect<TestLanding>("B");
  CHECK(judged.verdict);
  CHECK(judged.runs == 1);
  CHECK(judged.onto == CommitId{"candidate of A"});
  // The others go on without it.
  CHECK(run.effect<PrepareLanding>("C").onto == CommitId{"candidate of A"});
  CHECK(run.record().train == kLongestTrain / 2);
  prepare(run, "C");

  SECTION("red again, it is its own fault") {
    fails(run, "B");
    run.end<RescueWork>("B");
    CHECK(run.state_of("B") == TaskState::Failed);
    CHECK(run.record().test_failures == 1);
    CHECK(run.record().flaky_tests == 0);
  }
  SECTION("green after all, it lands behind the others") {
    passes(run, "B");
    CHECK(run.record().flaky_tests == 1);
    CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of C"});
  }
  passes(run, "C");
  lands(run, "C");
  CHECK(run.state_of("C") == TaskState::Merged);
}

TEST_CASE("who is green when it is judged lands at once where nobody else does") {
  Run run = train_of({"A"}, train_rules(2));
  fails(run, "A");
  CHECK(run.effect<TestLanding>("A").verdict);
  run.end<TestLanding>("A", Tested{.passed = true, .flaky = "make check exited with 2"});
  lands(run, "A");
  CHECK(run.told("tests.flaky").size() == 1);
  CHECK(run.record().flaky_tests == 1);
}

TEST_CASE("red of this very landing counts, also where the user has it tried again") {
  Run run = train_of({"A"}, train_rules(2));
  fails(run, "A");
  fails(run, "A");
  run.end<RescueWork>("A");
  REQUIRE(run.state_of("A") == TaskState::Failed);
  run.ask(Verb::Merge, "A");
  run.end<CollectWork>("A");
  prepare(run, "A");
  CHECK(run.effect<TestLanding>("A").anew);
  fails(run, "A");
  CHECK(run.effect<TestLanding>("A").verdict);
  CHECK_FALSE(run.effect<TestLanding>("A").anew);
}

TEST_CASE("a base that fails its tests is not the fault of who is judged") {
  Run run = train_of({"A"}, train_rules(2));
  fails(run, "A");
  run.end<TestLanding>("A", Tested{.why = "exited with 1", .base_fails = true});
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
}

TEST_CASE("what conflicts with what has not landed waits for that") {
  Run run = queue_of({"A", "B", "C"}, train_rules(4));
  prepare(run, "A");
  run.end<PrepareLanding>("B", LandingConflicts{{"a.c"}});
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"base"});

  SECTION("it merges with what has landed: whether it does with A is seen when A has landed") {
    prepare(run, "B");
    CHECK(run.state_of("B") == TaskState::Landing);
    CHECK(run.effect<PrepareLanding>("C").onto == CommitId{"candidate of A"});
    passes(run, "A");
    prepare(run, "C");
    lands(run, "A");
    CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of C"});
    run.end<PrepareLanding>("B", LandingConflicts{{"a.c"}});
    CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of A"});
    run.end<PrepareLanding>("B", LandingConflicts{{"a.c"}});
    run.end<RescueWork>("B");
    CHECK(run.state_of("B") == TaskState::Blocked);
  }
  SECTION("it does not even merge with what has landed") {
    run.end<PrepareLanding>("B", LandingConflicts{{"a.c"}});
    run.end<RescueWork>("B");
    CHECK(run.state_of("B") == TaskState::Blocked);
  }
  SECTION("what it conflicts with does not land") {
    prepare(run, "B");
    run.end<PrepareLanding>("C", LandingConflicts{{"a.c"}});
    prepare(run, "C");
    fails(run, "A");
    // Both fit on the tip; the second one only if the first one does not land either.
    CHECK_FALSE(run.effect<TestLanding>("B").verdict);
    passes(run, "B");
    lands(run, "B");
    CHECK(run.effect<PrepareLanding>("C").onto == CommitId{"candidate of B"});
  }
}

TEST_CASE("those behind one that is held or given up begin anew") {
  Run run = train_of({"A", "B", "C"}, train_rules(4));
  passes(run, "B");
  run.ask(GENERATE(Verb::Hold, Verb::Abort), "A");
  CHECK(run.in_flight<Land>("B") == nullptr);
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"base"});
  prepare(run, "B");
  passes(run, "C");
  CHECK(run.effect<PrepareLanding>("C").onto == CommitId{"candidate of B"});
  passes(run, "A");
  CHECK(run.state_of("A") != TaskState::Landing);
  CHECK(run.record().integration == CommitId{"base"});
}

TEST_CASE("the train begins anew on a branch that somebody has moved") {
  Run run = train_of({"A", "B"}, train_rules(2));
  passes(run, "A");
  passes(run, "B");
  run.end<Land>("A", BranchMoved{CommitId{"elsewhere"}});
  CHECK(run.effect<PrepareLanding>("A").onto == CommitId{"elsewhere"});
  prepare(run, "A");
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"candidate of A"});
  CHECK(run.effect<TestLanding>("A").landing == 2);
}

TEST_CASE("the user's own commits wait for the train, and nobody joins before them") {
  Run run = queue_of({"A", "B"}, train_rules(2));
  run.handle(BaseMoved{CommitId{"theirs"}});
  prepare(run, "A");
  CHECK(run.in_flight<PrepareLanding>("B") == nullptr);
  passes(run, "A");
  lands(run, "A");
  CHECK(run.effect<PrepareLanding>("").work == CommitId{"theirs"});
  CHECK(run.in_flight<PrepareLanding>("B") == nullptr);
  run.end<PrepareLanding>("", LandingPrepared{CommitId{"both"}});
  run.end<TestLanding>("");
  run.end<Land>("", Landed{CommitId{"both"}});
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"both"});
}

TEST_CASE("a run that stops lands nothing more, and goes on where it was") {
  Run run = train_of({"A", "B"}, train_rules(2));
  passes(run, "B");
  run.ask(Verb::Down);
  passes(run, "A");
  CHECK(run.record().phase == RunPhase::Stopped);
  CHECK(run.record().landings.empty());
  CHECK(run.state_of("B") == TaskState::Queued);
  run.handle(RunResumed{train_rules(2), {task("A"), task("B")}});
  CHECK(run.effect<PrepareLanding>("A").landing == 2);
}

TEST_CASE("a train goes to its end when the user wants one at a time from then on") {
  Run run = train_of({"A", "B"}, train_rules(2));
  run.handle(RunResumed{train_rules(1), {task("A"), task("B")}});
  fails(run, "A");
  fails(run, "B");
  fails(run, "A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Failed);
  run.land("B");
  CHECK(run.state_of("B") == TaskState::Merged);
}

TEST_CASE("where each commit is to pass, none lands with another") {
  Rules rules = train_rules(2);
  rules.in_order = true;
  Run run = train_of({"A", "B"}, rules);
  passes(run, "B");
  fails(run, "A");
  CHECK(run.in_flight<Land>("B") == nullptr);
  CHECK(run.effect<TestLanding>("A").verdict);
  CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"base"});
}

TEST_CASE("a step that is tried again makes room for the next one at once") {
  Run run = train_of({"A", "B"}, train_rules(2));
  passes(run, "A");
  run.end<Land>("A", NotDone{"index.lock exists", {}, true});
  run.end<TestLanding>("B", NotDone{"no room", {}, true});
  run.pass(1h);
  CHECK(run.in_flight<Land>("A") != nullptr);
  CHECK(run.in_flight<TestLanding>("B") != nullptr);
  CHECK(run.engine.next_wake().value_or(run.now + 1s) > run.now);
}

TEST_CASE("a lock in the way of several that land as one is waited for") {
  Run run = train_of({"A", "B"}, train_rules(4));
  fails(run, "A");
  passes(run, "B");
  run.end<Land>("B", NotDone{"index.lock exists", {}, true});
  CHECK(run.state_of("A") == TaskState::Queued);
  CHECK(run.in_flight<PrepareLanding>("A") == nullptr);
  run.ask(Verb::Abort, "A");
  CHECK(run.last.refused.kind == RefusalKind::AtTheBranch);

  SECTION("until it is gone") {
    run.pass(2s);
    CHECK(run.state_of("A") == TaskState::Landing);
    run.end<Land>("B", Landed{CommitId{"both"}});
    CHECK(run.state_of("A") == TaskState::Merged);
  }
  SECTION("or one of them is held") {
    run.ask(Verb::Hold, "A");
    CHECK(run.in_flight<Land>("B") == nullptr);
    CHECK(run.effect<PrepareLanding>("B").onto == CommitId{"base"});
  }
  SECTION("or for so long that the user is asked") {
    run.pass(2s);
    run.end<Land>("B", NotDone{"no", {}, false});
    CHECK(run.effect<PrepareLanding>("A").landing == 2);
    run.end<RescueWork>("B");
    CHECK(run.state_of("B") == TaskState::Blocked);
  }
}

namespace {

/// Tests that take a fixed time, and all else none.
class Clockwork {
 public:
  Clockwork(int tasks, int parallel, std::set<int> culprits)
      : run_(queue_of(names(tasks), train_rules(parallel))), culprits_(std::move(culprits)) {}

  /// After how many times of the tests all others have landed.
  int gate_times() {
    settle();
    int times = 0;
    while (!all_others_landed() && times < 50) {
      std::vector<std::pair<EffectId, TestLanding>> ending;
      for (const auto& [id, entry] : run_.state().pending)
        if (const auto* test = std::get_if<TestLanding>(&entry.effect))
          ending.emplace_back(id, *test);
      for (const auto& [id, test] : ending)
        run_.handle(EffectEnded{id, Tested{passes(test.candidate), "red", "log"}});
      settle();
      ++times;
    }
    return times;
  }

 private:
  static std::vector<std::string> names(int tasks) {
    std::vector<std::string> names;
    for (int number = 1; number <= tasks; ++number)
      names.push_back("T" + std::to_string(number));
    return names;
  }

  bool passes(const CommitId& candidate) const {
    return std::ranges::none_of(work_.at(candidate),
                                [this](int number) { return culprits_.contains(number); });
  }

  bool all_others_landed() const {
    return std::ranges::all_of(run_.state().tasks, [this](const TaskRecord& task) {
      return culprits_.contains(std::stoi(task.id().value.substr(1))) ||
             task.state == TaskState::Merged;
    });
  }

  Outcome done(const PrepareLanding& effect) {
    CommitId candidate{"c" + std::to_string(++commits_)};
    std::set<int> work = work_[effect.onto];
    work.insert(std::stoi(effect.task.value.substr(1)));
    work_[candidate] = std::move(work);
    return LandingPrepared{std::move(candidate)};
  }

  Outcome done(const Land& effect) {
    if (effect.with.empty() && !effect.remake) return Landed{effect.candidate};
    const CommitId commit{"c" + std::to_string(++commits_)};
    work_[commit] = work_[effect.candidate];
    return Landed{commit};
  }

  /// All that takes no time.
  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const auto& [id, entry] : run_.state().pending) {
        const auto* prepare = std::get_if<PrepareLanding>(&entry.effect);
        const auto* land = std::get_if<Land>(&entry.effect);
        if (prepare == nullptr && land == nullptr) continue;
        const Outcome outcome = prepare != nullptr ? done(*prepare) : done(*land);
        run_.handle(EffectEnded{id, outcome});
        moved = true;
        break;
      }
    }
  }

  Run run_;
  std::set<int> culprits_;
  std::map<CommitId, std::set<int>> work_;
  int commits_ = 0;
};

}  // namespace

TEST_CASE("what is merged again while another one lands comes behind that") {
  Rules rules = train_rules(2);
  rules.tested = false;
  Run run = queue_of({"A", "B"}, rules);
  run.end<PrepareLanding>("A", NotDone{.why = "a lock", .transient = true});
  // It changes nothing, so that both stand on the same commit.
  run.end<PrepareLanding>("B", LandingPrepared{run.record().integration});
  REQUIRE(run.in_flight<Land>("B") != nullptr);
  run.pass(10min);
  prepare(run, "A");
  CHECK(run.in_flight<Land>("A") == nullptr);
  lands(run, "B");
  CHECK(run.in_flight<Land>("A") != nullptr);
}

TEST_CASE("without a culprit all land after one time of the tests") {
  CHECK(Clockwork(8, 8, {}).gate_times() == 1);
  CHECK(Clockwork(16, 16, {}).gate_times() == 1);
  CHECK(Clockwork(20, 4, {}).gate_times() == 1);
  CHECK(Clockwork(3, 1, {}).gate_times() == 3);
}

TEST_CASE("of twenty with one culprit the others have landed after five times of the tests") {
  const int parallel = GENERATE(2, 3, 4);
  int worst = 0;
  for (int culprit = 1; culprit <= 20; ++culprit)
    worst = std::max(worst, Clockwork(20, parallel, {culprit}).gate_times());
  CAPTURE(parallel);
  CHECK(worst <= 5);
}

TEST_CASE("with many culprits it is still faster than one at a time") {
  std::set<int> culprits;
  for (int number = 1; number <= 20; number += 3)
    culprits.insert(number);
  // There what is red is run twice at once.
  const int alone = Clockwork(20, 1, culprits).gate_times() + static_cast<int>(culprits.size());
  CHECK(Clockwork(20, 4, culprits).gate_times() < alone);
  CHECK(Clockwork(20, 2, culprits).gate_times() < alone);
}
