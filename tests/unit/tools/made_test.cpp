// Tasks that a call makes.
#include "tools/made.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::tools;

TEST_CASE("a title gives an id that is good for a branch and a folder") {
  CHECK(id_of("Fix the parser!") == "fix-the-parser");
  CHECK(id_of("  --a..b__c-- ") == "a..b__c");
  CHECK(id_of("../../etc/passwd") == "..-..-etc-passwd");
  CHECK(id_of("\x1b[31mred") == "31mred");
  CHECK(id_of("\xC3\xA4\xC3\xB6").empty());
  CHECK(id_of(std::string(100, 'a')).size() == 40);
}

TEST_CASE("each title has its task, with its prompt and an id of its own") {
  const auto specs =
      made_specs({.prompt = "do {{task}}, {{task}}", .prefix = "x-", .needs = {"T1"}},
                 {{"one", "pi"}, {"One", ""}});
  REQUIRE(specs);
  REQUIRE(specs->size() == 2);
  CHECK(specs->at(0).id.value == "x-one");
  CHECK(specs->at(1).id.value == "x-one-2");
  CHECK(specs->at(0).body == "do one, one");
  CHECK(specs->at(0).agent == "pi");
  CHECK(specs->at(0).depends == std::vector<TaskId>{TaskId{"T1"}});
  CHECK(specs->at(1).is_made());
}

TEST_CASE("a title is put into its prompt once, whatever it says itself") {
  const auto specs = made_specs({.prompt = "do {{task}}"}, {{"{{task}} x", ""}});
  REQUIRE(specs);
  CHECK(specs->at(0).body == "do {{task}} x");
}

TEST_CASE("a shell agent runs the blocks of its prompt, or all of it") {
  const auto blocks =
      made_specs({.prompt = "Do it.\n```sh\necho {{task}}\n```\n```c\nx\n```\n"}, {{"one", ""}});
  REQUIRE(blocks);
  CHECK(blocks->at(0).script == "echo one\n");
  const auto plain = made_specs({.prompt = "echo {{task}}"}, {{"one", ""}});
  REQUIRE(plain);
  CHECK(plain->at(0).script == "echo one");
}

TEST_CASE("what gives no task is refused") {
  CHECK_FALSE(made_specs({}, {}));
  CHECK_FALSE(made_specs({}, {{"!", ""}}));
  CHECK_FALSE(made_specs({}, std::vector<Wanted>(51, {"a", ""})));
  CHECK_FALSE(made_specs({.prompt = std::string(70'000, 'x')}, {{"a", ""}}));
}
