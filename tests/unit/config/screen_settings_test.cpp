// The rules for an agent's screen: what is read, what replaces what, and what is a mistake.
#include "catch.hpp"
#include "reading.hpp"

using namespace orch;
using test::problems_in;
using test::read_file_text;

namespace {

const std::string kBusy = "[[agents.claude.screen]]\nname = 'works'\nstate = 'busy'\n";

}  // namespace

TEST_CASE("a rule for a screen is read with all its parts") {
  const ConfigReading reading = read_file_text(kBusy +
                                               "pattern = 'to stop$'\nregion = 'foot'\n"
                                               "also = '^>'\nalso_region = 'low'\n"
                                               "unless = 'done'\nunless_region = 'title'\n"
                                               "not_below = '^- '\n");
  CHECK(reading.problems.empty());
  CHECK(reading.config.agents.at("claude").screen ==
        std::vector<ScreenRule>{{.name = "works",
                                 .state = ScreenState::Busy,
                                 .pattern = "to stop$",
                                 .region = ScreenRegion::Foot,
                                 .also = "^>",
                                 .also_region = ScreenRegion::Low,
                                 .unless = "done",
                                 .unless_region = ScreenRegion::Title,
                                 .not_below = "^- "}});
}

TEST_CASE("a later layer's rules take the place of the list before them") {
  const std::string one = kBusy + "pattern = 'one'\n";
  const std::string two = kBusy + "pattern = 'two'\n";
  const ConfigReading reading = parse_config({{"a", one}, {"b", two}}, {}, {});
  CHECK(reading.problems.empty());
  REQUIRE(reading.config.agents.at("claude").screen.size() == 1);
  CHECK(reading.config.agents.at("claude").screen[0].pattern == "two");
  CHECK(reading.config.agents.at("codex").screen ==
        read_file_text("").config.agents.at("codex").screen);
}

TEST_CASE("an empty list takes all rules away") {
  CHECK(read_file_text("[agents.claude]\nscreen = []").config.agents.at("claude").screen.empty());
}

TEST_CASE("a mistake in a rule is shown where it stands") {
  CHECK(problems_in(kBusy + "pattern = '(a'") ==
        "f:4:11: 'agents.claude.screen.pattern' is not a pattern: missing ): (a\n"
        "  write it in single quotes, as RE2 reads it");
  CHECK(problems_in(kBusy + "pattern = 'a'\nunless = '[b'") ==
        "f:5:10: 'agents.claude.screen.unless' is not a pattern: missing ]: [b\n"
        "  write it in single quotes, as RE2 reads it");
  CHECK(problems_in(kBusy + "pattern = 'a'\nregion = 'top'") ==
        "f:5:10: 'agents.claude.screen.region' cannot be \"top\"\n"
        "  it can be title, last, foot, low or screen");
  CHECK(problems_in("[[agents.claude.screen]]\nname = 'x'\nstate = 'tired'\npattern = 'a'")
            .starts_with("f:3:9: 'agents.claude.screen.state' cannot be \"tired\"\n"));
  CHECK(problems_in("[[agents.claude.screen]]\nname = 'x'\nstate = 'exited'\npattern = 'a'")
            .starts_with("f:3:9: 'agents.claude.screen.state' cannot be \"exited\"\n"));
  CHECK(problems_in(kBusy + "patern = 'a'\npattern = 'a'") ==
        "f:4:1: unknown key 'agents.claude.screen.patern'\n"
        "  did you mean 'agents.claude.screen.pattern'?");
}

TEST_CASE("a rule says what it is called, what it means and what it looks for") {
  CHECK(problems_in("[[agents.claude.screen]]\nname = 'x'\nstate = 'busy'") ==
        "f:1:1: an entry of 'agents.claude.screen' has no 'pattern'");
  CHECK(problems_in("[agents.claude]\nscreen = 'busy'") ==
        "f:2:10: 'agents.claude.screen' must be a list of tables, not the text \"busy\"\n"
        "  write [[agents.NAME.screen]]");
}

TEST_CASE("a list with a mistake leaves the rules as they were") {
  const ConfigReading reading = read_file_text(kBusy + "pattern = '(a'");
  CHECK(reading.has_errors());
  CHECK(reading.config.agents.at("claude").screen ==
        read_file_text("").config.agents.at("claude").screen);
}

TEST_CASE("a pattern that is too large is refused") {
  CHECK(problems_in(kBusy + "pattern = '((a{100}){100}){100}'").find("is not a pattern") !=
        std::string::npos);
  CHECK(problems_in(kBusy + "pattern = '" + std::string(2000, 'a') + "'").find("longer than") !=
        std::string::npos);
}
