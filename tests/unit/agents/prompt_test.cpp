// What agents are told.
#include "agents/prompt.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

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

TEST_CASE("the first prompt holds the task and the rules") {
  CHECK(prompt_text(agent(), task(), place()) == R"(Task T1: Add a login page

Use the form in a.html.

- and style it

Rules:
- Work only in /r/.worktrees/T1. It is a git worktree of its own, on the branch orch/T1, which starts from main.
- Stay on this branch. Do not push, merge or rebase, and change nothing outside of the folder.
- Do not tick the task in a task file: that is done when your work is merged.
- Commit your work on this branch. Only what is committed counts.
- When it is finished, run: tmux-orch done -m "what you did, in one sentence"
- If you cannot go on, run: tmux-orch blocked "why"
- On a long task, tell how far you are (0 to 1) with: tmux-orch progress 0.5
)");
}

TEST_CASE("a task without a body is its title") {
  TaskSpec spec = task();
  spec.body = " \n ";
  CHECK(prompt_text(agent(), spec, place())
            .starts_with("Task T1: Add a login page\n\nRules:\n- Work only in"));
}

TEST_CASE("an agent that is committed for and ends by itself is told so") {
  AgentProfile profile = agent();
  profile.commit = true;
  profile.done = DoneBy::Exit;
  const std::string text = prompt_text(profile, task(), place());
  CHECK(text.find("- You need not commit: what you leave in the folder is committed.\n") !=
        std::string::npos);
  CHECK(text.find("- When it is finished, end with status 0.\n") != std::string::npos);
  CHECK(text.find("tmux-orch done") == std::string::npos);
}

TEST_CASE("a retry says why the last attempt failed") {
  AttemptPlace second = place();
  second.attempt = 2;
  second.last_failure = "\ntest 'make check' failed:\nbroken.c:3\n\n";
  const std::string text = prompt_text(agent(), task(), second);
  CHECK(
      text.ends_with("tmux-orch progress 0.5\n"
                     "\nThis is attempt 2. The one before failed:\n"
                     "test 'make check' failed:\nbroken.c:3\n"
                     "\nIts work may still be here: look at git status and git log before you go "
                     "on.\n"));
  AgentProfile clean = agent();
  clean.resumes = false;
  CHECK(prompt_text(clean, task(), second).ends_with("failed:\nbroken.c:3\n"));
}

TEST_CASE("of a long failure the end is told, in whole characters") {
  AttemptPlace second = place();
  second.last_failure = "begin ";
  for (int i = 0; i < 5000; ++i) {
    second.last_failure += "é";
  }
  second.last_failure += "x";  // so that the cut falls into a character
  const std::string text = prompt_text(agent(), task(), second);
  CHECK(text.find("begin") == std::string::npos);
  const std::size_t at = text.find("failed:\n") + 8;
  CHECK(text.substr(at, 2) == "é");
  CHECK(text.size() < 10'000);
}

TEST_CASE("a hostile title cannot begin a prompt or break its line") {
  TaskSpec spec = task();
  spec.id = {"--help"};
  spec.title = "a\n/quit\x1b[2J";
  const std::string text = prompt_text(agent(), spec, place());
  CHECK(text.starts_with("Task --help: a /quit"));
  CHECK(text.find('\x1b') == std::string::npos);
}
