// How the steps of a landing end.
#include "core/landing.hpp"

#include "core/attempts.hpp"
#include "core/base_branch.hpp"
#include "core/endings.hpp"
#include "core/landing_queue.hpp"
#include "core/returns.hpp"
#include "core/ticks.hpp"
#include "core/train.hpp"
#include "core/undos.hpp"
#include "orch/base/variant.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace orch::landing {
namespace {

/// Its agent mends it, or else it ends so.
void refuse(Turn& turn, TaskRecord& task, const Landing& landing, Ending ending, Reason why) {
  const CommitId onto = landing.onto;
  turn.end_landing(task.id());
  if (returns::may_be_mended(turn, task, onto, why))
    return returns::begin(turn, task, onto, std::move(why));
  endings::begin(turn, task, ending, returns::for_user(task, std::move(why)));
}

/// A fault that says itself how the task goes on is the whole of what there is to say.
Reason cannot_land_reason(const NotDone& failure) {
  return failure.whole ? reason_of(failure)
                       : because_of(ReasonKind::CannotLand, reason_of(failure));
}

// Nothing is wrong with the work: its landing is begun again by the next `up`.
void cannot_land(Turn& turn, TaskRecord& task, const NotDone& failure) {
  turn.end_landing(task.id());
  endings::block(turn, task, Stuck::Landing, cannot_land_reason(failure));
}

/// The landing that a step of it has ended of; made again from the step if it is not known, so that
/// nothing waits for it for ever.
Landing& landing_of(Turn& turn, Landing like) {
  if (Landing* known = turn.edit_landing(like.task)) return *known;
  return turn.begin_landing(std::move(like));
}

void note_weakened(Turn& turn, TaskRecord& task, const std::vector<std::string>& how) {
  if (how == task.weakened) return;
  task.weakened = how;
  if (how.empty()) return;
  turn.note(FactKind::TestsWeakened, task.id(), {.kind = ReasonKind::TestsWeakened, .names = how});
}

/// The user looks at it, and has it merged or not.
void show_first(Turn& turn, TaskRecord& task, const std::vector<std::string>& files) {
  ++turn.edit_run().gate_blocks;
  turn.end_landing(task.id());
  endings::begin(turn, task, Ending::Block, {.kind = ReasonKind::ChangesProtected, .names = files});
}

/// Nothing is wrong with the work: what it is to land on fails the tests itself. Commits of the
/// user's that wait may mend that.
void base_fails(Turn& turn, TaskRecord& task, const Tested& result) {
  if (!turn.run().base_tip.empty())
    return landing_queue::requeue(turn, task, {ReasonKind::LandingTurn});
  task.test_anew = false;
  turn.end_landing(task.id());
  Reason why{.kind = ReasonKind::BaseTestsFail,
             .text = result.why,
             .path = result.log,
             .names = {turn.run().rules.base}};
  endings::block(turn, task, Stuck::Landing, because_of(ReasonKind::CannotLand, std::move(why)));
}

void red(Turn& turn, TaskRecord& task, Landing& landing, const Tested& result) {
  const bool by_test = result.gate.empty();
  task.test_anew = false;
  RunRecord& run = turn.edit_run();
  ++(by_test ? run.test_failures : run.gate_blocks);
  Reason why{.kind = by_test ? ReasonKind::TestsFail : ReasonKind::GateBlocks,
             .text = result.why,
             .path = result.log};
  if (!by_test) why.names = {result.gate};
  refuse(turn, task, landing, Ending::GiveUp, std::move(why));
}

void note_flaky(Turn& turn, const TaskRecord& task, const std::string& why) {
  ++turn.edit_run().flaky_tests;
  turn.note(FactKind::TestsFlaky, task.id(), {.kind = ReasonKind::TestsFlaky, .text = why});
}

/// Tested for itself, so that what comes out is about its own work.
void judged(Turn& turn, TaskRecord& task, Landing& landing, const Tested& result) {
  if (result.base_fails) return base_fails(turn, task, result);
  if (!result.passed) return red(turn, task, landing, result);
  const std::string& flaky = result.flaky.empty() ? landing.red : result.flaky;
  if (!flaky.empty()) note_flaky(turn, task, flaky);
  // Others may be built on the tip meanwhile: they need not begin anew.
  const bool is_overtaken =
      landing.state == LandingState::Judging && !train::members(turn.state()).empty();
  if (is_overtaken) return landing_queue::requeue(turn, task, {ReasonKind::LandingTurn});
  turn.enter(landing, LandingStep::Pass);
  landing_queue::carry_on(turn);
}

void tested(Turn& turn, TaskRecord& task, Landing& landing, const TestLanding& effect,
            const Tested& result) {
  if (effect.verdict) return judged(turn, task, landing, result);
  landing.red = result.why;
  turn.enter(landing, result.passed ? LandingStep::Pass : LandingStep::Fail);
  landing_queue::carry_on(turn);
}

/// What its file asks for beyond what this attempt and earlier ones have done.
std::vector<std::string> items_left(const State& state, const TaskRecord& task) {
  std::vector<std::string> left = attempts::items_unmerged(task);
  const std::vector<std::string>& done = state.agent_of(task).items;
  std::erase_if(left, [&done](const std::string& item) {
    return std::ranges::find(done, item) != done.end();
  });
  return left;
}

void landed(Turn& turn, TaskRecord& task, const CommitId& commit) {
  if (!task.items_merged.empty()) task.parts.push_back(task.merged);
  task.merged = commit;
  task.test_anew = false;
  task.returned.why = {};
  task.tick = Tick::Due;  // it may have one that says that it failed
  ticks::late_are_due(turn);
  if (const std::vector<std::string> left = items_left(turn.state(), task); !left.empty()) {
    const std::vector<std::string>& done = turn.agent_of(task).items;
    task.items_merged.insert(task.items_merged.end(), done.begin(), done.end());
    turn.enter(task, Step::PartLanded, {ReasonKind::PartMerged});
    Reason part =
        because_of(ReasonKind::ItemsMerged, {.kind = ReasonKind::ItemsLeft, .names = left});
    part.names = done;
    return turn.note(FactKind::TaskPartly, task.id(), std::move(part));
  }
  task.progress = 1;
  const bool silent = task.left.empty() && !task.changed;
  const Reason nothing_changed{ReasonKind::NothingChanged};
  turn.enter(task, Step::Landed, silent ? nothing_changed : quoted(task.left));
  Reason special;
  if (silent) {
    special = nothing_changed;
  } else if (!task.changed) {
    special = {.kind = ReasonKind::NothingLanded, .text = task.left};
  }
  const ReasonKind how = task.untested ? ReasonKind::MergedUntested : ReasonKind::Merged;
  turn.note(FactKind::TaskMerged, task.id(), because_of(how, std::move(special)));
}

/// Where several land as one commit, each has its own merge below that.
void landed(Turn& turn, const Land& effect, const CommitId& tip) {
  std::vector<TaskId> ids = effect.with;
  ids.push_back(effect.task);
  landing_queue::move_tip(turn, tip, effect.candidate);
  for (const TaskId& id : ids) {
    const Landing* landing = turn.edit_landing(id);
    const bool has_own = ids.size() > 1 && landing != nullptr;
    const CommitId commit = has_own ? landing->candidate : tip;
    turn.end_landing(id);
    landed(turn, *turn.edit(id), commit);
  }
  int& train = turn.edit_run().train;
  train = std::min(train + static_cast<int>(ids.size()), kLongestTrain);
}

void requeue_others(Turn& turn, const Land& effect, const Reason& why) {
  for (const TaskId& id : effect.with)
    if (TaskRecord* task = turn.edit(id)) landing_queue::requeue(turn, *task, why);
}

template <class Step>
bool is_undo(const Step& effect) {
  return !effect.undo.value.empty();
}

}  // namespace

