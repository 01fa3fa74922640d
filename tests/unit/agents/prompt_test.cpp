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

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the first prompt holds the task, the rules, and last how to report") {
  CHECK(prompt_text(agent(), task(), place()) == R"(Task T1: Add a login page

Use the form in a.html.

- and style it

Rules:
- Work only in /r/.worktrees/T1. It is a git worktree of its own, on the branch orch/T1, which starts from main. Run commands there, without cd.
- Stay on this branch. Do not push, merge or rebase, and change nothing outside of the folder.
- Others work on the other tasks at the same time, in folders of their own. Do this task only, whatever else a task file lists, and do not tick it there: that is done when your work is merged.
- You work unattended: nobody answers a question or approves anything. Decide yourself, or say that you are blocked, as below.
- Commit your work on this branch. Only what is committed counts. You cannot report it as done while files are uncommitted: delete your scratch files, or have git ignore them, instead of committing them.

On a long task, tell how far you are, from 0 to 1: tmux-orch progress 0.5

The task is over only when one of these two commands has said "recorded"; nobody reads a summary in the chat. Keep the single quotes, and use no apostrophe between them.
  tmux-orch done -m 'what you did, in one sentence'
  tmux-orch blocked 'why you cannot go on'
)");
}

TEST_CASE("the files that a task names are told") {
  TaskSpec spec = task();
  spec.files = {"src/config.c", "src/main.c", "a.h"};
  spec.creates = {"src/config.c"};
  CHECK(says(prompt_text(agent(), spec, place()),
             "style it\n\nFiles: create src/config.c; change src/main.c, a.h\n\nRules:\n"));
  spec.creates.clear();
  CHECK(
      says(prompt_text(agent(), spec, place()), "\nFiles: change src/config.c, src/main.c, a.h\n"));
  CHECK_FALSE(says(prompt_text(agent(), task(), place()), "Files:"));
}

TEST_CASE("what the task needs is in its branch, and the agent knows") {
  AttemptPlace below = place();
  below.merged_needs = {"T0", "T7"};
  CHECK(says(prompt_text(agent(), task(), below),
             "- What it needs is in your branch already: T0, T7. See git log.\n"));
}

TEST_CASE("an agent knows that its worktree has some folders only") {
  AttemptPlace sparse = place();
  sparse.sparse = {"apps/web", "libs"};
  CHECK(
      says(prompt_text(agent(), task(), sparse),
           "- The folder has a part of the repository: apps/web, libs, and the files at the root. "
           "What you miss is not gone: git sparse-checkout add FOLDER brings another folder. "
           "Git adds files elsewhere only with git add --sparse.\n"));
  CHECK_FALSE(says(prompt_text(agent(), task(), place()), "part of the repository"));
}

TEST_CASE("the tests that must pass are told as they are run") {
  AttemptPlace tested = place();
  tested.tests = {
      {.command = {"npm", "test"}},
      {.command = {"sh", "-c", "a b"}, .cwd = "web", .env = {{"CI", "1"}, {"NAME", "a b"}}}};
  CHECK(
      says(prompt_text(agent(), task(), tested),
           "- Before your work lands these tests must pass: `npm test`, `sh -c 'a b'` in web with "
           "CI=1 NAME='a b'. Run them before you report.\n"));
}

TEST_CASE("a task without a body is its title") {
  TaskSpec spec = task();
  spec.body = " \n ";
  CHECK(prompt_text(agent(), spec, place())
            .starts_with("Task T1: Add a login page\n\nRules:\n- Work only in"));
}

TEST_CASE("an agent that is committed for does not try it itself") {
  AgentProfile profile = agent();
  profile.commit = true;
  const std::string text = prompt_text(profile, task(), place());
  CHECK(says(text,
             "- Do not run git commit: git's folder may be read-only here. All that you leave "
             "in the folder is committed for you"));
  CHECK_FALSE(says(text, "Commit your work"));
}

TEST_CASE("an agent whose end counts is not told to report") {
  AgentProfile profile = agent();
  profile.done = DoneBy::Exit;
  const std::string text = prompt_text(profile, task(), place());
  CHECK(
      text.ends_with("When the task is finished, end with status 0. If you cannot go on, run:\n"
                     "  tmux-orch blocked 'why'\n"));
  CHECK_FALSE(says(text, "tmux-orch done"));
  CHECK_FALSE(says(text, "report it as done"));
}

TEST_CASE("a hostile title cannot begin a prompt or break its line") {
  TaskSpec spec = task();
  spec.id = {"--help"};
  spec.title = "a\n/quit\x1b[2J";
  const std::string text = prompt_text(agent(), spec, place());
  CHECK(text.starts_with("Task --help: a /quit"));
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("what the task file says of all tasks is told, set off from the task") {
  AttemptPlace attempt = place();
  attempt.introduction = "# Parser\n\nUse C11 only.";
  CHECK(
      says(prompt_text(agent(), task(), attempt),
           "\nThe task file says of all its tasks:\n> # Parser\n> \n> Use C11 only.\n\nRules:\n"));
}

TEST_CASE("an agent is told to report in the way of its profile, and in no other") {
  AgentProfile profile = agent();
  AttemptPlace here = place();
  here.agent_id = "T1.1";
  here.marker_code = "4f1c9ad2";
  here.sends = true;
  profile.reports = ReportBy::File;
  const std::string file = prompt_text(profile, task(), here);
  CHECK(says(file, R"({"agentId": "T1.1", "taskId": "T1", "status": "done", "message": )"));
  CHECK_FALSE(says(file, "tmux-orch "));
  profile.reports = ReportBy::Markers;
  const std::string markers = prompt_text(profile, task(), here);
  CHECK(says(markers, "TMUX-ORCH[CODE] DONE what you did, in one sentence [CODE]"));
  CHECK(says(markers, "4f1c followed by 9ad2"));
  CHECK_FALSE(says(markers, "4f1c9ad2"));
  CHECK_FALSE(says(markers, "tmux-orch "));
  profile.done = DoneBy::Exit;
  CHECK(says(prompt_text(profile, task(), here), "end with status 0"));
}
