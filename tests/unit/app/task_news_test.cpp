// Which change of the task file is an edit: told by where its checkout stood.
#include "app/task_news.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace orch::app {
namespace {

tasks::Loaded text(const std::string& lines) {
  return {.path = "/r/tasks.md", .is_folder = false, .text = lines, .files = {}};
}

const std::string kOne = "- [ ] T1: one\n";
const std::string kTwo = "- [ ] T1: one\n- [ ] T2: two\n";
const std::string kTicked = "- [x] T1: one\n- [x] T2: two\n";

TaskSight at(const std::string& commit, const std::string& stored, const std::string& disk) {
  TaskSight sight{.disk = text(disk), .stored = text(stored), .commit = {commit}};
  sight.branch = "main";
  sight.tracked = true;
  sight.edited = stored != disk;
  sight.by_git = !sight.edited;
  return sight;
}

TaskSight away(TaskSight sight) {
  sight.home = sight.edited = false;
  return sight;
}

TaskSight back(TaskSight sight) {
  sight.forward = false;
  return sight;
}

TaskSight outside(const std::string& disk) {
  return {.disk = text(disk), .stored = {}, .commit = {}};
}

/// The run's tasks after a first text and these looks: "T1 T2x", x for ticked.
std::string after(const TaskSight& first, const std::vector<TaskSight>& looks) {
  const ReadTasks read{"native", UnitRule::Task};
  LastRead last = first_read(first);
  std::vector<TaskSpec> known = read(last.disk).value();
  for (const TaskSight& sight : looks) {
    TaskNews news = news_of({known, {}}, LastRead::decode(last.encode()).value(), sight, read);
    known = news.tasks;
    last = news.last;
  }
  std::string names;
  for (const TaskSpec& task : known)
    names += (names.empty() ? "" : " ") + task.id.value + (task.done ? "x" : "");
  return names;
}

TEST_CASE("an edit on the base counts, committed or not") {
  CHECK(after(at("a", kOne, kOne), {at("a", kOne, kTwo)}) == "T1 T2");
  CHECK(after(at("a", kOne, kOne), {at("b", kTwo, kTwo)}) == "T1 T2");
  CHECK(after(at("a", kTwo, kTwo), {at("a", kTwo, kTicked)}) == "T1x T2x");
  CHECK(after(at("a", kTwo, kTwo), {at("a", kTwo, kOne)}) == "T1");
}

TEST_CASE("what lies there while HEAD is elsewhere does not count, what the base gets does") {
  CHECK(after(at("a", kTwo, kTwo), {away(at("a", kTwo, kTicked))}) == "T1 T2");
  CHECK(after(at("a", kTwo, kTwo), {away(at("a", kTwo, kTicked)), at("a", kTwo, kTwo)}) == "T1 T2");
  CHECK(after(at("a", kOne, kOne), {away(at("b", kTwo, "- [x] X1: x\n"))}) == "T1 T2");
}

TEST_CASE("an edit that git puts aside, or carries elsewhere, stays in the run") {
  const TaskSight edited = at("a", kOne, kTwo);
  CHECK(after(at("a", kOne, kOne), {edited, at("a", kOne, kOne)}) == "T1 T2");
  CHECK(after(at("a", kOne, kOne), {edited, away(at("a", kOne, kTwo))}) == "T1 T2");
  CHECK(after(at("a", kOne, kOne), {edited, away(at("a", kOne, kTwo)), at("a", kOne, kOne)}) ==
        "T1 T2");
  CHECK(after(at("a", kOne, kOne), {edited, away(at("b", "- [x] T1: one\n", kTwo))}) == "T1x T2");
}

TEST_CASE("an edit that the user takes back in an editor is taken back") {
  TaskSight undone = at("a", kOne, kOne);
  undone.by_git = false;
  CHECK(after(at("a", kOne, kOne), {at("a", kOne, kTwo), undone}) == "T1");
}

TEST_CASE("a base that goes back, or to another history, takes and ticks nothing") {
  CHECK(after(at("b", kTwo, kTwo), {back(at("a", kOne, kOne))}) == "T1 T2");
  CHECK(after(at("b", kTwo, kTwo), {back(at("c", kTicked, kTicked))}) == "T1 T2");
  CHECK(after(at("b", kOne, kOne), {back(at("c", kTwo, kTwo))}) == "T1 T2");
}

TEST_CASE("outside of git the disk counts, and a file that is away or unreadable says nothing") {
  TaskSight gone = outside(kOne);
  gone.disk.reset();
  CHECK(after(outside(kTwo), {gone, outside("")}) == "T1 T2");
  CHECK(after(outside(kTwo), {gone, outside(kOne)}) == "T1");
  TaskSight other = at("a", kTwo, kTicked);
  other.stored.reset();
  CHECK(after(outside(kTwo), {away(other)}) == "T1 T2");
}

TEST_CASE("the ends of lines make no difference") {
  TaskSight crlf = at("a", kTwo, "- [ ] T1: one\r\n- [ ] T2: two\r\n- [ ] T3: three\r\n");
  CHECK(after(away(at("a", kTwo, kTwo)), {crlf}) == "T1 T2 T3");
}

}  // namespace
}  // namespace orch::app
