// Values of fields in our own form, and what is said about mistakes.
#include "tasks/items/fields.hpp"

#include "as_tasks.hpp"
#include "catch.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

using Words = std::vector<std::string>;

/// One task with these lines below it.
struct Taken {
  TaskList list;

  explicit Taken(const Words& lines) {
    std::string text = "- [ ] T0: Title\n";
    for (const std::string& line : lines)
      text += (line.empty() ? "" : "  " + line) + '\n';
    list = read_tasks(text, {}, "native");
    REQUIRE(list.tasks.size() == 1);
  }

  const TaskSpec& task() const { return list.tasks[0]; }

  Words depends() const {
    Words ids;
    for (const TaskId& id : task().depends)
      ids.push_back(id.value);
    return ids;
  }
};

}  // namespace

TEST_CASE("names are known in any case, with bullets and emphasis") {
  for (const char* line :
       {"Depends: T1", "depends: T1", "- Depends on: T1", "* **Depends:** T1", "**Depends on**: T1",
        "_Depends: T1_", "__DEPENDENCIES__: `T1`", "  depends_on: [T1]", "- _Depends:_ #T1."}) {
    CAPTURE(line);
    const Taken reading({line});
    CHECK(reading.depends() == Words{"T1"});
    CHECK(reading.task().body.empty());
    CHECK(reading.list.problems.empty());
  }
}

TEST_CASE("dependencies are separated by commas, words and white space") {
  CHECK(listed_ids("T1, T2; T3 and T4") == Words{"T1", "T2", "T3", "T4"});
  CHECK(listed_ids("T1 T2") == Words{"T1", "T2"});
  CHECK(listed_ids("T1 (both, at once), T2") == Words{"T1", "T2"});
  CHECK(listed_ids("the schema") == Words{"the schema"});
  for (const char* nothing : {"none", "None (may start)", "-", ""})
    CHECK(listed_ids(nothing).empty());
}

TEST_CASE("files say which of them are created") {
  Words created;
  Words all;
  for (const ListedFile& file :
       listed_files("src/a.c (create), modify src/b.c, create: src/x, `src/y.c:10-20`,"
                    " new `a b.c`, src/{m,n}.c, app/(group)/p.tsx, three words only, Later:")) {
    all.push_back(file.path);
    if (file.created) created.push_back(file.path);
  }
  CHECK(created == Words{"src/a.c", "src/x", "a b.c"});
  CHECK(all == Words{"src/a.c", "src/b.c", "src/x", "src/y.c", "a b.c", "src/{m,n}.c",
                     "app/(group)/p.tsx"});
}

TEST_CASE("files may be named in lines and bullets of their own") {
  const Taken reading({"**Files:**", "", "- Create: `src/a.c`", "- src/b.c", "- Test: tests/a.c",
                       "", "- prose", "", "Create: x", "Modify: y, x"});
  CHECK(reading.task().creates == Words{"src/a.c", "x"});
  CHECK(reading.task().files == Words{"src/a.c", "src/b.c", "tests/a.c", "x", "y"});
  CHECK(reading.task().body == "- prose");
}

TEST_CASE("a box ends a list of entries") {
  const Taken reading({"Depends:", "- T1", "- [ ] T2", "- T3"});
  CHECK(reading.depends() == Words{"T1"});
  CHECK(reading.task().body == "- [ ] T2\n- T3");
}

TEST_CASE("priority, agent, tags and time limit") {
  const Taken reading(
      {"Priority: p0 (critical path)", "Agent: `claude`", "Tags: #a, b, a", "Timeout: 1h30m"});
  CHECK(reading.task().priority == Priority::P0);
  CHECK(reading.task().agent == "claude");
  CHECK(reading.task().tags == Words{"a", "b"});
  CHECK(reading.task().timeout == Span(90 * 60 * 1000));
  CHECK(Taken({"priority: Low"}).task().priority == Priority::P3);
  CHECK(Taken({"Priority: 1"}).task().priority == Priority::P1);
}

TEST_CASE("an unknown priority or time limit is a warning at its line") {
  const Taken reading({"Priority: banana", "Timeout: 30", "Timeout: 0s"});
  REQUIRE(reading.list.problems.size() == 3);
  CHECK(reading.list.problems[0].severity == Severity::Warning);
  CHECK(reading.list.problems[0].line == 2);
  CHECK(reading.list.problems[0].message == "'banana' is not a priority");
  CHECK(reading.list.problems[1].message == "'30' is not a time limit");
  CHECK_FALSE(reading.list.problems[1].hint.empty());
  CHECK(reading.list.problems[2].line == 4);
}

TEST_CASE("a slip in a name is a warning with the right name") {
  const Taken reading({"Depend: T1", "- **Priorty:** P0", "Tgas: a", "Fiels: b"});
  REQUIRE(reading.list.problems.size() == 4);
  CHECK(reading.list.problems[0].severity == Severity::Warning);
  CHECK(reading.list.problems[0].hint == "did you mean 'Depends:'?");
  CHECK(reading.list.problems[1].hint == "did you mean 'Priority:'?");
  CHECK(reading.list.problems[2].hint == "did you mean 'Tags:'?");
  CHECK(reading.list.problems[3].hint == "did you mean 'Files:'?");
}

TEST_CASE("other lines with a colon are text") {
  const Words lines{"Note: x",     "Notes: x",   "Tests: x", "Created: 2024-01-02",
                    "Modified: x", "**Tasks:**", "Time: 3",  "see https://a.b",
                    "a: b",        ":",          "**:**"};
  const Taken reading(lines);
  CHECK(reading.list.problems.empty());
  CHECK(reading.task().body == join(lines, "\n"));
  CHECK(reading.task().depends.empty());
}