// A landing whose task ends early is over with the effect that was under way.
void on(Turn& turn, const PrepareLanding& effect, const PrepareLanding::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  Landing& landing = landing_of(
      turn,
      {.task = effect.task, .number = effect.landing, .onto = effect.onto, .undo = effect.undo});
  if (is_undo(effect)) return undos::on_prepared(turn, landing, end);
  if (task == nullptr) return base_branch::on_prepared(turn, landing, end);
  if (is_ending(task->state)) return turn.end_landing(effect.task);
  if (const auto* prepared = std::get_if<LandingPrepared>(&end)) {
    task->untested = !turn.run().rules.tested;
    note_weakened(turn, *task, prepared->weakened);
    return landing_queue::take_in(turn, landing, prepared->candidate);
  }
  if (const auto* unseen = std::get_if<LandingProtected>(&end))
    return show_first(turn, *task, unseen->files);
  if (!train::is_tip(turn.run(), landing.onto)) return landing_queue::try_on_tip(turn, *task);
  if (const auto* failure = std::get_if<NotDone>(&end)) return cannot_land(turn, *task, *failure);
  const auto& conflicts = std::get<LandingConflicts>(end);
  refuse(turn, *task, landing, Ending::Block,
         {.kind = conflicts.marks ? ReasonKind::MarksLeft : ReasonKind::Conflicting,
          .text = turn.run().rules.base,
          .names = conflicts.files});
}

