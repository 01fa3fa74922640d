#include "tasks/units/units.hpp"

#include "catch.hpp"
#include "orch/core/plan.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

Item item(std::string id, std::vector<std::string> depends = {}, std::string parent = "",
          Standing standing = Standing::Open) {
  Item made{.id = std::move(id), .has_id = true};
  made.title = "title of " + made.id;
  made.body = "body of " + made.id;
  made.depends = std::move(depends);
  made.parent = std::move(parent);
  made.standing = standing;
  return made;
}

Reading reading_of(std::vector<Item> items, std::vector<Group> groups = {}) {
  int line = 0;
  for (Item& one : items)
    one.line = ++line;
  return {.items = std::move(items), .groups = std::move(groups), .problems = {}};
}

std::vector<std::string> ids_of(const Units& units) {
  std::vector<std::string> ids;
  for (const Unit& unit : units.units)
    ids.push_back(unit.spec.id.value);
  return ids;
}

const TaskSpec& spec(const Units& units, const std::string& id) {
  for (const Unit& unit : units.units)
    if (unit.spec.id.value == id) return unit.spec;
  FAIL("no unit " << id);
  return units.units.front().spec;
}

std::vector<std::string> depends(const TaskSpec& spec) {
  std::vector<std::string> ids;
  for (const TaskId& id : spec.depends)
    ids.push_back(id.value);
  return ids;
}

std::vector<std::string> after(const TaskSpec& spec) {
  std::vector<std::string> ids;
  for (const auto& [id, why] : spec.after)
    ids.push_back(id.value);
  return ids;
}

using Ids = std::vector<std::string>;

Item in_group(Item made, int group) {
  made.group = group;
  return made;
}

}  // namespace

TEST_CASE("an item and what stands below it are one unit") {
  const Reading reading =
      reading_of({item("1"), item("1.1", {}, "1"), item("1.2", {}, "1", Standing::Done),
                  item("1.3", {}, "1"), item("2", {"1.3"})});
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(units.rule == UnitRule::Group);
  CHECK(ids_of(units) == Ids{"1", "2"});
  const TaskSpec& first = spec(units, "1");
  CHECK(first.items == Ids{"1.1", "1.3"});
  CHECK(first.body.find("body of 1.1") != std::string::npos);
  CHECK(first.body.find("1.2") == std::string::npos);
  CHECK(first.body.find("done --items 1.1,1.3") != std::string::npos);
  CHECK(depends(spec(units, "2")) == Ids{"1"});
  CHECK(spec(units, "2").body == "body of 2");
}

TEST_CASE("a unit waits for what its first item waits for, also where the parts are the work") {
  Reading reading = reading_of({item("1"), item("1.1", {}, "1"), item("2", {"1"}),
                                item("2.1", {}, "2"), item("3"), item("3.1", {}, "3")});
  reading.items[4].after = {{"2", "the order of the list"}};
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(spec(units, "2").items == Ids{"2.1"});
  CHECK(depends(spec(units, "2")) == Ids{"1"});
  CHECK(after(spec(units, "3")) == Ids{"2"});
}

TEST_CASE("the units of a rule are counted as they are made") {
  const Reading reading =
      reading_of({item("1"), item("1.1", {}, "1"), item("1.2", {"2"}, "1"), item("2", {"1.1"})});
  const ItemLinks links = links_of(reading);
  for (const UnitRule rule : {UnitRule::Task, UnitRule::Group, UnitRule::Phase})
    CHECK(count_units(reading, links, rule) == make_units(reading, rule).units.size());
}

TEST_CASE("each leaf is a unit when that is asked for, and waits for what its parent waits for") {
  const Reading reading = reading_of({item("1"), item("1.1", {}, "1"), item("1.2", {"1.1"}, "1"),
                                      item("2", {"1"}), item("2.1", {}, "2")});
  const Units units = make_units(reading, UnitRule::Task);
  CHECK(ids_of(units) == Ids{"1.1", "1.2", "2.1"});
  CHECK(depends(spec(units, "1.2")) == Ids{"1.1"});
  CHECK(depends(spec(units, "2.1")) == Ids{"1.2", "1.1"});
}

