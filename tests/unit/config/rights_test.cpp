// What gives rights counts from the user's layers alone; a repository's file can only narrow.
#include "catch.hpp"
#include "config/narrowing.hpp"
#include "reading.hpp"

using namespace orch;
using test::problems_text;

namespace {

ConfigReading read(const std::string& user, const std::string& repository,
                   const Environment& environment = {}, const std::vector<ConfigFlag>& flags = {}) {
  return parse_config({{"user", user}, {"repo", repository, LayerOwner::Repository}}, environment,
                      flags);
}

const std::string kMine = "[agents.mine]\ncommand = \"mine\"\nallow = [\"ls *\", \"pwd\"]\n";

}  // namespace

TEST_CASE("A repository's file gives no rights to an agent that there is without it") {
  for (const std::string name : {"claude", "sh", "mine"}) {
    for (const std::string setting :
         {"command = [\"evil\"]", "wrapper = [\"evil\"]", "env = { PATH = \"/evil\" }",
          "prompt = \"file\"", "keep_tmux = true", "allow_format = \"{command} && evil\"",
          "allow_exact = \"x\"", "files = { \"a\" = \"b\" }", "trust_flags = [\"--trust\"]",
          "asking_flags = [\"--yolo\"]", "unattended_flags = [\"--yolo\"]",
          "sandbox_env = { A = \"1\" }", "home_writable = [\".ssh\"]", "home_protected = []",
          "screen = []", "command_dialogs = [\"x\"]"}) {
      const std::string table = "[agents." + name + "]\n" + setting;
      INFO(table);
      const ConfigReading from_repository = read(kMine, table);
      const std::string key = setting.substr(0, setting.find(' '));
      CHECK(problems_text(from_repository)
                .starts_with("repo:2:" + std::to_string(key.size() + 4) + ": 'agents." + name +
                             "." + key + "' gives rights, and a repository's file cannot\n"));
      CHECK(from_repository.has_errors());
      CHECK(from_repository.config == read(kMine, "").config);
      if (key != "prompt")
        CHECK(problems_text(read(kMine + "\n" + table, "")).find("rights") == std::string::npos);
    }
  }
}

TEST_CASE("What a repository's file wants to allow besides is left out, with its line") {
  const ConfigReading reading =
      read(kMine,
           "[agents.mine]\nallow = [\n  \"ls -l\",\n  \"rm *\",\n  \"pwd\",\n  \"ls; rm\"]\n"
           "[agents.codex]\nallow = [\"ls\"]");
  CHECK(reading.config.agents.at("mine").allow == std::vector<std::string>{"ls -l", "pwd"});
  CHECK(reading.config.agents.at("codex").allow.empty());
  CHECK_FALSE(reading.has_errors());
  REQUIRE(reading.problems.size() == 3);
  CHECK(to_text(reading.problems[0])
            .starts_with("repo:4:3: 'agents.mine.allow': \"rm *\" is left "
                         "out"));
  CHECK(reading.problems[1].problem.line == 6);
  CHECK(reading.problems[2].problem.line == 8);
  // The user's own layers above it count as ever.
  const ConfigReading above =
      read(kMine, "[agents.mine]\nallow = []", {{"TMUX_ORCH_AGENTS_MINE_ALLOW", "[\"rm *\"]"}});
  CHECK(problems_text(above).empty());
  CHECK(above.config.agents.at("mine").allow == std::vector<std::string>{"rm *"});
}

TEST_CASE("Arguments are allowed where the list has a star, as plain words alone") {
  const std::vector<std::string> list{"git diff *", "make"};
  for (const char* entry :
       {"git diff", "git diff *", "git diff --stat *", "git diff a/b.c", "make"})
    CHECK(allows(list, entry));
  for (const char* entry : {"git", "git *", "git difftool", "git diff; rm -rf /", "git diff $(x)",
                            "git diff > x", "make *", "make all", "", "*", "git diff\nrm"})
    CHECK_FALSE(allows(list, entry));
}

