// How rules are applied to a screen, with rules of our own.
#include "agents/screen/classify.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

ScreenReading read(std::vector<ScreenRule> rules, std::vector<std::string> rows,
                   std::string title = {}) {
  const Result<ScreenRules> compiled = ScreenRules::compile(std::move(rules));
  REQUIRE(compiled);
  return compiled->classify({.rows = std::move(rows), .title = std::move(title)});
}

ScreenRule rule(std::string name, ScreenState state, std::string pattern, ScreenRegion region) {
  return {.name = std::move(name), .state = state, .pattern = std::move(pattern), .region = region};
}

const ScreenRule kBusy = rule("works", ScreenState::Busy, "to stop$", ScreenRegion::Last);
const ScreenRule kIdle = rule("prompt", ScreenState::Idle, "^>", ScreenRegion::Foot);

}  // namespace

TEST_CASE("the first rule that fits decides, and the others are told") {
  const ScreenReading reading = read({kBusy, kIdle}, {"text", ">", "esc to stop"});
  CHECK(reading.state == ScreenState::Busy);
  CHECK(reading.rule == "works");
  CHECK(reading.rows == std::vector<ScreenRow>{{ScreenRegion::Last, 2, "esc to stop"}});
  CHECK(reading.confidence == Confidence::Medium);
  CHECK(reading.ignored ==
        std::vector<IgnoredRule>{{"prompt", ScreenState::Idle, "'works' comes first"}});
}

TEST_CASE("a screen that no rule fits is unknown") {
  const ScreenReading reading = read({kBusy, kIdle}, {"text"});
  CHECK(reading.state == ScreenState::Unknown);
  CHECK(reading.rule.empty());
  CHECK(ScreenRules().classify({.rows = {">"}}).state == ScreenState::Unknown);
  CHECK(read({kBusy}, {}).state == ScreenState::Unknown);
}

TEST_CASE("a dead pane has exited, whatever it shows") {
  const Result<ScreenRules> rules = ScreenRules::compile({kIdle});
  REQUIRE(rules);
  CHECK(rules->classify({.rows = {">"}, .dead = true}).state == ScreenState::Exited);
  CHECK(ScreenRules().classify({.dead = true}).state == ScreenState::Exited);
}

TEST_CASE("a footer counts only at the foot") {
  std::vector<std::string> rows{"press esc to stop"};
  rows.resize(4, "more text");
  CHECK(read({kBusy}, rows).state == ScreenState::Unknown);
  rows.resize(3);
  CHECK(read({kBusy}, rows).state == ScreenState::Busy);
}

TEST_CASE("empty rows do not count as rows of the foot") {
  CHECK(read({kBusy}, {"to stop", "", "a", "  ", "b", ""}).state == ScreenState::Busy);
}

TEST_CASE("each region has its rows") {
  std::vector<std::string> rows{"mark"};
  for (const auto& [region, most] : {std::pair(ScreenRegion::Last, 3),
                                     {ScreenRegion::Foot, 5},
                                     {ScreenRegion::Low, 14},
                                     {ScreenRegion::Screen, 60}}) {
    const std::vector<ScreenRule> rules{rule("r", ScreenState::Idle, "mark", region)};
    rows.resize(static_cast<std::size_t>(most), "x");
    CHECK(read(rules, rows).state == ScreenState::Idle);
    rows.emplace_back("x");
    const bool all = region == ScreenRegion::Screen;
    CHECK(read(rules, rows).state == (all ? ScreenState::Idle : ScreenState::Unknown));
  }
}

TEST_CASE("a rule may ask for the title, also for an empty one") {
  const std::vector<ScreenRule> rules{rule("t", ScreenState::Busy, "^\\* ", ScreenRegion::Title),
                                      rule("none", ScreenState::Idle, "^$", ScreenRegion::Title)};
  CHECK(read(rules, {"x"}, "* work").state == ScreenState::Busy);
  CHECK(read(rules, {"x"}, "* work").confidence == Confidence::High);
  CHECK(read(rules, {"x"}, "").state == ScreenState::Idle);
  CHECK(read(rules, {"* x"}, "other").state == ScreenState::Unknown);
}

TEST_CASE("a second pattern must be there, or must not") {
  ScreenRule both = rule("ask", ScreenState::Permission, "^May I", ScreenRegion::Low);
  both.also = "^enter";
  both.also_region = ScreenRegion::Last;
  both.unless = "^>";
  CHECK(read({both}, {"May I?", "enter: yes"}).state == ScreenState::Permission);
  CHECK(read({both}, {"May I?", "enter: yes"}).confidence == Confidence::High);
  CHECK(read({both}, {"May I?", "enter: yes"}).rows.size() == 2);
  const ScreenReading without = read({both}, {"May I?", "text"});
  CHECK(without.state == ScreenState::Unknown);
  CHECK(without.ignored ==
        std::vector<IgnoredRule>{{"ask", ScreenState::Permission, "'also' is not in last"}});
  CHECK(read({both}, {"May I?", "enter: yes", ">"}).ignored.at(0).why == "'unless' is in low");
}

TEST_CASE("what later output has overtaken does not count") {
  ScreenRule error = rule("failed", ScreenState::Error, "^! ", ScreenRegion::Low);
  error.not_below = "^[!-] ";
  CHECK(read({error}, {"- said", "! broken", ">"}).state == ScreenState::Error);
  CHECK(read({error}, {"! broken", "- went on", ">"}).state == ScreenState::Unknown);
  CHECK(read({error}, {"! broken", "! again", ">"}).state == ScreenState::Error);
  CHECK(read({error}, {"! broken", "- went on", ">"}).ignored.at(0).why == "overtaken by row 2");
}

TEST_CASE("any bytes are read") {
  CHECK(read({kBusy, kIdle}, {"\xff\xfe > \x80", std::string("\0\0", 2)}).state ==
        ScreenState::Unknown);
  CHECK(read({kIdle}, {"\xff", ">\xff"}).state == ScreenState::Idle);
}

TEST_CASE("a wrong pattern is a mistake of its rule") {
  const auto wrong = ScreenRules::compile({rule("r", ScreenState::Idle, "(", ScreenRegion::Low)});
  REQUIRE(!wrong);
  CHECK(wrong.error().what.starts_with("rule 'r': '(' is not a pattern"));
}