TEST_CASE("sections are units where the convention says so, in their order") {
  const std::vector<Group> groups = {
      {.title = "1. Storage", .line = 1},
      {.title = "Phase two", .line = 2, .after = {0}, .why = "order"},
      {.title = "Phase 3", .line = 3, .after = {1}, .why = "order"}};
  Reading reading =
      reading_of({in_group(item("T1"), 0), in_group(item("T2"), 0),
                  in_group(item("T3", {}, "", Standing::Done), 1), in_group(item("T4"), 2)},
                 groups);
  reading.sections_are_units = true;
  Units units = make_units(reading, UnitRule::Auto);
  CHECK(ids_of(units) == Ids{"1", "phase-two", "phase-3"});
  CHECK(spec(units, "1").items == Ids{"T1", "T2"});
  CHECK(spec(units, "phase-two").done);
  // What is done in between holds nothing up; what came before it does.
  CHECK(after(spec(units, "phase-3")) == Ids{"1"});
  CHECK(depends(spec(units, "phase-3")).empty());

  units = make_units(reading, UnitRule::Task);
  CHECK(ids_of(units) == Ids{"T1", "T2", "T3", "T4"});
  CHECK(after(spec(units, "T4")) == Ids{"T1", "T2"});
}

TEST_CASE("many parallel tasks of two phases are ordered with few edges") {
  std::vector<Item> items;
  for (int i = 0; i < 2000; ++i)
    items.push_back(in_group(item("T" + std::to_string(i)), i < 1000 ? 0 : 1));
  const Reading reading =
      reading_of(std::move(items), {{.title = "a"}, {.title = "b", .after = {0}, .why = "order"}});
  const Units units = make_units(reading, UnitRule::Task);
  std::size_t edges = 0;
  for (const Unit& unit : units.units)
    edges += unit.spec.after.size();
  CHECK(edges < 3000);
  CHECK(after(spec(units, "T1500")) == Ids{"T999"});
  CHECK(spec(units, "T999").after.size() == 999);
}

TEST_CASE("units that would wait for each other are split") {
  const Reading reading = reading_of({item("A"), item("A.1", {}, "A"), item("A.2", {"B.1"}, "A"),
                                      item("B"), item("B.1", {"A.1"}, "B")});
  const Units units = make_units(reading, UnitRule::Group);
  CHECK(ids_of(units) == Ids{"A", "A-2", "B"});
  CHECK(spec(units, "A").items == Ids{"A.1"});
  CHECK(spec(units, "A-2").items == Ids{"A.2"});
  CHECK(depends(spec(units, "B")) == Ids{"A"});
  CHECK(depends(spec(units, "A-2")) == Ids{"B"});
  REQUIRE(units.problems.size() == 1);
  CHECK(units.problems[0].severity == Severity::Warning);
  CHECK(units.problems[0].message.find("A.1 and A.2") != std::string::npos);
  CHECK_FALSE(make_plan(units.specs()).has_errors());
}

TEST_CASE("a cycle of the file is reported with its members and lines, once") {
  const Reading reading =
      reading_of({item("1"), item("1.1", {"2.1"}, "1"), item("2"), item("2.1", {"1.1"}, "2")});
  const Units units = make_units(reading, UnitRule::Group);
  REQUIRE(units.problems.size() == 1);
  CHECK(units.problems[0].severity == Severity::Error);
  CHECK(units.problems[0].message ==
        "these tasks wait for each other: 1.1 (line 2) -> 2.1 (line 4) -> 1.1");
}

TEST_CASE("what is not to be started is never part of a unit that is") {
  Item optional = item("1.2", {}, "1");
  optional.optional = true;
  const Reading reading = reading_of(
      {item("1"), item("1.1", {}, "1"), optional, item("1.3", {}, "1", Standing::Deferred),
       item("2", {"1.2"}), item("3", {"1.3"}), item("4", {}, "", Standing::Cancelled),
       item("5", {"4"}), item("6", {}, "", Standing::Held), item("6.1", {}, "6")});
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(ids_of(units) == Ids{"1", "1.3", "2", "3", "4", "5", "6"});
  CHECK(spec(units, "1").items == Ids{"1.1"});
  CHECK(spec(units, "1").withheld.empty());
  CHECK(spec(units, "1").body.find("Not required:\n- 1.2") != std::string::npos);
  CHECK(spec(units, "1.3").withheld == "deferred (line 4)");
  CHECK(depends(spec(units, "2")).empty());
  CHECK(depends(spec(units, "3")) == Ids{"1.3"});
  CHECK(spec(units, "4").done);
  CHECK(depends(spec(units, "5")) == Ids{"4"});
  CHECK(spec(units, "6").withheld == "not to be started yet (line 9)");
}

TEST_CASE("a unit has the priority, files and scripts of its items") {
  Item first = item("1.1", {}, "1");
  first.section_priority = Priority::P3;
  first.files = {"a.c", "b.c"};
  first.script = "make a";
  Item second = item("1.2", {}, "1");
  second.priority = Priority::P1;
  second.files = {"b.c", "c.c"};
  second.creates = {"c.c"};
  second.script = "make b";
  const Units units = make_units(reading_of({item("1"), first, second}), UnitRule::Auto);
  const TaskSpec& unit = units.units.at(0).spec;
  CHECK(unit.priority == Priority::P1);
  CHECK(unit.files == Ids{"a.c", "b.c", "c.c"});
  CHECK(unit.creates == Ids{"c.c"});
  CHECK(unit.script == "make a\nmake b");
}

