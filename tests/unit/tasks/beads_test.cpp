// beads' export: which links block, what each status means, and lines that are no issues.
#include "tasks/conventions/beads.hpp"

#include "catch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

Reading read(const std::string& text) {
  return read_beads({text, "issues.jsonl"});
}

std::string issue(const std::string& id, const std::string& more) {
  return fmt::format(R"({{"id":"{}","title":"a title","issue_type":"task",{}}})", id, more) + "\n";
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an export of beads is known by its first line") {
  CHECK(is_beads({issue("bd-1", R"("status":"open")"), ""}));
  CHECK_FALSE(is_beads({"{\n\"id\": 1, \"title\": \"a\", \"status\": \"open\"}", ""}));
  CHECK_FALSE(is_beads({"{\"master\": {\"tasks\": []}}", ""}));
}

TEST_CASE("issues are read; only links that block are dependencies") {
  const Reading reading = read(
      issue("bd-7", R"("status":"open","priority":0,"description":"d","design":"e",)"
                    R"("acceptance_criteria":"f","labels":["x"],"dependencies":[)"
                    R"({"issue_id":"bd-7","depends_on_id":"bd-1","type":"blocks"},)"
                    R"({"issue_id":"bd-7","depends_on_id":"bd-2","type":"related"},)"
                    R"({"issue_id":"bd-7","depends_on_id":"bd-3","type":"parent-child"},)"
                    R"({"issue_id":"bd-7","depends_on_id":"bd-4","type":"conditional-blocks"},)"
                    R"({"issue_id":"bd-7","depends_on_id":"bd-5","type":"waits-for"}])") +
      "\n" + issue("bd-7.1", R"("status":"closed","priority":4)") + "\n" +
      issue("bd-1", R"("status":"open")") + "\n" + issue("bd-5", R"("status":"open")"));
  REQUIRE(reading.items.size() == 4);
  const Item& first = reading.items[0];
  CHECK(first.id == "bd-7");
  CHECK(first.priority == Priority::P0);
  CHECK(first.depends == Texts{"bd-1", "bd-4", "bd-5"});
  CHECK(first.parent == "bd-3");
  CHECK(first.body == "d\n\nDesign:\ne\n\nAcceptance criteria:\nf");
  CHECK(first.tags == Texts{"x"});
  CHECK_FALSE(first.mark);
  CHECK(reading.items[1].done());
  CHECK(reading.items[1].parent == "bd-7");
  CHECK(reading.items[1].line == 3);
  CHECK(reading.items[1].priority == Priority::P4);
  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems[0].severity == Severity::Note);
}

TEST_CASE("every status of an issue has its standing") {
  struct Case {
    const char* status;
    Standing standing;
  };

  for (const Case& one : {Case{"open", Standing::Open}, Case{"in_progress", Standing::InProgress},
                          Case{"blocked", Standing::Open}, Case{"deferred", Standing::Deferred},
                          Case{"closed", Standing::Done}, Case{"pinned", Standing::Held},
                          Case{"hooked", Standing::InProgress}, Case{"odd", Standing::Held}}) {
    CAPTURE(one.status);
    const Reading reading = read(issue("bd-1", fmt::format(R"("status":"{}")", one.status)));
    CHECK(reading.items.at(0).standing == one.standing);
  }
  CHECK(read(issue("bd-1", R"("status":"tombstone")")).items.empty());
}

TEST_CASE("a priority that is none is a warning") {
  const Reading reading = read(issue("bd-1", R"("status":"open","priority":7)"));
  CHECK(reading.items.size() == 1);
  CHECK(reading.problems.at(0).severity == Severity::Warning);
}

TEST_CASE("a line that is no issue is an error with its number") {
  for (const char* line : {"{\"id\": \"bd-2\"", "[1]", "{\"id\": \"bd-2\"}", "words",
                           R"({"id":"a","title":"b","id":"c"})", R"({"id":1,"title":"b"})",
                           R"({"id":"a","title":"b","dependencies":{}})",
                           R"({"id":"a","title":"b","dependencies":[1]})"}) {
    CAPTURE(line);
    const Reading reading = read(issue("bd-1", R"("status":"open")") + "\r\n" + line);
    const auto error = std::ranges::find(reading.problems, Severity::Error, &Problem::severity);
    REQUIRE(error != reading.problems.end());
    CHECK(error->line == 3);
  }
}
