// When what is seen of an agent counts.
#include "agents/turn_tracker.hpp"

#include "catch.hpp"

using namespace orch;
using namespace std::chrono_literals;

namespace {

constexpr Span kStall = 60s;

ScreenReading reads(ScreenState state, const std::string& row = {}) {
  ScreenReading reading{.state = state, .rule = std::string(to_text(state))};
  if (!row.empty()) reading.rows.push_back({ScreenRegion::Foot, 3, row});
  return reading;
}

/// A tracker and a clock.
struct Watched {
  Time now = at_ms(0);
  TurnTracker tracker{kStall, now};
  AgentTurn known{};

  std::optional<Sighting> after(Span span, ScreenState state, std::uint64_t fingerprint = 1) {
    now += span;
    if (const auto sighting = sighting_of(reads(state, "a row"), {}))
      tracker.see(*sighting, {fingerprint}, now);
    const std::optional<Sighting> news = tracker.news(known, now);
    if (!news) return news;
    const Time since = news->activity == known.activity ? known.since : now;
    known = {.activity = news->activity, .kind = news->kind, .evidence = {}, .since = since};
    if (news->stalled) known.stalled_since = now;
    return news;
  }
};

}  // namespace

TEST_CASE("a dialog counts when it has stood for a second, and is told once") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Permission));
  const std::optional<Sighting> news = watched.after(1s, ScreenState::Permission);
  CHECK(news == Sighting{Activity::Asking, "permission", "a row"});
  CHECK_FALSE(watched.after(1s, ScreenState::Permission));
  CHECK(watched.after(1s, ScreenState::Busy) == Sighting{});
  CHECK_FALSE(watched.after(1s, ScreenState::Busy));
}

TEST_CASE("a prompt that shows between two turns is no end of the work") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Busy));
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  CHECK_FALSE(watched.after(1s, ScreenState::Busy));
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  CHECK_FALSE(watched.after(2s, ScreenState::Idle));
  CHECK(watched.after(1s, ScreenState::Idle)->activity == Activity::Idle);
}

TEST_CASE("an agent that has not begun its first turn is given time to come up") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  CHECK_FALSE(watched.after(118s, ScreenState::Idle));
  SECTION("two minutes") {
    CHECK(watched.after(1s, ScreenState::Idle)->activity == Activity::Idle);
  }
  SECTION("until something else says that it has") {
    watched.tracker.got_to_work();
    CHECK(watched.after(0s, ScreenState::Idle)->activity == Activity::Idle);
  }
}

TEST_CASE("busy without progress is stalled, whatever a spinner does") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Busy, 7));
  CHECK_FALSE(watched.after(59s, ScreenState::Busy, 7));
  SECTION("nothing changed") {
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 7));
    CHECK(watched.after(2s, ScreenState::Busy, 7) ==
          Sighting{Activity::Busy, {}, "for 1m 00s", {}, true});
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 7));
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 8));
    CHECK(watched.after(1s, ScreenState::Busy, 8) == Sighting{});
  }
  SECTION("a row is half drawn, and whole again in the next look") {
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 8));
    CHECK(watched.after(2s, ScreenState::Busy, 7)->stalled);
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 8));
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 7));
  }
  SECTION("a counter moved") {
    CHECK_FALSE(watched.after(1s, ScreenState::Busy, 8));
  }
  SECTION("a tool runs") {
    watched.now += 1s;
    CHECK(watched.tracker.is_doubtful(watched.now));
    watched.tracker.gets_on(watched.now);
    CHECK_FALSE(watched.tracker.news(watched.known, watched.now));
  }
}

TEST_CASE("a turn that begins after one that hung is given its own time") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  watched.after(60s, ScreenState::Busy);
  REQUIRE(watched.after(2s, ScreenState::Busy)->stalled);
  watched.known = {.since = watched.now};
  CHECK_FALSE(watched.after(59s, ScreenState::Busy));
  watched.after(1s, ScreenState::Busy);
  CHECK(watched.after(2s, ScreenState::Busy)->stalled);
}