TEST_CASE("tasks that conflict are not at work at the same time") {
  Item second = item("2");
  second.conflicts = {"1"};
  Item first = item("1");
  first.conflicts = {"2"};
  const Units units = make_units(reading_of({first, second}), UnitRule::Auto);
  CHECK(after(spec(units, "2")) == Ids{"1"});
  CHECK(after(spec(units, "1")).empty());
}

TEST_CASE("a unit waits for nothing that is done, also when the rest of that unit is not") {
  const Reading reading = reading_of({item("1"), item("1.1", {}, "1", Standing::Done),
                                      item("1.2", {}, "1"), item("2", {"1.1"}), item("3", {"9"})});
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(depends(spec(units, "2")).empty());
  // An id that is no task stays, so that the plan complains of it.
  CHECK(depends(spec(units, "3")) == Ids{"9"});
}

TEST_CASE("what is for a person is never part of a unit for an agent") {
  Item deploy = item("1.2", {}, "1");
  deploy.human = true;
  Item sign = item("2.1", {}, "2");
  sign.human = true;
  const Reading reading = reading_of({item("1"), item("1.1", {}, "1"), deploy, item("2"), sign,
                                      item("3", {"1"}), item("4", {"2"})});
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(ids_of(units) == Ids{"1", "1.2", "2", "3", "4"});
  CHECK(spec(units, "1").items == Ids{"1.1"});
  CHECK_FALSE(spec(units, "1").human);
  CHECK(spec(units, "1.2").human);
  CHECK(spec(units, "1.2").withheld == "for a person (line 3)");
  // All that is left of it is for a person, so it is for nobody else.
  CHECK(spec(units, "2").human);
  CHECK(depends(spec(units, "3")) == Ids{"1", "1.2"});
  CHECK(depends(spec(units, "4")) == Ids{"2"});
}

TEST_CASE(
    "of a section only what is for a person, in doubt or not yet to be started is kept back") {
  Item person = in_group(item("T2"), 0);
  person.human = true;
  Item doubtful = in_group(item("T3"), 1);
  doubtful.doubt = "line 9 says that it is done";
  Item other = doubtful;
  other.id = "T4";
  Reading reading = reading_of({in_group(item("T1"), 0), person,
                                in_group(item("T5", {}, "", Standing::Held), 0), doubtful, other},
                               {{.title = "Story one"}, {.title = "Story two"}});
  reading.sections_are_units = true;
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(ids_of(units) == Ids{"story-one", "T2", "T5", "story-two"});
  CHECK(spec(units, "story-one").withheld.empty());
  CHECK(spec(units, "T2").human);
  CHECK(spec(units, "story-two").doubt == "line 9 says that it is done");
  CHECK(spec(units, "story-two").withheld == "line 9 says that it is done");
}

TEST_CASE("by the stated order only fields count, and what must not run at once stays apart") {
  Item second = item("B");
  second.after = {{"A", "not marked [P]"}};
  second.conflicts = {"A"};
  Item third = item("C", {"A"});
  third.after = {{"B", "not marked [P]"}};
  const Reading reading = reading_of({item("A"), second, third});
  CHECK(after(spec(make_units(reading, UnitRule::Task), "C")) == Ids{"B"});
  const Units stated = make_units(reading, UnitRule::Task, OrderRule::Stated);
  CHECK(after(spec(stated, "C")).empty());
  CHECK(depends(spec(stated, "C")) == Ids{"A"});
  CHECK(after(spec(stated, "B")) == Ids{"A"});
}

TEST_CASE("a box that is called like a section below is one unit with it") {
  Item phase = item("phase-2");
  phase.title = "**Phase 2: Sending** - mail goes out";
  Item one = in_group(item("plan-1"), 0);
  Item two = in_group(item("plan-2"), 0);
  Reading reading = reading_of({item("phase-1"), phase, one, two}, {{.title = "Phase 2: Sending"}});
  reading.groups[0].line = 3;
  reading.items[2].line = 4;
  reading.items[3].line = 5;
  const Units units = make_units(reading, UnitRule::Auto);
  CHECK(ids_of(units) == Ids{"phase-1", "phase-2"});
  CHECK(spec(units, "phase-2").items == Ids{"plan-1", "plan-2"});
  CHECK(ids_of(make_units(reading, UnitRule::Phase)) == Ids{"phase-1", "phase-2"});
}
