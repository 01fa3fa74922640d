// What an agent is told about work that did not land.
#include "agents/return_text.hpp"

#include "agents/retry_text.hpp"
#include "catch.hpp"

using namespace orch;

namespace {

using Base = ReturnPlace::Base;

ReturnPlace place(Base base) {
  ReturnPlace place;
  place.task = "T1";
  place.branch = "main";
  place.commit = "4f2a";
  place.reason = "its tests fail on the merged tree: `make check` exited with 2";
  place.output = {"FAIL: \x1b[31mparser\x1b[0m", "1 of 3 failed"};
  place.base = base;
  place.tests = {{{"make", "check it"}, "", std::chrono::minutes(1)}};
  return place;
}

AgentProfile agent() {
  return {.name = "x", .command = {"x"}};
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a red test is told with its last lines, as data") {
  const std::string text = return_text(agent(), place(Base::Merged));
  CHECK(says(text,
             "Your work on T1 did not land: its tests fail on the merged tree: `make check` exited "
             "with 2\n> FAIL: "));
  CHECK(says(text, "\n> 1 of 3 failed\n\nmain is merged into your branch by now"));
  CHECK_FALSE(says(text, "\x1b"));
  CHECK(says(text, "Run the tests before you report:\n    make 'check it'\n"));
  CHECK(says(text, "Then commit, and report again: tmux-orch done -m "));
}

TEST_CASE("a conflict is told with what both sides changed and who did") {
  ReturnPlace conflict = place(Base::Conflicts);
  conflict.conflicts = {"a.c", "b.c"};
  conflict.files = {{"a.c", {"@@ -1 +1 @@", "+mine"}, {"+theirs"}, {"T2: greet"}}};
  const std::string text = return_text(agent(), conflict);
  CHECK(says(text, "These files have conflict marks:\n- a.c\n- b.c\n\na.c\n"));
  CHECK(says(text, "changed on main by:\n> T2: greet\n"));
  CHECK(says(text, "what that changed:\n> +theirs\n"));
  CHECK(says(text, "what you changed:\n> @@ -1 +1 @@\n> +mine\n"));
  CHECK(says(text, "end the merge with: git commit --no-edit\n"));
  CHECK(says(text, "For this you may merge, although you were told not to."));
}

TEST_CASE("very many conflicts are some names and a number") {
  ReturnPlace conflict = place(Base::Conflicts);
  for (int i = 0; i < 25; ++i)
    conflict.conflicts.push_back("f" + std::to_string(i));
  const std::string text = return_text(agent(), conflict);
  CHECK(says(text, "- f19\n- and 5 more\n"));
  CHECK_FALSE(says(text, "f20"));
}

TEST_CASE("files with very much in them do not push out what is to be done") {
  ReturnPlace conflict = place(Base::Conflicts);
  const std::vector<std::string> lines(60, std::string(600, 'x'));
  conflict.files = {4, ReturnedFile{"a.c", lines, {}, {}}};
  const std::string text = return_text(agent(), conflict);
  CHECK(text.size() < 64u << 10);
  CHECK(says(text, "report again: tmux-orch done -m "));
}

TEST_CASE("who could not have the base merged is told to do it, and why") {
  ReturnPlace open = place(Base::NotMerged);
  open.why_not = "it has changes that are in no commit";
  const std::string text = return_text(agent(), open);
  CHECK(says(text,
             "main could not be merged into your branch: it has changes that are in no commit."));
  CHECK(says(text, "run: git merge --no-edit 4f2a\n"));
}

TEST_CASE(
    "an agent that commits nothing itself ends a merge all the same, and is not told to commit "
    "else") {
  AgentProfile profile = agent();
  profile.commit = true;
  CHECK(says(return_text(profile, place(Base::Conflicts)), "Then commit, and report again"));
  CHECK(says(return_text(profile, place(Base::Merged)), "Then report again"));
}

TEST_CASE("a script is told where it begins, and of no report") {
  AgentProfile shell = agent();
  shell.done = DoneBy::Exit;
  ReturnPlace fresh = place(Base::Fresh);
  fresh.earlier = "refs/orch/rescue/r/T1.1";
  const std::string text = return_text(shell, fresh);
  CHECK(says(text,
             "This attempt begins at the newest main. The work that did not land is kept as "
             "refs/orch/rescue/r/T1.1.\n"));
  CHECK_FALSE(says(text, "tmux-orch done"));
  CHECK_FALSE(says(text, "you may merge"));
}

TEST_CASE("a further attempt is told of the landing instead of a failure, or besides another one") {
  AttemptPlace second{"orch/T1", "main", "/w/T1", "/a/T1.2/prompt", 2, "its tests fail"};
  second.feedback = "Your work on T1 did not land: its tests fail\n";
  second.cause = ReasonKind::TestsFail;
  CHECK(retry_text(agent(), second) ==
        "This is attempt 2.\nYour work on T1 did not land: its tests fail\n");
  second.cause = ReasonKind::Killed;
  second.last_failure = "was killed together with its shim";
  const std::string text = retry_text(agent(), second);
  CHECK(says(text, "The one before failed:\n> was killed"));
  CHECK(text.ends_with("\nYour work on T1 did not land: its tests fail\n"));
}
