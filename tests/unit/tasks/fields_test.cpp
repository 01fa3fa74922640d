// Field lines: names, values, lists in bullets, and what is said about mistakes.
#include "tasks/items/fields.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

struct Taken {
  Item task;
  std::vector<Problem> problems;
  std::vector<std::string> left;

  explicit Taken(const std::vector<std::string>& lines) {
    FieldReader reader(task, problems);
    int number = 10;
    for (const std::string& line : lines) {
      if (!reader.take(line, number++)) left.push_back(line);
    }
  }

  std::vector<std::string> depends() const { return task.depends; }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("names are known in any case, with bullets and emphasis") {
  for (const char* line :
       {"Depends: T1", "depends: T1", "- Depends on: T1", "* **Depends:** T1", "**Depends on**: T1",
        "_Depends: T1_", "__DEPENDENCIES__: `T1`", "  depends_on: [T1]", "- _Depends:_ #T1."}) {
    CAPTURE(line);
    const Taken reading({line});
    CHECK(reading.depends() == Words{"T1"});
    CHECK(reading.left.empty());
    CHECK(reading.problems.empty());
  }
}

TEST_CASE("dependencies are separated by commas, words and white space") {
  CHECK(Taken({"Depends: T1, T2; T3 and T4"}).depends() == Words{"T1", "T2", "T3", "T4"});
  CHECK(Taken({"Depends: T1 T2"}).depends() == Words{"T1", "T2"});
  CHECK(Taken({"Depends: T1 (both, at once), T2"}).depends() == Words{"T1", "T2"});
  CHECK(Taken({"Depends: the schema"}).depends() == Words{"the schema"});
  for (const char* nothing :
       {"Depends: none", "Depends: None (may start)", "Depends: -", "Depends:"})
    CHECK(Taken({nothing}).depends().empty());
}

TEST_CASE("files say which of them are created") {
  const Taken reading(
      {"Files: src/a.c (create), modify src/b.c, create: src/x, `src/y.c:10-20`,"
       " new `a b.c`, src/{m,n}.c, app/(group)/p.tsx"});
  CHECK(reading.task.creates == Words{"src/a.c", "src/x", "a b.c"});
  CHECK(reading.task.files == Words{"src/a.c", "src/b.c", "src/x", "src/y.c", "a b.c",
                                    "src/{m,n}.c", "app/(group)/p.tsx"});
}

TEST_CASE("files may be named in lines and bullets of their own") {
  const Taken reading({"**Files:**", "", "- Create: `src/a.c`", "  - src/b.c", "- Test: tests/a.c",
                       "", "- prose", "Create: x", "Modify: y, x"});
  CHECK(reading.task.creates == Words{"src/a.c", "x"});
  CHECK(reading.task.files == Words{"src/a.c", "src/b.c", "tests/a.c", "x", "y"});
  CHECK(reading.left == Words{"", "", "- prose"});
}

TEST_CASE("a box ends a list of entries") {
  const Taken reading({"Depends:", "- T1", "- [ ] T2", "- T3"});
  CHECK(reading.depends() == Words{"T1"});
  CHECK(reading.left == Words{"- [ ] T2", "- T3"});
}

TEST_CASE("priority, agent, tags and time limit") {
  const Taken reading(
      {"Priority: p0 (critical path)", "Agent: `claude`", "Tags: #a, b, a", "Timeout: 1h30m"});
  CHECK(reading.task.priority == Priority::P0);
  CHECK(reading.task.agent == "claude");
  CHECK(reading.task.tags == Words{"a", "b"});
  CHECK(reading.task.timeout == Span(90 * 60 * 1000));
  CHECK(Taken({"priority: Low"}).task.priority == Priority::P3);
}

TEST_CASE("a wrong priority or time limit is an error at its line") {
  const Taken reading({"Priority: banana", "Timeout: 30", "Timeout: 0s"});
  REQUIRE(reading.problems.size() == 3);
  CHECK(reading.problems[0].severity == Severity::Error);
  CHECK(reading.problems[0].line == 10);
  CHECK(reading.problems[0].message == "'banana' is not a priority");
  CHECK(reading.problems[1].message == "'30' is not a time limit");
  CHECK_FALSE(reading.problems[1].hint.empty());
  CHECK(reading.problems[2].line == 12);
}

TEST_CASE("a slip in a name is a warning with the right name") {
  const Taken reading({"Depend: T1", "- **Priorty:** P0", "Tgas: a", "Fiels: b"});
  REQUIRE(reading.problems.size() == 4);
  CHECK(reading.problems[0].severity == Severity::Warning);
  CHECK(reading.problems[0].hint == "did you mean 'Depends:'?");
  CHECK(reading.problems[1].hint == "did you mean 'Priority:'?");
  CHECK(reading.problems[2].hint == "did you mean 'Tags:'?");
  CHECK(reading.problems[3].hint == "did you mean 'Files:'?");
  CHECK(reading.left.size() == 4);
}

TEST_CASE("other lines with a colon are text") {
  const Taken reading({"Note: x", "Notes: x", "Tests: x", "Title: x", "Created: 2024-01-02",
                       "Modified: x", "**Tasks:**", "Time: 3", "see https://a.b", "a: b",
                       "    Depends: in code", ":", "", "**:**"});
  CHECK(reading.problems.empty());
  CHECK(reading.left.size() == 14);
  CHECK(reading.task.depends.empty());
}