TEST_CASE("a screen that cannot be read is unknown after a while, and no more than that") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Unknown));
  CHECK_FALSE(watched.after(4s, ScreenState::Unknown));
  CHECK(watched.after(1s, ScreenState::Unknown) == Sighting{Activity::Unknown, {}, {}});
}

TEST_CASE("a screen that stays unreadable is told as stalled") {
  Watched watched;
  CHECK(watched.after(5s, ScreenState::Unknown).has_value() == false);
  CHECK(watched.after(5s, ScreenState::Unknown)->activity == Activity::Unknown);
  const std::optional<Sighting> news = watched.after(60s, ScreenState::Unknown);
  REQUIRE(news);
  CHECK(news->stalled);
  CHECK(news->evidence == "its screen cannot be read");
}

TEST_CASE("an agent that has been at work for long has come up, whoever looks at it") {
  Watched watched;
  watched.now = at_ms(600'000);
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  CHECK(watched.after(3s, ScreenState::Idle)->activity == Activity::Idle);
}

TEST_CASE("another ruling on a permission that stands there is news, once") {
  Watched watched;
  CHECK_FALSE(watched.after(1s, ScreenState::Permission));
  REQUIRE(watched.after(1s, ScreenState::Permission));
  const Ruling ruling{PolicyAnswer::Allow, "a rule", {"Bash", "make"}};
  watched.tracker.rule(ruling);
  watched.now += 1s;
  const std::optional<Sighting> news = watched.tracker.news(watched.known, watched.now);
  REQUIRE(news);
  CHECK(news->ruling == ruling);
  watched.known.ruling = ruling;
  CHECK_FALSE(watched.tracker.news(watched.known, watched.now));
}

TEST_CASE("a dead pane tells nothing") {
  Watched watched;
  CHECK_FALSE(watched.after(10s, ScreenState::Exited));
  CHECK_FALSE(watched.after(10s, ScreenState::Exited));
}

TEST_CASE("what stands on a screen is shown as one harmless line") {
  const ScreenReading reading =
      reads(ScreenState::Error, "  API \x1b[31mError\x1b[0m " + std::string(400, 'x'));
  const std::optional<Sighting> sighting = sighting_of(reading, {});
  REQUIRE(sighting);
  CHECK(sighting->evidence.find('\x1b') == std::string::npos);
  CHECK(sighting->evidence.size() < 200);
}

TEST_CASE("of a turn that has just begun, what was seen before says nothing") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  watched.after(1s, ScreenState::Idle);
  CHECK(watched.after(3s, ScreenState::Idle)->activity == Activity::Idle);
  watched.known = {.activity = Activity::Busy, .since = watched.now};
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  CHECK(watched.after(2s, ScreenState::Idle)->activity == Activity::Idle);
}

namespace {

OwnWord own(Activity activity, Time at) {
  return {.event = "Event", .activity = activity, .at = at};
}

}  // namespace

TEST_CASE("what its program says counts at once") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  SECTION("a permission, before the dialog is drawn") {
    watched.tracker.hear(own(Activity::Asking, watched.now));
    CHECK(watched.after(0s, ScreenState::Busy)->activity == Activity::Asking);
    // Its dialog is seen, answered, and what comes next is the screen's to say.
    const std::optional<Sighting> dialog = watched.after(1s, ScreenState::Permission, 2);
    REQUIRE(dialog);
    CHECK(dialog->source == Source::Both);
    CHECK(watched.after(1s, ScreenState::Busy, 3) == Sighting{});
    CHECK_FALSE(watched.after(60s, ScreenState::Busy, 4));
  }
  SECTION("the end of a turn, when it is seen as well") {
    watched.tracker.hear(own(Activity::Idle, watched.now));
    CHECK_FALSE(watched.after(0s, ScreenState::Busy));
    CHECK(watched.after(1s, ScreenState::Idle, 2)->activity == Activity::Idle);
  }
}

TEST_CASE("a screen that goes on is right, and what its program said is over") {
  Watched watched;
  watched.after(1s, ScreenState::Busy, 1);
  watched.tracker.hear(own(Activity::Idle, watched.now));
  CHECK_FALSE(watched.after(1s, ScreenState::Busy, 2));
  CHECK_FALSE(watched.after(2s, ScreenState::Busy, 3));
  CHECK_FALSE(watched.after(20s, ScreenState::Busy, 3));
}

