// Where what has landed goes, which is the user's to say.
#include "catch.hpp"
#include "config/rules_from.hpp"
#include "reading.hpp"

using namespace orch;
using test::problems_in;
using test::problems_text;

TEST_CASE("nothing is pushed unless the user's file says so") {
  CHECK(test::read_file_text("").config.push == PushRules{});
  const ConfigReading reading = test::read_file_text(
      "[push]\nwhen = \"landing\"\nremote = \"fork\"\nbranch = \"agents/{base}-{run}\"\n"
      "command = [\"gh\", \"{branch}\"]");
  CHECK(problems_text(reading).empty());
  const PushRules expected{PushWhen::Landing, "fork", "agents/{base}-{run}", {"gh", "{branch}"}};
  CHECK(reading.config.push == expected);
  const Rules rules = rules_from(reading.config);
  CHECK(rules.push == PushWhen::Landing);
  CHECK(rules.push_remote == "fork");
  CHECK(rules.push_command);
}

TEST_CASE("a repository's file says nothing about pushes") {
  for (const std::string setting :
       {"when = \"end\"", "remote = \"x\"", "branch = \"x\"", "command = [\"x\"]"}) {
    INFO(setting);
    const ConfigReading reading =
        parse_config({{"repo", "[push]\n" + setting, LayerOwner::Repository}}, {}, {});
    const std::string key = setting.substr(0, setting.find(' '));
    CHECK(problems_text(reading).find("'push." + key +
                                      "' gives rights, and a repository's file cannot") !=
          std::string::npos);
    CHECK(reading.has_errors());
    CHECK(reading.config.push == PushRules{});
  }
}

TEST_CASE("what git would take for something else is no remote and no branch") {
  CHECK(problems_in("push.remote = \"--exec=x\"") ==
        "f:1:15: 'push.remote' cannot be \"--exec=x\"\n  `git remote` lists those that there are");
  CHECK_FALSE(problems_in("push.remote = \"\"").empty());
  CHECK(problems_in("push.branch = \"a b\"") ==
        R"(f:1:15: 'push.branch': "a b" cannot be a branch: it has one of ' ~^:?*[\' in it)");
  CHECK(problems_in("push.branch = \"x/{id}\"") ==
        "f:1:15: 'push.branch' has a '{' or '}' of no placeholder\n"
        "  the placeholders are {base} and {run}");
  CHECK(problems_in("push.branch = \"\"").empty());
}
