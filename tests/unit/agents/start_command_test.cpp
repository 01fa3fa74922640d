// How agents are started with what they are told.
#include "agents/start_command.hpp"

#include "agents/prompt.hpp"
#include "agents/session.hpp"
#include "catch.hpp"

using namespace orch;

namespace {

using Texts = std::vector<std::string>;

AgentProfile agent(PromptBy prompt = PromptBy::Argument) {
  AgentProfile profile{.name = "x", .command = {"x", "--go"}, .prompt = prompt};
  profile.resumes = true;
  return profile;
}

TaskSpec task() {
  TaskSpec spec;
  spec.id = {"T1"};
  spec.title = "Add a login page";
  spec.body = "\n\nUse the form in a.html.\n\n- and style it\n";
  return spec;
}

AttemptPlace place() {
  return {"orch/T1", "main", "/r/.worktrees/T1", "/r/.tmux-orch/T1.1/prompt", 1, ""};
}

}  // namespace

TEST_CASE("a prompt as argument is one argument, whatever it holds") {
  const std::string text = "a 'b' \"c\"\n$(d) ; {worktree} é";
  const StartCommand start = expand_command(agent(), text, place());
  CHECK(start == StartCommand{{"x", "--go", text}, {}, text, false, {}});
  CHECK(expand_command(agent(), std::string("a\0b", 3), place()).argv.back() == "ab");
}

TEST_CASE("a prompt that is too long for an argument goes into a file") {
  const std::string longest(128 * 1024 - 1, 'x');
  CHECK(expand_command(agent(), longest, place()) ==
        StartCommand{{"x", "--go", longest}, {}, longest, false, {}});
  CHECK(expand_command(agent(), longest + "x", place()) ==
        StartCommand{{"x", "--go", "Read /r/.tmux-orch/T1.1/prompt and do what it says."},
                     {},
                     longest + "x",
                     false,
                     {}});
}

TEST_CASE("a prompt by file or standard input is written to the file") {
  AgentProfile by_file = agent(PromptBy::File);
  by_file.command = {"x", "--file={prompt_file}"};
  CHECK(expand_command(by_file, "text", place()) ==
        StartCommand{{"x", "--file=/r/.tmux-orch/T1.1/prompt"}, {}, "text", false, {}});
  CHECK(expand_command(agent(PromptBy::Stdin), "text", place()) ==
        StartCommand{{"x", "--go"}, {}, "text", true, {}});
}

TEST_CASE("placeholders are replaced in the command and in its wrapper") {
  AgentProfile profile = agent();
  profile.command = {"x", "{attempt_folder}", "{other}", "{prompt_file}"};
  profile.wrapper = {"box", "-v{worktree}:{worktree}"};
  CHECK(expand_command(profile, "text", place()) ==
        StartCommand{{"x", "/r/.tmux-orch/T1.1", "{other}", "/r/.tmux-orch/T1.1/prompt", "text"},
                     {"box", "-v/r/.worktrees/T1:/r/.worktrees/T1"},
                     "text",
                     false,
                     {}});
}

TEST_CASE("the word for a conversation is what its program takes for one of ours, or nothing") {
  AgentProfile profile = agent();
  profile.command = {"x", "{session}", "-c{session}"};
  profile.session_args = {"--id", "{session}"};
  profile.resume = {"resume", "--id={session}"};
  CHECK(takes_session(profile));
  CHECK_FALSE(takes_session(agent()));
  AttemptPlace at = place();
  CHECK(expand_command(profile, "text", at).argv == Texts{"x", "-c", "text"});
  at.session = "3f1c";
  CHECK(expand_command(profile, "text", at).argv == Texts{"x", "--id", "3f1c", "-c3f1c", "text"});
  at.resumes = true;
  CHECK(expand_command(profile, "text", at).argv ==
        Texts{"x", "resume", "--id=3f1c", "-c3f1c", "text"});
}