TEST_CASE("Unattended, sandbox and trust are the user's; a repository's file can say no") {
  for (const char* wide :
       {"unattended = true", "sandbox = false", "sandbox = \"auto\"", "sandbox_read = [\"/\"]",
        "sandbox_write = [\"/\"]", "trusted_roots = [\"/r\"]"}) {
    INFO(wide);
    CHECK(read("", wide).has_errors());
    CHECK(read("", wide).config == read("", "").config);
    CHECK_FALSE(read(wide, "").has_errors());
  }
  const ConfigReading narrow =
      read("unattended = true\nsandbox = false", "unattended = false\nsandbox = true");
  CHECK(problems_text(narrow).empty());
  CHECK_FALSE(narrow.config.unattended);
  CHECK(narrow.config.sandbox == SandboxRule::On);
  const ConfigReading flags =
      read("", "unattended = false\nsandbox = true", {{"TMUX_ORCH_UNATTENDED", "true"}},
           {{"--no-sandbox", "sandbox", "false"}});
  CHECK(problems_text(flags).empty());
  CHECK(flags.config.unattended);
  CHECK(flags.config.sandbox == SandboxRule::Off);
}

TEST_CASE("A repository's file can deny and ask for more, and neither allow nor undo a rule") {
  const std::string mine =
      "[[policy]]\npattern = 'make .*'\nanswer = \"allow\"\n"
      "[[policy]]\npattern = 'rm .*'\nanswer = \"deny\"\n";
  const ConfigReading both =
      read(mine, "[[policy]]\nagent = \"claude\"\npattern = 'make x'\nanswer = \"ask\"");
  CHECK(problems_text(both).empty());
  REQUIRE(both.config.policy.size() == 3);
  CHECK(both.config.policy[0] ==
        PolicyRule{"rule 1 of user", "", "", "make .*", PolicyAnswer::Allow});
  CHECK(both.config.policy[1].name == "rule 2 of user");
  CHECK(both.config.policy[2] ==
        PolicyRule{"rule 1 of repo", "claude", "", "make x", PolicyAnswer::Ask});
  CHECK(read(mine, "policy = []").config.policy.size() == 2);
  const ConfigReading wide = read(mine, "[[policy]]\npattern = '.*'\nanswer = \"allow\"");
  CHECK(problems_text(wide).starts_with(
      "repo:3:10: 'policy.answer' gives rights, and a repository's file cannot\n"));
  CHECK(wide.config.policy.size() == 2);
  const ConfigReading flag =
      read("", "", {{"TMUX_ORCH_POLICY", "[{pattern = \"ls\", answer = \"allow\"}]"}});
  CHECK(problems_text(flag).empty());
  REQUIRE(flag.config.policy.size() == 1);
  CHECK(flag.config.policy[0].name == "rule 1 of TMUX_ORCH_POLICY");
}

TEST_CASE("A rule that could not match what it is meant for is a mistake, with its place") {
  CHECK(problems_text(read("[[policy]]\npattern = '('\nanswer = \"deny\"", ""))
            .starts_with("user:2:11: 'policy.pattern' is not a pattern: "));
  CHECK(problems_text(read("[[policy]]\nagent = \"cluade\"\npattern = 'x'\nanswer = \"deny\"", ""))
            .starts_with("user:2:9: there is no agent 'cluade'\n  did you mean 'claude'?"));
  CHECK(problems_text(read("[[policy]]\npattern = 'x'", ""))
            .starts_with("user:1:1: an entry of 'policy' has no 'answer'"));
  CHECK(read("[[policy]]\nanswer = \"deny\"", "").has_errors());
  CHECK(read("[[policy]]\npattern = 'x'\nanswer = \"yes\"", "").has_errors());
  CHECK(read("policy = \"deny\"", "").has_errors());
  for (const char* form : {"{command}", "May I?", ""}) {
    const std::string table = std::string("[agents.claude]\ncommand_dialogs = [\"") + form + "\"]";
    CHECK(problems_text(read(table, "")).find("does not show what is asked for") !=
          std::string::npos);
  }
}

TEST_CASE(
    "A repository makes up agents of its own, switches others off and sets what is no right") {
  const ConfigReading reading =
      read(kMine,
           "[agents.theirs]\ncommand = \"x\"\nenv = { A = \"1\" }\nallow = [\"rm *\"]\n"
           "[agents.claude]\ncommand = []\n"
           "[agents.mine]\nmax_parallel = 2\ncommit = true\ndone = \"exit\"\nautomatic = false");
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.agents.at("theirs").of_repository);
  CHECK(reading.config.agents.at("theirs").allow.size() == 1);
  CHECK(reading.config.agents.at("claude").command.empty());
  CHECK(reading.config.agents.at("mine").max_parallel == 2);
  CHECK_FALSE(reading.config.agents.at("mine").of_repository);
}
