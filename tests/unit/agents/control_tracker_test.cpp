// When a window is the user's, and when it is ours again.
#include "agents/control_tracker.hpp"

#include "catch.hpp"

using namespace orch;
using namespace std::chrono_literals;

namespace {

AgentRun known_as(Control control, Activity activity = Activity::Idle) {
  AgentRun run;
  run.control = control;
  run.control_since = at_ms(1000);
  run.turn.activity = activity;
  return run;
}

}  // namespace

TEST_CASE("a key takes a window, and one from before it was handed back does not") {
  ControlTracker tracker(60s);
  CHECK_FALSE(tracker.news(known_as(Control::Ours), at_ms(5000)));
  tracker.typed(at_ms(1000), true);
  CHECK_FALSE(tracker.news(known_as(Control::Ours), at_ms(5000)));
  tracker.typed(at_ms(1001), false);
  CHECK(tracker.news(known_as(Control::Ours), at_ms(5000)) == Control::User);
  CHECK_FALSE(tracker.news(known_as(Control::User), at_ms(5000)));
}

TEST_CASE("silence hands it back, unless a draft was left or nobody can read the screen") {
  ControlTracker tracker(60s);
  const Time typed = at_ms(2000);
  const bool draft = GENERATE(false, true);
  const Activity activity =
      GENERATE(Activity::Idle, Activity::Busy, Activity::Asking, Activity::Failed);
  tracker.typed(typed, draft);
  CHECK_FALSE(tracker.news(known_as(Control::User, activity), typed + 59999ms));
  const bool needs_user = activity == Activity::Asking || activity == Activity::Failed;
  const auto news = tracker.news(known_as(Control::User, activity), typed + 60s);
  CHECK(news.has_value() == (needs_user || !draft));
  CHECK_FALSE(tracker.news(known_as(Control::User, Activity::Unknown), typed + 1h));
}