TEST_CASE("a contradiction that stays is unknown, then told, and never a prompt") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  watched.tracker.hear(own(Activity::Idle, watched.now));
  CHECK_FALSE(watched.after(4s, ScreenState::Busy));
  CHECK(watched.after(1s, ScreenState::Busy)->activity == Activity::Unknown);
  CHECK_FALSE(watched.after(20s, ScreenState::Busy));
  const std::optional<Sighting> told = watched.after(5s, ScreenState::Busy);
  REQUIRE(told);
  CHECK(told->stalled);
  CHECK(told->evidence == "its hook Event says idle, its screen busy");
}

TEST_CASE("what the screen showed before its program told of it is over when the screen goes on") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  CHECK_FALSE(watched.after(1s, ScreenState::Permission));
  watched.tracker.hear({"PermissionRequest", Activity::Asking, "permission", "", watched.now});
  REQUIRE(watched.tracker.news(watched.known, watched.now));
  // It was answered before the next look, with a no that ended the turn.
  watched.known = {.since = watched.now};
  watched.after(1s, ScreenState::Idle);
  CHECK(watched.after(4s, ScreenState::Idle)->activity == Activity::Idle);
}

TEST_CASE("what was heard before is heard no second time") {
  Watched watched;
  watched.after(1s, ScreenState::Busy);
  const OwnWord asks = own(Activity::Asking, watched.now);
  watched.tracker.hear(asks);
  watched.after(1s, ScreenState::Permission, 2);
  watched.after(1s, ScreenState::Busy, 3);
  watched.tracker.hear(asks);
  CHECK_FALSE(watched.after(1s, ScreenState::Busy, 3));
}

TEST_CASE("tries of an API call are no progress") {
  Watched watched;
  CHECK(watched.after(1s, ScreenState::Retrying, 1)->kind == "retrying");
  for (std::uint64_t attempt = 2; attempt < 7; ++attempt)
    CHECK_FALSE(watched.after(10s, ScreenState::Retrying, attempt));
  CHECK_FALSE(watched.after(9s, ScreenState::Retrying, 7));
  CHECK(watched.after(4s, ScreenState::Retrying, 8)->stalled);
}

TEST_CASE("what only its user can mend is not tried again for ever") {
  const Sighting tries{.activity = Activity::Busy,
                       .kind = "retrying",
                       .evidence = "429 quota",
                       .error = TurnError::Quota};
  TurnTracker tracker(kStall, at_ms(0));
  AgentTurn known;
  const auto after = [&](Span span, const Sighting& sighting, std::uint64_t fingerprint) {
    tracker.see(sighting, {fingerprint}, at_ms(0) + span);
    const std::optional<Sighting> news = tracker.news(known, at_ms(0) + span);
    if (news) known = {.activity = news->activity, .kind = news->kind};
    return news;
  };
  CHECK(after(1s, {}, 1) == std::nullopt);
  CHECK(after(2s, tries, 2)->activity == Activity::Busy);
  CHECK(after(61s, tries, 3) == std::nullopt);
  CHECK(after(62s, {}, 4)->kind.empty());  // between two tries
  const std::optional<Sighting> failed = after(64s, tries, 5);
  CHECK(failed ==
        Sighting{.activity = Activity::Failed, .evidence = "429 quota", .error = TurnError::Quota});
  CHECK(after(70s, tries, 6) == std::nullopt);
  CHECK(after(71s, {}, 7) == std::nullopt);
  CHECK(after(73s, {}, 8)->activity == Activity::Busy);  // it gets on
}

TEST_CASE("after a text a turn may be too short to be seen") {
  Watched watched;
  CHECK(watched.after(1s, ScreenState::Idle).has_value() == false);
  CHECK(watched.after(120s, ScreenState::Idle)->activity == Activity::Idle);
  CHECK_FALSE(watched.after(1s, ScreenState::Idle));
  watched.known = {.since = watched.now};  // a text was typed
  CHECK_FALSE(watched.after(2s, ScreenState::Idle));
  CHECK(watched.after(1s, ScreenState::Idle)->activity == Activity::Idle);
}