TEST_CASE("random digits become a UUID") {
  CHECK(session_id_of("0123456789abcdef0123456789abcdef") ==
        "01234567-89ab-4def-a123-456789abcdef");
}

TEST_CASE("an agent that runs scripts gets the task's blocks and nothing else") {
  AgentProfile shell{.name = "sh", .command = {"sh", "-eu", "{prompt_file}"}};
  shell.prompt = PromptBy::Script;
  TaskSpec spec = task();
  spec.script = "touch a\n";
  CHECK(*start_command(shell, spec, place()) ==
        StartCommand{{"sh", "-eu", "/r/.tmux-orch/T1.1/prompt"}, {}, "touch a\n", false, {}});

  spec.script = " \n";
  const auto start = start_command(shell, spec, place());
  REQUIRE_FALSE(start);
  CHECK(start.error() ==
        Error{Fault::Refused, "task T1 has no sh block for agent 'sh' to run",
              "put its commands into a fenced block marked sh, or choose another agent"});
}

TEST_CASE("an agent that reads is started with its prompt, one that is switched off is not") {
  CHECK(start_command(agent(), task(), place())->argv ==
        Texts{"x", "--go", prompt_text(agent(), task(), place())});
  AgentProfile off = agent();
  off.command.clear();
  CHECK(start_command(off, task(), place()).error() ==
        Error{Fault::Refused, "agent 'x' is switched off", ""});
}

TEST_CASE("a variable may name a file of the attempt") {
  AgentProfile profile = agent();
  profile.env = {{"SETTINGS", "{attempt_folder}/files/s.json"}, {"PLAIN", "{allow} x"}};
  const StartCommand start = expand_command(profile, "text", place());
  CHECK(start.env.at("SETTINGS") == "/r/.tmux-orch/T1.1/files/s.json");
  CHECK(start.env.at("PLAIN") == " x");
}

TEST_CASE("what is for our tools by MCP is left out where the agent has none") {
  AgentProfile profile = agent();
  profile.command = {"run", "{rights}", "{mcp}--tools={worktree}", "{mcp}"};
  profile.asking_flags = {"{mcp}--allow=tools"};
  profile.env = {{"TOOLS", "{mcp}x"}, {"PLAIN", "y"}};
  profile.files = {{"a.json", "{\n{mcp}\"tools\": 1,\n}"}};
  const AttemptPlace here = place();
  const StartCommand with = expand_command(profile, "go", here);
  CHECK(with.argv ==
        std::vector<std::string>{"run", "--allow=tools", "--tools=" + here.worktree, "", "go"});
  CHECK(with.env.at("TOOLS") == "x");
  CHECK(with.files.at("a.json") == "{\n\"tools\": 1,\n}");
  profile.mcp = false;
  const StartCommand without = expand_command(profile, "go", here);
  CHECK(without.argv == std::vector<std::string>{"run", "go"});
  CHECK(without.env.size() == with.env.size() - 1);
  CHECK(without.files.at("a.json") == "{\n}");
}

TEST_CASE("what an agent's program asks is said by the user, and so is whether it is trusted") {
  AgentProfile profile = agent();
  profile.command = {"run", "{rights}", "-i"};
  profile.allow = {"ls"};
  profile.allow_format = "{command}";
  profile.asking_flags = {"--ask", "--allow={allow}"};
  profile.unattended_flags = {"--all"};
  profile.trust_flags = {"--trusted"};
  AttemptPlace here = place();
  const auto words = [&] { return expand_command(profile, "go", here).argv; };
  using Words = std::vector<std::string>;
  CHECK(words() == Words{"run", "--ask", "--allow=ls", "-i", "go"});
  here.trusted = true;
  CHECK(words() == Words{"run", "--ask", "--allow=ls", "--trusted", "-i", "go"});
  here.trusted = false;
  here.unattended = true;
  CHECK(words() == Words{"run", "--all", "--trusted", "-i", "go"});
  profile.command = {"run", "-{rights}"};
  CHECK(words() == Words{"run", "-{rights}", "go"});
}
