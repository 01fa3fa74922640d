// One statement of what an agent's program says and its screen shows.
#include "agents/joined.hpp"

#include "catch.hpp"

using namespace orch;
using namespace std::chrono_literals;

namespace {

using A = Activity;
using C = Certainty;

/// At once, after the screen should have followed, and what is told then.
struct Row {
  A own;
  A screen;
  C soon;
  A told;
  C late;
};

constexpr Row kRows[] = {
    {A::Busy, A::Busy, C::Sure, A::Busy, C::Sure},
    {A::Busy, A::Idle, C::Sure, A::Busy, C::Unclear},
    {A::Busy, A::Asking, C::Settling, A::Asking, C::Settling},
    {A::Busy, A::Unknown, C::Sure, A::Busy, C::Sure},
    {A::Asking, A::Busy, C::Sure, A::Asking, C::Unclear},
    {A::Asking, A::Idle, C::Sure, A::Asking, C::Unclear},
    {A::Asking, A::Failed, C::Sure, A::Asking, C::Unclear},
    {A::Asking, A::Asking, C::Sure, A::Asking, C::Sure},
    {A::Asking, A::Unknown, C::Sure, A::Asking, C::Sure},
    {A::Failed, A::Busy, C::Open, A::Busy, C::Unclear},
    {A::Failed, A::Idle, C::Sure, A::Failed, C::Sure},
    {A::Failed, A::Failed, C::Sure, A::Failed, C::Sure},
    {A::Failed, A::Asking, C::Settling, A::Asking, C::Settling},
    {A::Failed, A::Unknown, C::Sure, A::Failed, C::Sure},
    {A::Idle, A::Busy, C::Open, A::Busy, C::Unclear},
    {A::Idle, A::Idle, C::Sure, A::Idle, C::Sure},
    {A::Idle, A::Failed, C::Settling, A::Failed, C::Settling},
    {A::Idle, A::Asking, C::Settling, A::Asking, C::Settling},
    {A::Idle, A::Unknown, C::Open, A::Unknown, C::Unclear},
};

OwnWord said(A activity) {
  return {.event = "Event", .activity = activity, .text = "a text"};
}

}  // namespace

TEST_CASE("each pair of what is said and what is shown has one meaning") {
  for (const Row& row : kRows) {
    INFO(to_text(row.own) << " and " << to_text(row.screen));
    const Joined soon = joined({.activity = row.screen}, said(row.own), 1s);
    CHECK(soon.certainty == row.soon);
    CHECK(soon.sighting.activity == row.told);
    const Joined late = joined({.activity = row.screen}, said(row.own), kScreenIsLate);
    CHECK(late.certainty == row.late);
    const bool unclear = row.late == C::Unclear;
    CHECK(late.sighting.activity == (unclear ? A::Unknown : row.told));
  }
}

TEST_CASE("without a word of its program the screen speaks") {
  const Joined found = joined({.activity = A::Idle}, {}, 0s);
  CHECK(found.certainty == C::Settling);
  CHECK(found.sighting == Sighting{.activity = A::Idle});
}

TEST_CASE("a failure that its program does not tell of is believed when it is of this turn") {
  const Sighting failed{.activity = A::Failed, .evidence = "too many requests"};
  const Joined before = joined(failed, said(A::Busy), kFailureIsOfThisTurn - 1ms);
  CHECK(before.certainty == C::Sure);
  CHECK(before.sighting.activity == A::Busy);
  const Joined then = joined(failed, said(A::Busy), kFailureIsOfThisTurn);
  CHECK(then.certainty == C::Settling);
  CHECK(then.sighting == failed);
}

TEST_CASE("of a try that failed the screen says whether another one follows") {
  const Sighting retrying{A::Busy, "retrying", "Retrying (2/3)"};
  for (const Span age : {Span(1s), kScreenIsLate, kContradictionIsTold}) {
    const Joined found = joined(retrying, said(A::Failed), age);
    CHECK(found.certainty == C::Settling);
    CHECK(found.sighting == retrying);
  }
}

TEST_CASE("evidence says whose it is") {
  const Sighting dialog{A::Asking, "permission", "Run make?", "id"};
  const Joined both = joined(dialog, said(A::Asking), 1s);
  CHECK(both.sighting.evidence == "Run make?");
  CHECK(both.sighting.question == "id");
  CHECK(both.sighting.source == Source::Both);
  const Joined told = joined({.activity = A::Busy}, said(A::Asking), 1s);
  CHECK(told.sighting.evidence == "its hook Event: a text");
  CHECK(told.sighting.question.empty());
  CHECK(told.sighting.source == Source::Hook);
  const Joined shown = joined(dialog, said(A::Idle), 1s);
  CHECK(shown.sighting == dialog);
}

TEST_CASE("why a turn has failed is told by the program where it knows") {
  const Sighting shown{A::Failed, {}, "▣ Build · A model"};
  const OwnWord with_reason{.event = "StopFailure", .activity = A::Failed, .text = "no such key"};
  CHECK(joined(shown, with_reason, 1s).sighting.evidence == "its hook StopFailure: no such key");
  const OwnWord without{.event = "StopFailure", .activity = A::Failed};
  CHECK(joined(shown, without, 1s).sighting.evidence == "▣ Build · A model");
}

TEST_CASE("a contradiction that lasts is told, and nothing is typed meanwhile") {
  const Joined young = joined({.activity = A::Busy}, said(A::Idle), 10s);
  CHECK(young.sighting.evidence == "its hook Event says idle, its screen busy");
  CHECK_FALSE(young.sighting.stalled);
  CHECK(joined({.activity = A::Busy}, said(A::Idle), kContradictionIsTold).sighting.stalled);
}
