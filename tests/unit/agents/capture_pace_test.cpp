// Which panes are captured.
#include "agents/screen/capture_pace.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

constexpr std::int64_t kNow = 1000;

CapturePace captured(std::int64_t printed, std::int64_t at, std::string_view title = "⠋ a task") {
  CapturePace pace;
  pace.captured({.printed = printed, .title = title, .now = at}, at);
  return pace;
}

bool is_due(const CapturePace& pace, std::int64_t printed, std::int64_t now, bool busy,
            std::string_view title = "⠋ a task") {
  return pace.is_due({.printed = printed, .title = title, .now = now}, busy);
}

}  // namespace

TEST_CASE("a pane that was never captured is due") {
  CHECK(is_due(CapturePace(), kNow, kNow, true));
  CHECK(is_due(CapturePace(), kNow - 100, kNow, false));
}

TEST_CASE("what has printed nothing since is not due") {
  const CapturePace pace = captured(kNow - 10, kNow);
  CHECK_FALSE(is_due(pace, kNow - 10, kNow + 1, true));
  CHECK_FALSE(is_due(pace, kNow - 10, kNow + 60, false));
  CHECK(is_due(pace, kNow + 1, kNow + 1, false));
}

TEST_CASE("what was printed in the second of the capture may not be in it") {
  CHECK(is_due(captured(kNow, kNow), kNow, kNow + 2, true));
  CHECK(is_due(captured(kNow - 1, kNow), kNow - 1, kNow + 1, false));
  CHECK_FALSE(is_due(captured(kNow, kNow + 2), kNow, kNow + 3, true));
}

TEST_CASE("one that works and goes on printing is due less often") {
  const CapturePace pace = captured(kNow, kNow);
  CHECK_FALSE(is_due(pace, kNow + 1, kNow + 1, true));
  CHECK(is_due(pace, kNow + 2, kNow + 2, true));
  SECTION("but at once when it stops") {
    CHECK(is_due(pace, kNow, kNow + 2, true));
  }
  SECTION("and when its title says something else, which a spinner in it does not") {
    CHECK(is_due(pace, kNow + 1, kNow + 1, true, "✋ Action Required"));
    CHECK_FALSE(is_due(pace, kNow + 1, kNow + 1, true, "⠙ a task"));
  }
  SECTION("and each second while it is not at work") {
    CHECK(is_due(pace, kNow + 1, kNow + 1, false));
  }
  SECTION("and when the clock was set back") {
    CHECK(is_due(pace, kNow - 3600, kNow - 3600, true));
  }
}
