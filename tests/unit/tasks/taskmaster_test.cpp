// task-master's JSON: tags, ids of both types, subtasks, and everything that can be wrong with it.
#include "tasks/conventions/taskmaster.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/model/mark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

Reading read(const std::string& text) {
  return read_taskmaster({text, "tasks.json"});
}

/// A file with that list of tasks.
std::string with(const std::string& tasks) {
  return "{\"master\": {\"tasks\": [\n" + tasks + "\n]}}\n";
}

const Item& item(const Reading& reading, std::string_view id) {
  const auto found = std::ranges::find(reading.items, id, &Item::id);
  REQUIRE(found != reading.items.end());
  return *found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("task-master's files are known by their list of tasks") {
  CHECK(has_json_tasks({with(""), ""}));
  CHECK(has_json_tasks({"\xEF\xBB\xBF \n{\"tasks\" :\n[", ""}));
  CHECK_FALSE(has_json_tasks({"{\"tasks\": 3}", ""}));
  CHECK_FALSE(has_json_tasks({"[\n{\"id\": 1}]", ""}));
  CHECK_FALSE(begins_like_json({"[x](y)", ""}));
  CHECK_FALSE(begins_like_json({"- [ ] \"tasks\": [", ""}));
}

TEST_CASE("a task's fields are read") {
  const Reading reading = read(with(
      R"({"id": 7, "title": "Cache", "description": "Keep pages.", "details": "In memory.",)"
      R"( "testStrategy": "Time it.", "acceptanceCriteria": ["fast", "small"], "status": "review",)"
      R"( "priority": "critical", "dependencies": [2, "3", 4],)"
      R"( "relevantFiles": [{"path": "src/cache.c", "action": "create"}, "src/main.c"]},)"
      R"({"id": 2, "title": "b", "status": "done"}, {"id": 3, "title": "c", "status": "done"})"));
  REQUIRE(reading.items.size() == 3);
  const Item& cache = reading.items[0];
  CHECK(cache.id == "7");
  CHECK(cache.has_id);
  CHECK(cache.title == "Cache");
  CHECK(cache.body ==
        "Keep pages.\n\nIn memory.\n\nTest strategy:\nTime it.\n\nAcceptance criteria:\n- fast\n- "
        "small");
  CHECK(cache.standing == Standing::InProgress);
  CHECK(cache.status == "review");
  CHECK(cache.priority == Priority::P0);
  CHECK(cache.depends == Ids{"2", "3", "4"});
  CHECK(cache.files == Ids{"src/cache.c", "src/main.c"});
  CHECK(cache.creates == Ids{"src/cache.c"});
  CHECK(cache.line == 2);
  CHECK(reading.problems.empty());
}

TEST_CASE("every status has its standing") {
  struct Case {
    const char* status;
    Standing standing;
  };

  for (const Case& one :
       {Case{"pending", Standing::Open}, Case{"blocked", Standing::Open},
        Case{"in-progress", Standing::InProgress}, Case{"review", Standing::InProgress},
        Case{"done", Standing::Done}, Case{"completed", Standing::Done},
        Case{"deferred", Standing::Deferred}, Case{"cancelled", Standing::Cancelled},
        Case{"sleeping", Standing::Held}}) {
    CAPTURE(one.status);
    const Reading reading =
        read(with(fmt::format(R"({{"id": 1, "title": "a", "status": "{}"}})", one.status)));
    CHECK(reading.items.at(0).standing == one.standing);
    CHECK(reading.problems.empty() == (one.standing != Standing::Held));
  }
}

TEST_CASE("subtasks are called after their task, three levels deep") {
  const Reading reading =
      read(with(R"({"id": "api", "title": "a", "status": "done", "priority": "high", "subtasks": [
{"id": 1, "title": "b", "status": "done"},
{"id": 2, "title": "c", "status": "pending", "subtasks": [{"id": "x", "title": "d"}]}]})"));
  REQUIRE(reading.items.size() == 4);
  CHECK(item(reading, "api.1").parent == "api");
  CHECK(item(reading, "api.1").line == 3);
  CHECK(item(reading, "api.1").section_priority == Priority::P1);
  CHECK_FALSE(item(reading, "api.1").priority);
  CHECK(item(reading, "api.2.x").parent == "api.2");
  CHECK(item(reading, "api.2.x").section_priority == Priority::P1);
}

TEST_CASE("an id of a subtask may hold that of its task already") {
  const Reading reading =
      read(with(R"({"id": 2, "title": "a", "status": "pending", "subtasks": [)"
                R"({"id": "2.1", "title": "b", "status": "pending"},)"
                R"({"id": "2.2", "title": "c", "status": "pending", "dependencies": ["2.1"]}]})"));
  CHECK(item(reading, "2.1").parent == "2");
  CHECK(item(reading, "2.2").depends == Ids{"2.1"});
}

TEST_CASE("a subtask's dependencies follow the sibling rule") {
  const Reading reading = read(with(R"({"id": 1, "title": "a", "status": "pending", "subtasks": [
{"id": 1, "title": "a", "status": "pending"},
{"id": 2, "title": "b", "status": "pending", "dependencies": [1, "1", "2.1", 5, 100, 3]},
{"id": 100, "title": "c", "status": "pending"}]},
{"id": 2, "title": "b", "status": "pending", "dependencies": [1, "1.2"], "subtasks": [
{"id": 1, "title": "a", "status": "pending", "dependencies": ["log-in"]}]},
{"id": "ui", "title": "c", "status": "pending", "subtasks": [
{"id": "log-in", "title": "a", "status": "pending"},
{"id": "log-out", "title": "b", "status": "pending", "dependencies": ["log-in", "ui", "1.1"]}]},
{"id": 3, "title": "d", "status": "pending"}, {"id": 100, "title": "e", "status": "pending"})"));
  // 5 is nobody, which the plan says; 100 is a task, as siblings are below it.
  CHECK(item(reading, "1.2").depends == Ids{"1.1", "2.1", "5", "100", "3"});
  CHECK(item(reading, "2").depends == Ids{"1", "1.2"});
  CHECK(item(reading, "2.1").depends == Ids{"ui.log-in"});
  CHECK(item(reading, "ui.log-out").depends == Ids{"ui.log-in", "ui", "1.1"});
}

