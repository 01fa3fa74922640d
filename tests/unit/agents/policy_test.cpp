// What the user's rules say to a permission, and when they have nothing to say.
#include "agents/policy.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace orch;

namespace {

constexpr PolicyAnswer kAllow = PolicyAnswer::Allow;
constexpr PolicyAnswer kDeny = PolicyAnswer::Deny;
constexpr PolicyAnswer kAsk = PolicyAnswer::Ask;

AgentProfile profile(const std::string& name) {
  AgentProfile profile;
  profile.name = name;
  if (name == "hooked") profile.command_dialogs = {"May I?\n{command}"};
  return profile;
}

PolicyRule rule(PolicyAnswer answer, const std::string& pattern, const std::string& agent = {},
                const std::string& tool = {}) {
  return {"the rule " + pattern, agent, tool, pattern, answer};
}

Ruling judged(const std::vector<PolicyRule>& rules, const Subject& subject,
              const std::string& agent = "hooked", const std::vector<Grant>& grants = {}) {
  Result<Policy> policy = Policy::compile(rules);
  REQUIRE(policy);
  return policy->judge(profile(agent), subject, grants);
}

PolicyAnswer answer(const std::vector<PolicyRule>& rules, const Subject& subject,
                    const std::string& agent = "hooked") {
  return judged(rules, subject, agent).answer;
}

const Subject kMake{"Bash", "make check"};

Dialog dialog_with(std::vector<std::string> rows) {
  rows.emplace_back("❯ 1. Yes");
  rows.emplace_back("  2. No");
  const std::optional<Dialog> dialog = dialog_of({.rows = std::move(rows)});
  REQUIRE(dialog);
  return *dialog;
}

OwnWord says(const std::string& command, const std::string& kind = "permission") {
  return {.event = "PermissionRequest",
          .activity = Activity::Asking,
          .kind = kind,
          .asks_for = {"Bash", command}};
}

}  // namespace

TEST_CASE("the whole command has to match") {
  CHECK(answer({rule(kAllow, "make .*")}, kMake) == kAllow);
  CHECK(judged({rule(kAllow, "make .*")}, kMake).rule == "the rule make .*");
  CHECK(answer({rule(kAllow, "make")}, kMake) == kAsk);
  CHECK(answer({rule(kAllow, "check")}, kMake) == kAsk);
  CHECK(answer({rule(kAllow, "make .*")}, {"Bash", "make check\nrm -rf /"}) == kAsk);
  CHECK(answer({rule(kAllow, "make .*")}, {"Bash", "x; make check"}) == kAsk);
  CHECK(answer({}, kMake) == kAsk);
  CHECK(answer({rule(kAllow, ".*")}, {"Bash", ""}) == kAsk);
}

TEST_CASE("of the rules that match the strongest decides, in whatever order") {
  const PolicyRule allow = rule(kAllow, ".*");
  const PolicyRule ask = rule(kAsk, "make .*");
  const PolicyRule deny = rule(kDeny, ".* check");
  std::vector<PolicyRule> rules{allow, ask, deny};
  std::ranges::sort(rules, {}, &PolicyRule::name);
  do {
    CHECK(answer(rules, kMake) == kDeny);
    CHECK(answer(rules, {"Bash", "make all"}) == kAsk);
    CHECK(judged(rules, {"Bash", "make all"}).rule == ask.name);
    CHECK(answer(rules, {"Bash", "ls"}) == kAllow);
  } while (std::ranges::next_permutation(rules, {}, &PolicyRule::name).found);
}

TEST_CASE("a rule may be for one kind of agent or one tool") {
  CHECK(answer({rule(kAllow, ".*", "other")}, kMake) == kAsk);
  CHECK(answer({rule(kAllow, ".*", "hooked")}, kMake) == kAllow);
  CHECK(answer({rule(kAllow, ".*", "", "Bash")}, kMake) == kAllow);
  CHECK(answer({rule(kAllow, ".*", "", "Write")}, kMake) == kAsk);
}

