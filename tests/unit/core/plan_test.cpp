// Plans: ids, cycles, what files imply, and ranks.
#include "orch/core/plan.hpp"

#include "catch.hpp"
#include "specs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace orch;

namespace {

TaskSpec with_files(TaskSpec made, const std::vector<std::string>& creates,
                    const std::vector<std::string>& others = {}) {
  made.creates = creates;
  made.files = creates;
  made.files.insert(made.files.end(), others.begin(), others.end());
  return made;
}

TaskSpec done(TaskSpec made) {
  made.done = true;
  return made;
}

Plan plan_of(std::vector<TaskSpec> tasks) {
  int line = 0;
  for (TaskSpec& one : tasks)
    one.line = line += 10;
  return make_plan(tasks);
}

const PlannedTask& at(const Plan& plan, const std::string& id) {
  const PlannedTask* found = plan.find({id});
  REQUIRE(found != nullptr);
  return *found;
}

std::vector<std::string> pairs(const Plan& plan) {
  std::vector<std::string> found;
  for (const Overlap& overlap : plan.overlaps)
    found.push_back(fmt::format("{} {}: {}", overlap.first.value, overlap.second.value,
                                fmt::join(overlap.files, " ")));
  return found;
}

std::vector<std::string> implied(const Plan& plan, const std::string& id) {
  std::vector<std::string> found;
  for (const auto& [needed, why] : at(plan, id).implicit_depends)
    found.push_back(why);
  return found;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("groups are layers and chains are what is left behind a task") {
  const Plan plan = plan_of({task("A"), task("B", {"A"}), task("C", {"A"}), task("D", {"B", "C"}),
                             task("E", {"D"}), task("F")});
  CHECK(plan.problems.empty());
  CHECK(at(plan, "A").group == 1);
  CHECK(at(plan, "A").chain == 4);
  CHECK(at(plan, "B").group == 2);
  CHECK(at(plan, "D").group == 3);
  CHECK(at(plan, "E").group == 4);
  CHECK(at(plan, "E").chain == 1);
  CHECK(at(plan, "F").group == 1);
  CHECK(at(plan, "F").chain == 1);
}

TEST_CASE("what is done holds nobody up") {
  const Plan plan = plan_of({done(task("A")), task("B", {"A"}), done(task("C", {"B"}))});
  CHECK(at(plan, "A").group == 0);
  CHECK(at(plan, "A").chain == 0);
  CHECK(at(plan, "B").group == 1);
  CHECK(at(plan, "B").chain == 1);
  CHECK(plan_of({done(task("A", {"B"})), task("B", {"A"})}).problems.empty());
}

TEST_CASE("ids are found in any case, exact ones first") {
  const Plan plan = plan_of({task("t1"), task("T1"), task("api"), task("x", {"T1", "API", "api"})});
  CHECK(plan.problems.empty());
  CHECK(at(plan, "x").spec.depends == std::vector<TaskId>{{"T1"}, {"api"}});
}

TEST_CASE("of a folder the file of a task with an unknown need is named") {
  TaskSpec own = task("x", {"y"});
  own.file = "x.md";
  CHECK(plan_of({own}).problems.at(0).message.starts_with("x.md: x depends on 'y'"));
}

TEST_CASE("an id that is no task is a warning with the nearest one, and is not waited for") {
  const Plan plan = plan_of({task("parser"), task("x", {"prser", "zzzzzz"})});
  REQUIRE(plan.problems.size() == 2);
  CHECK_FALSE(plan.has_errors());
  CHECK(plan.problems[0].severity == Severity::Warning);
  CHECK(plan.problems[0].line == 20);
  CHECK(plan.problems[0].message ==
        "x depends on 'prser', which is no task here: it does not wait for it");
  CHECK(at(plan, "x").group == 1);
  CHECK(plan.problems[0].hint == "did you mean 'parser'?");
  CHECK(plan.problems[1].hint == "name a task of this file, or take the dependency out");
}

TEST_CASE("an edit that brings a dependency on no task is refused, and one that was there is not") {
  const std::vector<TaskSpec> known = {task("A"), task("B", {"F-6"})};
  CHECK_FALSE(refusal_of(plan_of({task("A"), task("B", {"F-6"}), task("C", {"A"})}), known));
  const Plan slip = plan_of({task("A", {"Z"}), task("B", {"F-6"})});
  REQUIRE(refusal_of(slip, known));
  CHECK(refusal_of(slip, known)->message == "A depends on 'Z', which is no task");
  CHECK(refusal_of(slip, known)->line == 10);
  CHECK(refusal_of(plan_of({task("A", {"B"}), task("B", {"A"})}), known));
}

TEST_CASE("two tasks of one name and a task that needs itself are errors") {
  const Plan twice = plan_of({task("A"), task("A"), task("B", {"A"})});
  REQUIRE(twice.problems.size() == 1);
  CHECK(twice.problems[0].message == "two tasks are called 'A': lines 10 and 20");
  const Plan self = plan_of({task("A", {"a"})});
  REQUIRE(self.problems.size() == 1);
  CHECK(self.problems[0].message == "A depends on itself");
  CHECK(self.problems[0].line == 10);
}

TEST_CASE("a cycle is an error that names its members in order") {
  const Plan plan = plan_of(
      {task("A", {"B"}), task("B", {"C"}), task("C", {"A", "D"}), task("D"), task("E", {"A"})});
  REQUIRE(plan.problems.size() == 1);
  CHECK(plan.problems[0].line == 10);
  CHECK(plan.problems[0].message ==
        "these tasks wait for each other: A (line 10) -> B (line 20) -> C (line 30) -> A");
}

TEST_CASE("a shortest cycle is shown, with how many more tasks hang in it") {
  const Plan plan = plan_of({task("A", {"B", "C"}), task("B", {"A"}), task("C", {"A"})});
  REQUIRE(plan.problems.size() == 1);
  CHECK(plan.problems[0].message ==
        "these tasks wait for each other: A (line 10) -> B (line 20) -> "
        "A, and 1 more in cycles with these");
}

TEST_CASE("who touches a file waits for the task that creates it") {
  const Plan plan =
      plan_of({with_files(task("A"), {}, {"src/a.c"}), with_files(task("B"), {"./src/a.c"}),
               with_files(task("C"), {}, {"src/"})});
  CHECK(implied(plan, "A") == Words{"B creates src/a.c"});
  CHECK(implied(plan, "B").empty());
  CHECK(implied(plan, "C") == Words{"B creates src/a.c"});
  CHECK(at(plan, "A").group == 2);
  CHECK(at(plan, "B").chain == 2);
  CHECK(pairs(plan) == Words{"A C: src/a.c"});
}

TEST_CASE("files imply nothing that the file says already") {
  CHECK(
      implied(plan_of({with_files(task("A"), {"a"}), with_files(task("B", {"A"}), {}, {"a"})}), "B")
          .empty());
  const Plan through = plan_of(
      {with_files(task("A"), {"a"}), task("B", {"A"}), with_files(task("C", {"B"}), {}, {"a"})});
  CHECK(implied(through, "C").empty());
  CHECK(through.overlaps.empty());
}

TEST_CASE("files imply nothing against what the file says, and nothing in a circle") {
  const Plan against =
      plan_of({with_files(task("A"), {}, {"a"}), with_files(task("B", {"A"}), {"a"})});
  CHECK(implied(against, "A").empty());
  CHECK(against.problems.empty());

  const Plan crossed =
      plan_of({with_files(task("A"), {"a"}, {"b"}), with_files(task("B"), {"b"}, {"a"})});
  CHECK(implied(crossed, "A").empty());
  CHECK(implied(crossed, "B") == Words{"A creates a"});
  CHECK(crossed.problems.empty());

  const Plan longer =
      plan_of({with_files(task("A"), {"z"}, {"a"}), with_files(task("B", {"C"}), {"a"}),
               with_files(task("C"), {}, {"z"})});
  CHECK(implied(longer, "C") == Words{"A creates z"});
  CHECK(implied(longer, "A").empty());
  CHECK(at(longer, "B").group == 3);
}

TEST_CASE("two that create the same file overlap") {
  const Plan plan = plan_of({with_files(task("A"), {"a"}), with_files(task("B"), {"a"})});
  CHECK(implied(plan, "A").empty());
  CHECK(implied(plan, "B").empty());
  CHECK(pairs(plan) == Words{"A B: a"});
}

TEST_CASE("only tasks that could run at the same time overlap") {
  const Plan plan =
      plan_of({with_files(task("A"), {}, {"x", "y"}), with_files(task("B"), {}, {"y", "x"}),
               with_files(task("C", {"A"}), {}, {"x"}), done(with_files(task("D"), {}, {"x"})),
               with_files(task("E"), {}, {"src/*.c"}), with_files(task("F"), {}, {"src/a.c"}),
               with_files(task("G"), {}, {"src/a.h"})});
  CHECK(pairs(plan) == Words{"A B: x y", "B C: x", "E F: src/a.c"});
}

TEST_CASE("what a P0 needs is P0, through files too") {
  TaskSpec urgent = with_files(task("C", {"B"}), {}, {"a"});
  urgent.priority = Priority::P0;
  TaskSpec finished = done(task("F"));
  finished.priority = Priority::P0;
  finished.depends = {{"E"}};
  const Plan plan = plan_of(
      {with_files(task("A"), {"a"}), task("Z"), task("B", {"Z"}), urgent, task("E"), finished});
  for (const char* id : {"A", "Z", "B", "C"})
    CHECK(at(plan, id).effective_priority == Priority::P0);
  CHECK(at(plan, "E").effective_priority == Priority::P2);
  CHECK(at(plan, "A").spec.priority == Priority::P2);
}

TEST_CASE("ten thousand tasks in a chain, in a circle, and on one file") {
  std::vector<TaskSpec> chain;
  std::vector<TaskSpec> circle;
  std::vector<TaskSpec> crowd;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = fmt::format("T{}", i);
    chain.push_back(i == 0 ? task(id) : task(id, {fmt::format("T{}", i - 1)}));
    circle.push_back(task(id, {fmt::format("T{}", (i + 1) % 10'000)}));
    crowd.push_back(with_files(task(id), {}, {"shared"}));
  }
  const Plan long_one = plan_of(chain);
  CHECK(long_one.tasks.front().chain == 10'000);
  CHECK(long_one.tasks.back().group == 10'000);

  const Plan round = plan_of(circle);
  REQUIRE(round.problems.size() == 1);
  CHECK(round.problems[0].message.find("9950 more -> T0") != std::string::npos);

  const Plan crowded = plan_of(crowd);
  REQUIRE(crowded.problems.size() == 1);
  CHECK(crowded.problems[0].severity == Severity::Warning);
  CHECK_FALSE(crowded.has_errors());
  CHECK(crowded.overlaps.size() <= 200'000);
  CHECK(crowded.overlaps.size() >= 10'000);
}

TEST_CASE("all pairs of a file that a few hundred tasks name are listed") {
  std::vector<TaskSpec> tasks;
  for (int i = 0; i < 200; ++i)
    tasks.push_back(with_files(task(fmt::format("T{}", i)), {}, {"shared"}));
  const Plan plan = plan_of(tasks);
  CHECK(plan.overlaps.size() == 200 * 199 / 2);
  CHECK(plan.problems.empty());
}

TEST_CASE("a random plan has an order and agrees with a slow count") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<TaskSpec> tasks;
    const int count = 2 + static_cast<int>(random() % 9);
    for (int i = 0; i < count; ++i) {
      TaskSpec one = task(fmt::format("T{}", i));
      if (i > 0 && random() % 2 == 0)
        one.depends.push_back({fmt::format("T{}", random() % static_cast<unsigned>(i))});
      const std::string file = fmt::format("f{}", random() % 4);
      one = with_files(one, random() % 3 == 0 ? Words{file} : Words{},
                       {fmt::format("f{}", random() % 4)});
      one.done = random() % 6 == 0;
      tasks.push_back(one);
    }
    const Plan plan = plan_of(tasks);
    REQUIRE(plan.problems.empty());
    // Everything a task waits for lies in a lower group: so there is no circle.
    std::set<std::pair<std::string, std::string>> waits;
    for (const PlannedTask& one : plan.tasks) {
      if (one.spec.done) continue;
      const auto check = [&](const TaskId& needed) {
        const PlannedTask& below = at(plan, needed.value);
        if (below.spec.done) return;
        REQUIRE(below.group < one.group);
        REQUIRE(below.chain > one.chain);
        waits.emplace(one.spec.id.value, needed.value);
      };
      for (const TaskId& needed : one.spec.depends)
        check(needed);
      for (const auto& [needed, why] : one.implicit_depends)
        check(needed);
    }
    for (const PlannedTask& middle : plan.tasks) {  // the transitive closure
      for (const PlannedTask& from : plan.tasks) {
        for (const PlannedTask& to : plan.tasks) {
          const std::string& mid = middle.spec.id.value;
          if (waits.contains({from.spec.id.value, mid}) && waits.contains({mid, to.spec.id.value}))
            waits.emplace(from.spec.id.value, to.spec.id.value);
        }
      }
    }
    Words expected;
    for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
      for (std::size_t j = i + 1; j < plan.tasks.size(); ++j) {
        const TaskSpec& first = plan.tasks[i].spec;
        const TaskSpec& second = plan.tasks[j].spec;
        std::set<std::string> shared;
        for (const std::string& file : first.files)
          if (std::ranges::find(second.files, file) != second.files.end()) shared.insert(file);
        const bool ordered = waits.contains({first.id.value, second.id.value}) ||
                             waits.contains({second.id.value, first.id.value});
        if (!shared.empty() && !ordered && !first.done && !second.done)
          expected.push_back(first.id.value + " " + second.id.value);
      }
    }
    Words found;
    for (const Overlap& overlap : plan.overlaps)
      found.push_back(overlap.first.value + " " + overlap.second.value);
    REQUIRE(found == expected);
  }
}

TEST_CASE("plain paths meet if they are equal or one is a folder above the other") {
  CHECK(files_meet("a/b.c", "./a/b.c"));
  CHECK(files_meet("src/", "src/a/b.c"));
  CHECK(files_meet("src", "src/a.c"));
  CHECK(files_meet("src/", "src"));
  CHECK_FALSE(files_meet("src", "src2/a.c"));
  CHECK_FALSE(files_meet("a", "b"));
  CHECK_FALSE(files_meet("", ""));
  CHECK_FALSE(files_meet("app/[id].ts", "app/i.ts"));
}

TEST_CASE("patterns meet if some path fits both") {
  for (const auto& [first, second] :
       std::vector<std::pair<const char*, const char*>>{{"*.c", "a.c"},
                                                        {"src/*.c", "src/a*"},
                                                        {"src/**", "src/a/b/c"},
                                                        {"src/**/x.c", "src/x.c"},
                                                        {"src/**/x.c", "src/a/b/x.c"},
                                                        {"**/x.c", "x.c"},
                                                        {"src/{a,b}.c", "src/b.c"},
                                                        {"{a,b}/{c,d}", "b/?"},
                                                        {".", "anything/at/all"},
                                                        {"src/?.c", "src/a.c"},
                                                        {"src/", "src/*.c"},
                                                        {"src", "src/a/*"},
                                                        {"**", "a"},
                                                        {"a*b*c", "axxbyyc"},
                                                        {"src/*/", "src/a/b"}}) {
    CAPTURE(first, second);
    CHECK(files_meet(first, second));
    CHECK(files_meet(second, first));
  }
  for (const auto& [first, second] :
       std::vector<std::pair<const char*, const char*>>{{"*.c", "a.h"},
                                                        {"*.c", "src/a.c"},
                                                        {"src/*.c", "src/a/b.c"},
                                                        {"src/a*", "src/b*"},
                                                        {"src/?.c", "src/ab.c"},
                                                        {"src/{a,b}.c", "src/c.c"},
                                                        {"{a}", "a"},
                                                        {"src/**", "lib/a"},
                                                        {"src/**/x.c", "src/ax.c"},
                                                        {"src/a", "src/a?"}}) {
    CAPTURE(first, second);
    CHECK_FALSE(files_meet(first, second));
    CHECK_FALSE(files_meet(second, first));
  }
}

TEST_CASE("hostile patterns end") {
  const auto repeated = [](std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i)
      text += part;
    return text;
  };
  CHECK_FALSE(files_meet(repeated("*a", 200) + "x", repeated("*a", 200) + "y"));
  CHECK(files_meet(repeated("{a,b}", 1000), repeated("{a,b}", 1000)));
  CHECK(files_meet(repeated("**/", 1000), repeated("**/", 1000) + "a"));
  CHECK_FALSE(files_meet("x" + repeated("{", 5000), "y*"));
}
