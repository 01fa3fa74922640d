// What agents may run without asking, and how their programs are told.
#include "agents/allowed.hpp"

#include "agents/filled.hpp"
#include "agents/start_command.hpp"
#include "catch.hpp"

#include <array>

using namespace orch;

namespace {

using Texts = std::vector<std::string>;

AgentProfile agent(Texts allow) {
  AgentProfile profile{.name = "x", .command = {"x", "--allow={allow}", "-i"}};
  profile.allow = std::move(allow);
  profile.allow_format = "Run({command}:*)";
  return profile;
}

AttemptPlace place() {
  return {.branch = "orch/T1",
          .base = "main",
          .worktree = "/r/my trees/T1",
          .prompt_file = "/r/runs/T1.1/prompt"};
}

}  // namespace

TEST_CASE("what is put into a text is not looked at again") {
  const std::array both{Placeholder{"{a}", "{b}"}, Placeholder{"{b}", "{a}"}};
  CHECK(filled("{a}{b}{c}{", both) == "{b}{a}{c}{");
}

TEST_CASE("a git command is allowed for the worktree's path as well, and no other") {
  CHECK(allowed_commands(agent({"ls *", "git merge --abort", "cd {worktree}"}), place()) ==
        Texts{"ls *", "git merge --abort", "git -C '/r/my trees/T1' merge --abort",
              "cd '/r/my trees/T1'"});
}

TEST_CASE("the tests are allowed as they are written, with arguments when they have some") {
  AttemptPlace tested = place();
  tested.tests = {{.command = {"make", "check"}},
                  {.command = {"./check.sh"}, .cwd = "apps/api"},
                  {.command = {"sh", "-c", "a && b"}},
                  {.command = {"sh", "-c", "a\nb"}}};
  CHECK(allowed_commands(agent({}), tested) ==
        Texts{"make check *", "cd apps/api", "./check.sh", "sh -c 'a && b' *"});
}

TEST_CASE("each is written as the agent's program wants it") {
  AgentProfile profile = agent({"ls *", "pwd"});
  CHECK(written_allowed(profile, place()) == Texts{"Run(ls:*)", "Run(pwd:*)"});
  profile.allow_exact = "Run({command})";
  CHECK(written_allowed(profile, place()) == Texts{"Run(ls:*)", "Run(pwd)"});
  profile.allow_format = "{quoted}";
  profile.allow = {R"(say "a\b" *)"};
  CHECK(written_allowed(profile, place()) == Texts{R"("say \"a\\b\"")"});
  profile.allow_format.clear();
  CHECK(written_allowed(profile, place()).empty());
}

TEST_CASE("a word or a line of a file is there once for each allowed command") {
  AgentProfile profile = agent({"ls *", "pwd"});
  profile.files = {{"policy", "rule = [\n  {allow},\n]\n# {worktree}\n"}};
  const StartCommand start = expand_command(profile, "go", place());
  CHECK(start.argv == Texts{"x", "--allow=Run(ls:*)", "--allow=Run(pwd:*)", "-i", "go"});
  CHECK(start.files.at("policy") == "rule = [\n  Run(ls:*),\n  Run(pwd:*),\n]\n# /r/my trees/T1\n");
  profile.allow.clear();
  CHECK(expand_command(profile, "go", place()).argv == Texts{"x", "-i", "go"});
}
