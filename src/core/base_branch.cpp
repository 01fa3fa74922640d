// The user's own branch.
#include "core/base_branch.hpp"

#include "core/landing_queue.hpp"
#include "core/lone_landing.hpp"
#include "core/outbox.hpp"
#include "core/train.hpp"
#include "orch/base/variant.hpp"

#include <string>
#include <utility>

namespace orch::base_branch {
namespace {

Reason about_base(Turn& turn, ReasonKind kind, Reason cause) {
  Reason reason = because_of(kind, std::move(cause));
  reason.names = {turn.run().rules.base};
  return reason;
}

/// For facts whose kind says the rest.
Reason of_base(Turn& turn) {
  return {.kind = ReasonKind::OfBranch, .text = turn.run().rules.base};
}

void refuse(Turn& turn, Reason why) {
  RunRecord& run = turn.edit_run();
  turn.end_landing({});
  if (run.base_tip == run.base_work) run.base_tip = {};
  run.base_refused = std::exchange(run.base_work, {});
  run.behind_why = about_base(turn, ReasonKind::BaseRefused, std::move(why));
  turn.note(FactKind::BaseRefused, {}, run.behind_why);
}

/// Did its landing fail as the base failed its own tests?
bool waits_for_base(const TaskRecord& task) {
  const std::vector<Reason>& cause = task.why.cause;
  return task.state == TaskState::Blocked && task.stuck == Stuck::Landing && !cause.empty() &&
         cause.front().kind == ReasonKind::BaseTestsFail;
}

void landed(Turn& turn, const CommitId& tip) {
  RunRecord& run = turn.edit_run();
  turn.end_landing({});
  landing_queue::move_tip(turn, tip);
  if (run.base_tip == run.base_work) run.base_tip = {};
  run.behind_why = {};
  turn.note(FactKind::BaseMerged, {}, of_base(turn));
  try_those_that_wait(turn);
}

void follow(Turn& turn) {
  RunRecord& run = turn.edit_run();
  run.following = true;
  run.follow_tried = run.integration;
  outbox::emit(turn, FollowBase{run.integration});
}

void caught_up(Turn& turn, const CommitId& tip) {
  RunRecord& run = turn.edit_run();
  run.followed = tip;
  run.behind_why = {};
  run.behind_command.clear();
}

void stayed_behind(Turn& turn, Reason why, std::string command) {
  RunRecord& run = turn.edit_run();
  run.behind_why = std::move(why);
  run.behind_command = std::move(command);
  turn.note(FactKind::BaseBehind, {},
            about_base(turn, ReasonKind::BaseNotFollowing, run.behind_why));
}

/// A train may never be empty.
bool may_follow(const RunRecord& run) {
  return run.rules.parallel > 1 ? !train::lone_lands(run) : run.landing_under_way() == nullptr;
}

}  // namespace

void try_those_that_wait(Turn& turn) {
  for (const TaskRecord& task : turn.state().tasks) {
    const bool may_land = waits_for_base(task) && turn.is_idle(task);
    if (may_land) turn.enter(turn.edit(task), Step::Queue, {ReasonKind::LandingTurn});
  }
}

void on(Turn& turn, const BaseMoved& event) {
  RunRecord& run = turn.edit_run();
  // Our own following is seen as a move too, and so is a user's who caught up by hand.
  if (event.tip == run.integration) return caught_up(turn, event.tip);
  for (const CommitId& known :
       {run.followed, run.follow_tried, run.base_refused, run.base_tip, run.base_work}) {
    if (event.tip == known) return;
  }
  run.base_tip = event.tip;
  turn.note(FactKind::BaseMoved, {}, of_base(turn));
}

void on(Turn& turn, const TestBase&, const TestBase::Ends& end) {
  RunRecord& run = turn.edit_run();
  const auto* tested = std::get_if<Tested>(&end);
  if (tested != nullptr && tested->passed) {
    turn.note(FactKind::BaseTested, {}, of_base(turn));
    if (run.phase == RunPhase::TestingBase) run.phase = RunPhase::Running;
    return;
  }
  if (run.phase != RunPhase::TestingBase) return;
  run.phase = RunPhase::BaseRed;
  run.ended = turn.now();
  run.why = about_base(
      turn, tested != nullptr ? ReasonKind::BaseTestsFail : ReasonKind::BaseUntested, {});
  run.why.text = tested != nullptr ? tested->why : std::get<NotDone>(end).why;
  if (tested != nullptr) run.why.path = tested->log;
  turn.note(FactKind::BaseRed, {}, run.why);
}

void begin_landing(Turn& turn) {
  RunRecord& run = turn.edit_run();
  // The answer of a follower on its way may be about these commits, or older ones.
  if (run.following) return;
  run.base_work = run.base_tip;
  lone_landing::begin(turn, {.work = run.base_work});
}

void on_prepared(Turn& turn, Landing& landing, const PrepareLanding::Ends& end) {
  std::visit(
      Overloaded{
          [&](const LandingPrepared& e) { lone_landing::test_or_move(turn, landing, e.candidate); },
          [&](const LandingConflicts& e) {
            refuse(turn, {.kind = ReasonKind::BaseConflicts, .names = e.files});
          },
          [&](const LandingProtected&) {},  // what is the user's own they have seen
          [&](const NotDone& e) { refuse(turn, reason_of({.why = e.why})); },
      },
      end);
}

void on_tested(Turn& turn, Landing& landing, const TestLanding::Ends& end) {
  if (const auto* failure = std::get_if<NotDone>(&end))
    return refuse(turn, reason_of({.why = failure->why}));
  const auto& tested = std::get<Tested>(end);
  if (!tested.passed)
    return refuse(turn, {.kind = ReasonKind::BaseMergeTestsFail, .text = tested.why});
  turn.enter(landing, LandingStep::Pass);
  lone_landing::move(turn, landing);
}

void on_landed(Turn& turn, const Land::Ends& end) {
  std::visit(Overloaded{
                 [&](const Landed& e) { landed(turn, e.tip); },
                 [&](const BranchMoved& e) {
                   turn.end_landing({});
                   landing_queue::move_tip(turn, e.tip);
                 },
                 [&](const NotDone& e) { refuse(turn, reason_of({.why = e.why})); },
             },
             end);
}

void follow_if_due(Turn& turn) {
  const RunRecord& run = turn.run();
  const bool due = run.rules.follow == Follow::Landing && run.phase == RunPhase::Running &&
                   !run.following && run.base_tip.empty() && may_follow(run) &&
                   run.integration != run.followed && run.integration != run.follow_tried;
  if (due) follow(turn);
}

bool follow_once_more(Turn& turn) {
  RunRecord& run = turn.edit_run();
  if (run.integration == run.followed || run.rules.follow == Follow::Never) return false;
  if (run.rules.follow == Follow::Landing && run.integration != run.follow_tried) {
    follow(turn);
    return true;
  }
  if (run.behind_why.empty()) run.behind_why = {ReasonKind::BaseNotReached};
  return false;
}

bool follow_at_end(Turn& turn) {
  const RunRecord& run = turn.run();
  const bool lagging = run.rules.follow == Follow::End && run.integration != run.followed &&
                       run.integration != run.follow_tried;
  if (lagging) follow(turn);
  return lagging;
}

void on(Turn& turn, const FollowBase& effect, const FollowBase::Ends& end) {
  turn.edit_run().following = false;
  std::visit(Overloaded{
                 [&](const Done&) { caught_up(turn, effect.target); },
                 [&](const BranchMoved& e) {
                   if (turn.run().base_tip.empty()) on(turn, BaseMoved{e.tip});
                 },
                 [&](const StayedBehind& e) { stayed_behind(turn, quoted(e.why), e.command); },
                 [&](const NotDone& e) { stayed_behind(turn, quoted(e.why), e.hint); },
             },
             end);
}

}  // namespace orch::base_branch
