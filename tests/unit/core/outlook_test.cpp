// What a run would make of the tasks of a plan.
#include "orch/core/outlook.hpp"

#include "catch.hpp"
#include "specs.hpp"

#include <string>
#include <vector>

using namespace orch;

namespace {

TaskSpec withheld(TaskSpec made) {
  made.withheld = "deferred";
  return made;
}

TaskSpec done(TaskSpec made) {
  made.done = true;
  return made;
}

}  // namespace

TEST_CASE("what needs a withheld task is stuck, and so is what needs that") {
  const Plan plan = make_plan({withheld(task("A")), task("B", {"A"}), task("C", {"B"}), task("D")});
  CHECK(outlook_of(plan, {}) == std::vector<Outlook>{{Prospect::Withheld, -1},
                                                     {Prospect::Stuck, 0},
                                                     {Prospect::Stuck, 1},
                                                     {Prospect::Runs, -1}});
}

TEST_CASE("only what is asked for runs, withheld or not, and what is done holds nothing up") {
  const Plan plan = make_plan({done(withheld(task("A"))), withheld(task("B", {"A"})),
                               task("C", {"B"}), task("D", {"E"}), task("E")});
  CHECK(outlook_of(plan, {{"B"}, {"C"}, {"D"}}) == std::vector<Outlook>{{Prospect::Done, -1},
                                                                        {Prospect::Runs, -1},
                                                                        {Prospect::Runs, -1},
                                                                        {Prospect::Stuck, 4},
                                                                        {Prospect::LeftOut, -1}});
}

TEST_CASE("an order that a convention implies makes a task stuck as a dependency does") {
  TaskSpec second = task("B");
  second.after = {{TaskId{"A"}, "phase order"}};
  const Plan plan = make_plan({withheld(task("A")), second});
  CHECK(outlook_of(plan, {})[1] == Outlook{Prospect::Stuck, 0});
}
