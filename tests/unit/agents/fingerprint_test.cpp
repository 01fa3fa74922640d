// What moves by itself on a screen, and what is progress.
#include "agents/screen/fingerprint.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

bool same(std::string one, std::string two) {
  return fingerprint({.rows = {std::move(one), "foot"}}) ==
         fingerprint({.rows = {std::move(two), "foot"}});
}

}  // namespace

TEST_CASE("spinners, running times and clocks do not count") {
  CHECK(same("⠋ Compiling... (12s)", "⠙ Compiling... (1m 03s)"));
  CHECK(same("◐ at it 1.5s", "◓ at it 12.0s"));
  CHECK(same("■■⬝⬝ stop", "⬝⬝■■ stop"));
  CHECK(same("ended at 12:48 AM", "ended at 1:07 PM"));
  CHECK(same("ended at 00:51", "ended at 23:59:59"));
  CHECK(same("● running", "  running"));
}

TEST_CASE("the phrase of a spinner does not count, what it counts does") {
  CHECK(same("✻ Baking… (12s · 9 tokens)", "✶ Frying… (15s · 9 tokens)"));
  CHECK_FALSE(same("✻ Baking… (12s · 9 tokens)", "✻ Baking… (12s · 10 tokens)"));
  CHECK(same(" ⠋ Herding cats (esc to stop, 3s)", " ⠹ Boiling the sea (esc to stop, 9s)"));
  CHECK(same("* Baking…", "· Frying…"));
}

TEST_CASE("tips do not count") {
  CHECK(steady_row("  └ Tip: read the manual").empty());
  CHECK(same("⎿  Tip: one thing", "⎿  Tip: quite another"));
  CHECK_FALSE(same("the waiter's Tip: small", "the waiter's Tip: large"));
}

TEST_CASE("counters and text are progress") {
  CHECK_FALSE(same("8.3K (4%) $0.02", "8.4K (4%) $0.02"));
  CHECK_FALSE(same("↑15k ↓784", "↑15k ↓785"));
  CHECK_FALSE(same("line 12", "line 13"));
  CHECK_FALSE(same("v2s1", "v3s1"));
  CHECK_FALSE(same("* eggs", "* milk"));
}

TEST_CASE("spaces and empty rows do not count") {
  CHECK(fingerprint({.rows = {"a  b", "", " c ", "d"}}) ==
        fingerprint({.rows = {"", "a b", "c", "d", ""}}));
  CHECK(fingerprint({.rows = {"ab", "d"}}) != fingerprint({.rows = {"a", "b", "d"}}));
}

TEST_CASE("a running time that appears after a spinner does not count") {
  CHECK(same("✶ Imagining…", "✽ Imagining… (16s)"));
  CHECK_FALSE(same("✶ Imagining…", "✽ Imagining… (16s · 9 tokens)"));
}

TEST_CASE("of the last row only counters count") {
  const auto foot = [](std::string row) {
    return fingerprint({.rows = {"text", std::move(row), ""}});
  };
  CHECK(foot("mode on · esc to stop · ← for more") == foot("mode on · esc to stop"));
  CHECK_FALSE(foot("esc to stop   9.1K (4%)") == foot("esc to stop   9.2K (4%)"));
}

TEST_CASE("the title counts without its spinner, and a blinking mark does not") {
  const auto titled = [](std::string title) { return fingerprint({.title = std::move(title)}); };
  CHECK(titled("⠋ job") == titled("⠙ job"));
  CHECK(titled("[ ! ] Look") == titled("[ . ] Look"));
  CHECK(titled("job") != titled("other"));
  CHECK(fingerprint({.dead = true}) != fingerprint({.dead = false}));
}

TEST_CASE("any bytes have a fingerprint") {
  CHECK(fingerprint({.rows = {"\xff\xe2", std::string(1u << 20, '1'), "\xe2\xa0"}}).size() == 3);
}

TEST_CASE("a row that goes away is no progress, one that comes is") {
  const Fingerprint with = fingerprint({.rows = {"one", "a hint", "two", "foot"}});
  const Fingerprint without = fingerprint({.rows = {"one", "two", "foot"}});
  CHECK_FALSE(shows_more(without, with));
  CHECK(shows_more(with, without));
  CHECK_FALSE(shows_more(with, with));
  // What scrolls is the same, and the same line once more is new.
  CHECK_FALSE(shows_more(fingerprint({.rows = {"two", "one", "foot"}}), with));
  CHECK(shows_more(fingerprint({.rows = {"one", "one", "two", "foot"}}), without));
}