TEST_CASE("one tag is read, the others are named") {
  const std::string one = R"({"tasks": [{"id": 1, "title": "a", "status": "done"}]})";
  const Reading master = read("{\"old\": " + one + ",\n\"master\": " + one + ", \"x\": {}}");
  CHECK(master.items.size() == 1);
  REQUIRE(master.problems.size() == 1);
  CHECK(master.problems[0].severity == Severity::Note);
  CHECK(master.problems[0].message.find("'old'") != std::string::npos);
  const Reading unsure = read("{\"one\": " + one + ",\n\"two\": " + one + "}");
  REQUIRE(unsure.problems.size() == 1);
  CHECK(unsure.problems[0].severity == Severity::Warning);
  CHECK(unsure.problems[0].line == 2);
  const Reading twice = read("{\"master\": " + one + ",\n\"master\": " + one + "}");
  CHECK(twice.problems.at(0).severity == Severity::Error);
  CHECK(read(one).items.size() == 1);
}

TEST_CASE("a tick replaces the value of the status") {
  const std::string text = with(
      "  {\"id\": 1,\r\n\"title\" : \"status\",\t\"status\" :\"in-progress\" },\n"
      "{\"status\": \"completed\", \"id\": 2, \"title\": \"b\"}, {\"id\": 3, \"title\": \"c\"}");
  const Reading reading = read(text);
  REQUIRE(reading.items.size() == 3);
  const auto changed = [&text](const Mark& mark, const std::string& value) {
    return std::string(text).replace(mark.offset, mark.length, value);
  };
  const Mark& open = *reading.items[0].mark;
  CHECK(text.substr(open.offset, open.length) == "\"in-progress\"");
  CHECK(open.unticked == "\"in-progress\"");
  CHECK(read(changed(open, open.ticked)).items[0].status == "done");
  const Mark& done = *reading.items[1].mark;
  CHECK(done.done);
  CHECK(done.ticked == "\"completed\"");
  CHECK(read(changed(done, done.unticked)).items[1].status == "pending");
  CHECK_FALSE(reading.items[2].mark);
  CHECK(reading.problems.back().severity == Severity::Note);
}

TEST_CASE("what is wrong is an error with its line") {
  struct Case {
    std::string text;
    int line;
    const char* message;
  };

  for (const Case& one : {
           Case{with("{\"id\": 1, \"title\": \"a\""), 3, "an object ends with ']'"},
           Case{"{\"master\": {\"tasks\": [\n{\"id\": 1", 2, "it ends within the object"},
           Case{"{\"a\": 1}", 1, "no list \"tasks\""},
           Case{with("3"), 2, "should be an object"},
           Case{with("{\"id\": 1,\n\"id\": 2, \"title\": \"a\"}"), 3, "\"id\" twice"},
           Case{with("{\"id\": [1], \"title\": \"a\"}"), 2, "text or a number"},
           Case{with("{\"id\": 1, \"title\": \"a\",\n\"dependencies\": 3}"), 3, "list of ids"},
           Case{with("{\"id\": 1, \"title\": \"a\",\n\"dependencies\": [{}]}"), 3,
                "text or a number"},
           Case{with("{\"id\": 1, \"title\": \"a\",\n\"subtasks\": {}}"), 3, "should be a list"},
           Case{with("{\"id\": 1, \"title\": \"a\", \"status\": []}"), 2, "a word in quotes"},
           Case{with("{\"id\": 1}"), 2, "no title"},
           Case{with("{\"id\": \"" + std::string(300, 'x') + "\", \"title\": \"a\"}"), 2, "longer"},
       }) {
    CAPTURE(one.text);
    const Reading reading = read(one.text);
    const auto error = std::ranges::find(reading.problems, Severity::Error, &Problem::severity);
    REQUIRE(error != reading.problems.end());
    CHECK(error->line == one.line);
    CHECK(error->message.find(one.message) != std::string::npos);
  }
}

TEST_CASE("a task without an id is called after its words") {
  const Reading reading = read(with(R"({"title": "Add a log", "status": "pending"})"));
  CHECK(reading.items.at(0).id == "add-a-log");
  CHECK_FALSE(reading.items[0].has_id);
  CHECK(reading.problems.at(0).severity == Severity::Warning);
}

TEST_CASE("hostile JSON ends in bounded memory") {
  std::string deep;
  for (int i = 0; i < 10'000; ++i)
    deep += R"({"id":1,"title":"a","subtasks":[)";
  CHECK(read(with(deep)).problems.at(0).message.find("nested deeper") != std::string::npos);
  std::string levels;
  for (int i = 0; i < 90; ++i)
    levels += R"({"id":"abcdefghi","title":"a","subtasks":[)";
  for (int i = 0; i < 90; ++i)
    levels += "]}";
  const Reading long_ids = read(with(levels));
  CHECK(long_ids.items.size() == 20);
  std::string wrong;
  for (int i = 0; i < 200'000; ++i)
    wrong += "1,";
  CHECK(read(with(wrong + "1")).problems.size() == 1'001);
}
