// Tests, gates and protected files, in layers.
#include "catch.hpp"
#include "config/layers.hpp"
#include "reading.hpp"

#include <string>
#include <vector>

using namespace orch;
using namespace std::chrono_literals;
using test::problems_text;

namespace {

ConfigReading read_both(const std::string& own, const std::string& repository) {
  return parse_config(
      {{"own", own, LayerOwner::User}, {"repository", repository, LayerOwner::Repository}}, {}, {});
}

std::string wrong(const std::string& text) {
  return problems_text(test::read_file_text(text));
}

}  // namespace

TEST_CASE("a test and a gate say which work they are for") {
  const ConfigReading reading = test::read_file_text(
      "[[merge.test]]\ncommand = \"make\"\nwhen = { files = [\"apps/\"], agents = [\"pi\"] }\n"
      "[[gate]]\nname = \"scan\"\ncommand = [\"a b\"]\ntimeout = \"2m\"\nwhen.tags = "
      "[\"money\"]\n");
  CHECK(problems_text(reading).empty());
  const WorkFilter apps{.files = {"apps/"}, .agents = {"pi"}};
  CHECK(reading.config.merge.tests ==
        std::vector<TestCommand>{{.command = {"make"}, .when = apps}});
  const WorkFilter money{.tags = {"money"}};
  CHECK(reading.config.gates ==
        std::vector<TestCommand>{
            {.command = {"a b"}, .timeout = 2min, .when = money, .name = "scan"}});
}

TEST_CASE("a test and a gate have variables of their own") {
  const ConfigReading reading = test::read_file_text(
      "[[merge.test]]\ncommand = \"make\"\nenv = { CI = \"1\", EMPTY = \"\" }\n"
      "[[gate]]\nname = \"scan\"\ncommand = \"scan\"\nenv.LEVEL = \"two words\"\n");
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.merge.tests.at(0).env ==
        std::map<std::string, std::string>{{"CI", "1"}, {"EMPTY", ""}});
  CHECK(reading.config.gates.at(0).env ==
        std::map<std::string, std::string>{{"LEVEL", "two words"}});
}

TEST_CASE("variables of tmux-orch's own are not a test's to set") {
  const std::string test = "[[merge.test]]\ncommand = \"x\"\nenv = ";
  CHECK(wrong(test + "{ TMUX_ORCH_TASK = \"T9\" }\n") ==
        "f:3:26: 'TMUX_ORCH_TASK' is for tmux-orch itself to set");
  CHECK(wrong(test + "{ \"A=B\" = \"1\" }\n") == "f:3:17: 'A=B' is not a variable's name");
  CHECK(wrong(test + "{ A = 1 }\n").find("'merge.test.env.A' must be") != std::string::npos);
  CHECK(wrong("[[gate]]\nname = \"x\"\ncommand = \"x\"\nenv = [\"A=1\"]\n")
            .find("'gate.env' must be a table of texts") != std::string::npos);
  CHECK(wrong("[agents.claude]\nenv = { TMUX_ORCH_TOKEN = \"1\" }\n")
            .find("'TMUX_ORCH_TOKEN' is for tmux-orch itself to set") != std::string::npos);
}

TEST_CASE("files that a command makes have patterns and a command") {
  const ConfigReading reading = test::read_file_text(
      "[[merge.generated]]\nfiles = [\"go.sum\"]\ncommand = [\"go\", \"mod\", \"tidy\"]\ncwd = "
      "\"api\"\n");
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.merge.generated ==
        std::vector<GeneratedFiles>{
            {.files = {"go.sum"}, .command = {"go", "mod", "tidy"}, .cwd = "api"}});
  CHECK(wrong("[[merge.generated]]\nfiles = [\"a\"]\n").find("no 'command'") != std::string::npos);
  CHECK(wrong("[[merge.generated]]\ncommand = \"x\"\n").find("no 'files'") != std::string::npos);
}

TEST_CASE("what is wrong with a gate is said with its place") {
  CHECK(wrong("[[gate]]\ncommand = \"x\"\n").find("no 'name'") != std::string::npos);
  CHECK(wrong("[[gate]]\nname = \"x\"\n").find("no 'command'") != std::string::npos);
  CHECK(wrong("[[gate]]\nname = \"a b\"\ncommand = \"x\"\n").find("cannot be called \"a b\"") !=
        std::string::npos);
  CHECK(wrong("[[gate]]\nname = \"x\"\ncommand = \"x\"\n[[gate]]\nname = \"x\"\ncommand = \"y\"\n")
            .find("two entries of 'gate' are called \"x\"") != std::string::npos);
  CHECK(
      wrong("[[merge.test]]\ncommand = \"x\"\nwhen.files = [\"!x\"]\n").find("list of patterns") !=
      std::string::npos);
  CHECK(wrong("[merge]\nprotected = [\"\"]\n").find("list of patterns") != std::string::npos);
}

TEST_CASE("a check for the work of an agent that there is not is told") {
  const std::string misspelt = "command = \"x\"\nwhen.agents = [\"claud\"]\n";
  for (const std::string table : {"[[gate]]\nname = \"x\"\n", "[[merge.test]]\n"}) {
    const std::string told = wrong(table + misspelt);
    CHECK(told.find("there is no agent 'claud'") != std::string::npos);
    CHECK(told.find("did you mean 'claude'?") != std::string::npos);
  }
  CHECK(wrong("[[gate]]\nname = \"x\"\ncommand = \"x\"\nwhen.agents = [\"codex\", \"sh\"]\n")
            .empty());
}

TEST_CASE("a repository adds gates and protected files to the user's, and takes none away") {
  const std::string own =
      "[merge]\nprotected = [\"keys/\"]\n[[gate]]\nname = \"mine\"\ncommand = \"a\"\n";
  const ConfigReading both = read_both(
      own,
      "[merge]\nprotected = [\"db/\", \"keys/\"]\n[[gate]]\nname = \"its\"\ncommand = \"b\"\n");
  CHECK(problems_text(both).empty());
  CHECK(both.config.merge.protected_files == std::vector<std::string>{"keys/", "db/"});
  REQUIRE(both.config.gates.size() == 2);
  CHECK(both.config.gates.back().name == "its");
  const ConfigReading emptied = read_both("", "gate = []\n[merge]\nprotected = []\n");
  CHECK(emptied.config.merge.protected_files == usual_protected());
  CHECK_FALSE(read_both(own, "[[gate]]\nname = \"mine\"\ncommand = \"true\"\n").problems.empty());
  CHECK(read_both("[merge]\nprotected = []\n", "").config.merge.protected_files.empty());
}