TEST_CASE("the text of a dialog is allowed only by a rule that is meant for it") {
  const Subject text{"", "Shell · rm -rf / · May I?"};
  CHECK(answer({rule(kAllow, ".*")}, text, "plain") == kAsk);
  CHECK(answer({rule(kAllow, ".*", "plain", "Bash")}, text, "plain") == kAsk);
  CHECK(answer({rule(kAllow, ".*", "plain")}, text, "plain") == kAllow);
  CHECK(answer({rule(kAllow, ".*", "plain"), rule(kDeny, ".*rm.*", "", "Bash")}, text, "plain") ==
        kDeny);
}

TEST_CASE(
    "what was allowed for the run is exactly that, and a rule that asks or denies is stronger") {
  const std::vector<Grant> grants{{"hooked", kMake}};
  CHECK(judged({}, kMake, "hooked", grants).answer == kAllow);
  CHECK(judged({}, kMake, "hooked", grants).rule == "`approve --always`");
  CHECK(judged({}, kMake, "plain", grants).answer == kAsk);
  CHECK(judged({}, {"Bash", "make check "}, "hooked", grants).answer == kAsk);
  CHECK(judged({}, {"Write", "make check"}, "hooked", grants).answer == kAsk);
  CHECK(judged({rule(kAsk, ".*")}, kMake, "hooked", grants).answer == kAsk);
  CHECK(judged({rule(kDeny, ".*")}, kMake, "hooked", grants).answer == kDeny);
}

TEST_CASE("what a permission is for is sure only where hook and screen say the same") {
  const Dialog dialog = dialog_with({"─────", "May I?", "make check"});
  const AgentProfile hooked = profile("hooked");
  CHECK(subject_of(dialog, hooked, says("make check")) == kMake);
  CHECK_FALSE(subject_of(dialog, hooked, {}).is_sure());
  CHECK_FALSE(subject_of(dialog, hooked, says("make")).is_sure());
  CHECK_FALSE(subject_of(dialog, hooked, says("")).is_sure());
  CHECK_FALSE(subject_of(dialog, hooked, says("make check", "question")).is_sure());
  OwnWord over = says("make check");
  over.activity = Activity::Busy;
  CHECK_FALSE(subject_of(dialog, hooked, over).is_sure());
  OwnWord nameless = says("make check");
  nameless.asks_for.tool.clear();
  CHECK_FALSE(subject_of(dialog, hooked, nameless).is_sure());
  const std::string longest(kLongestSubject + 1, 'x');
  CHECK_FALSE(
      subject_of(dialog_with({"─────", "May I?", longest}), hooked, says(longest)).is_sure());
}

TEST_CASE("without forms it is the whole text of the dialog, if nothing of it is left out") {
  const AgentProfile plain = profile("plain");
  const auto subject = [&plain](std::vector<std::string> rows) {
    return subject_of(dialog_with(std::move(rows)), plain, says("make check")).text;
  };
  CHECK(subject({"─────", "May I run this?", "make check"}) == "May I run this? · make check");
  CHECK(subject({"╭─────╮", "│ May I? │", "│ make │"}) == "May I? · make");
  // A command may have a line in it, or a frame.
  CHECK(subject({"─────", "  rm -rf /", "  ─────", "  May I?", "  make"}).empty());
  CHECK(subject({"─────", "  rm -rf /", "╭─────╮", "  May I?", "  make"}).empty());
  CHECK(subject({"no line above", "May I run this?", "make check"}).empty());
  CHECK(subject({"─────", "a", "b", "c", "d", "e"}).empty());
  CHECK(subject({"─────", "May I?", "echo " + std::string(200, 'x')}).empty());
  // What a screen moves by itself is left out of the text, and may be a part of a command.
  CHECK(subject({"─────", "May I?", "sleep 5s"}).empty());
  CHECK(subject({"─────", "May I?", "> make check"}).empty());
  CHECK(subject({"─────", "May I?", "make check |", "sh"}).empty());
  CHECK(subject({"╭─────╮", "│ May I? │", "│ › make │"}).empty());
  CHECK(subject({"╭─────╮", "│ ╭───╮ │", "│ │ make │ │", "│ ╰───╯ │", "│ May I? │"}) ==
        "make · May I?");
  CHECK(subject({"─────", "May I?", "Tip: x; rm -rf /", "make"}).empty());
  CHECK(subject({"─────", "May I?", "a\x1b[31mb"}).empty());
}