void on(Turn& turn, const TestLanding& effect, const TestLanding::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  Landing& landing = landing_of(turn, {.task = effect.task,
                                       .number = effect.landing,
                                       .onto = effect.onto,
                                       .candidate = effect.candidate,
                                       .state = LandingState::Testing,
                                       .undo = effect.undo});
  if (is_undo(effect)) return undos::on_tested(turn, landing, end);
  if (task == nullptr) return base_branch::on_tested(turn, landing, end);
  if (is_ending(task->state)) return turn.end_landing(effect.task);
  std::visit(Overloaded{
                 [&](const Tested& e) { tested(turn, *task, landing, effect, e); },
                 [&](const NotDone& e) { cannot_land(turn, *task, e); },
             },
             end);
}

void on(Turn& turn, const Land& effect, const Land::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  if (is_undo(effect)) return undos::on_landed(turn, effect, end);
  if (task == nullptr) return base_branch::on_landed(turn, end);
  turn.make_durable();
  std::visit(Overloaded{
                 [&](const Landed& e) { landed(turn, effect, e.tip); },
                 [&](const BranchMoved& e) {
                   landing_queue::move_tip(turn, e.tip);
                   requeue_others(turn, effect, {ReasonKind::BranchMoved});
                   landing_queue::requeue(turn, *task, {ReasonKind::BranchMoved});
                 },
                 [&](const NotDone& e) {
                   requeue_others(turn, effect, {ReasonKind::LandingTurn});
                   cannot_land(turn, *task, e);
                 },
             },
             end);
}

void on(Turn& turn, const IntegrationMoved& event) {
  const RunRecord& run = turn.run();
  if (event.tip == run.integration || run.landing_under_way() != nullptr) return;
  turn.note(FactKind::IntegrationMoved, {}, {.kind = ReasonKind::Quoted, .text = event.tip.value});
}

void on(Turn& turn, const CheckoutChanged& event) {
  turn.note(FactKind::CheckoutChanged, {}, {.kind = ReasonKind::Quoted, .text = event.files});
}

void take_up_remaining(Turn& turn, TaskRecord& task) {
  task.plan.spec.items = attempts::items_unmerged(task);
  turn.drop_agent(task);
  task.crashes = task.failures = task.restarts = 0;
  task.reported = task.work = {};
  task.returned = {};
  task.cleaned = task.untested = false;
  task.tick = Tick::Due;
  task.ending_why = {};
  turn.enter(task, Step::Continue);
}

}  // namespace orch::landing
