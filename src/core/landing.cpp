// Onto the integration branch one at a time.
#include "core/landing.hpp"

#include "core/attempts.hpp"
#include "core/base_branch.hpp"
#include "core/endings.hpp"
#include "core/outbox.hpp"
#include "core/returns.hpp"
#include "core/reviews.hpp"
#include "core/ticks.hpp"
#include "orch/base/variant.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace orch::landing {
namespace {

const TaskRecord* next_in_line(Turn& turn) {
  const TaskRecord* next = nullptr;
  const auto rank = [](const TaskRecord& task) {
    const bool is_new = task.returned.why.empty();  // what was mended does not wait once more
    return std::tuple(is_new, task.plan.effective_priority, task.queued_order);
  };
  for (const std::size_t place : turn.agenda().places(Matter::Queued)) {
    const TaskRecord& task = turn.state().tasks[place];
    const bool ready = !task.held && !task.not_before && turn.is_free(task, Lane::Landing) &&
                       !reviews::is_due(turn.state(), task);
    if (ready && (next == nullptr || rank(task) < rank(*next))) next = &task;
  }
  return next;
}

void begin(Turn& turn, TaskRecord& task) {
  const Landing& landing = turn.begin_landing({.task = task.id(),
                                               .number = ++task.landing,
                                               .work = task.work,
                                               .onto = turn.run().integration});
  turn.enter(task, Step::Land, {ReasonKind::Merging});
  outbox::emit(turn,
               PrepareLanding{task.id(), landing.number, landing.onto, landing.work, task.seen});
}

void requeue(Turn& turn, TaskRecord& task, Reason why) {
  turn.end_landing(task.id());
  turn.enter(task, Step::Requeue, std::move(why));
}

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

/// Held meanwhile, or the run is stopping: a result is kept by tree, and nothing moves now.
bool is_put_off(const State& state, const TaskRecord& task) {
  return task.held || state.run.phase != RunPhase::Running;
}

/// The landing that a step of it has ended of; made again from the step if it is not known, so that
/// nothing waits for it for ever.
Landing& landing_of(Turn& turn, const TaskId& task, int number, const CommitId& onto) {
  if (Landing* known = turn.edit_landing(task)) return *known;
  return turn.begin_landing({.task = task, .number = number, .onto = onto});
}

void move_branch(Turn& turn, TaskRecord& task, Landing& landing) {
  turn.enter(landing, LandingStep::Move);
  turn.make_durable();
  outbox::emit(turn, Land{task.id(), landing.number, landing.candidate, turn.run().integration});
}

void prepared(Turn& turn, TaskRecord& task, Landing& landing, const CommitId& candidate) {
  task.untested = !turn.run().rules.tested;
  landing.candidate = candidate;
  if (is_put_off(turn.state(), task)) return requeue(turn, task, {ReasonKind::LandingTurn});
  if (task.untested) return move_branch(turn, task, landing);
  task.why = {ReasonKind::TestingMerge};
  turn.enter(landing, LandingStep::Test);
  outbox::emit(turn, TestLanding{task.id(), landing.number, candidate, landing.onto});
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
  if (!turn.run().base_tip.empty()) return requeue(turn, task, {ReasonKind::LandingTurn});
  turn.end_landing(task.id());
  Reason why{.kind = ReasonKind::BaseTestsFail,
             .text = result.why,
             .path = result.log,
             .names = {turn.run().rules.base}};
  endings::block(turn, task, Stuck::Landing, because_of(ReasonKind::CannotLand, std::move(why)));
}

void red(Turn& turn, TaskRecord& task, Landing& landing, const Tested& result) {
  const bool by_test = result.gate.empty();
  RunRecord& run = turn.edit_run();
  ++(by_test ? run.test_failures : run.gate_blocks);
  Reason why{.kind = by_test ? ReasonKind::TestsFail : ReasonKind::GateBlocks,
             .text = result.why,
             .path = result.log};
  if (!by_test) why.names = {result.gate};
  refuse(turn, task, landing, Ending::GiveUp, std::move(why));
}

void tested(Turn& turn, TaskRecord& task, Landing& landing, const Tested& result) {
  if (result.base_fails) return base_fails(turn, task, result);
  if (!result.flaky.empty()) {
    ++turn.edit_run().flaky_tests;
    turn.note(FactKind::TestsFlaky, task.id(),
              {.kind = ReasonKind::TestsFlaky, .text = result.flaky});
  }
  if (!result.passed) return red(turn, task, landing, result);
  if (is_put_off(turn.state(), task)) return requeue(turn, task, {ReasonKind::LandingTurn});
  task.why = {ReasonKind::MergeTested};
  move_branch(turn, task, landing);
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

void landed(Turn& turn, TaskRecord& task, const CommitId& tip) {
  turn.edit_run().integration = tip;
  task.merged = tip;
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

}  // namespace

void begin_next(Turn& turn) {
  const RunRecord& run = turn.run();
  if (run.phase != RunPhase::Running || run.landing_under_way() != nullptr) return;
  const bool base_waits = turn.edit_landing({}) != nullptr;
  if (!run.base_tip.empty() && !base_waits) return base_branch::begin_landing(turn);
  if (const TaskRecord* next = next_in_line(turn)) begin(turn, turn.edit(*next));
}

// A landing whose task ends early is over with the effect that was under way.
void on(Turn& turn, const PrepareLanding& effect, const PrepareLanding::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  Landing& landing = landing_of(turn, effect.task, effect.landing, effect.onto);
  if (task == nullptr) return base_branch::on_prepared(turn, landing, end);
  if (is_ending(task->state)) return turn.end_landing(effect.task);
  std::visit(Overloaded{
                 [&](const LandingPrepared& e) {
                   note_weakened(turn, *task, e.weakened);
                   prepared(turn, *task, landing, e.candidate);
                 },
                 [&](const LandingConflicts& e) {
                   refuse(turn, *task, landing, Ending::Block,
                          {.kind = e.marks ? ReasonKind::MarksLeft : ReasonKind::Conflicting,
                           .text = turn.run().rules.base,
                           .names = e.files});
                 },
                 [&](const LandingProtected& e) { show_first(turn, *task, e.files); },
                 [&](const NotDone& e) { cannot_land(turn, *task, e); },
             },
             end);
}

void on(Turn& turn, const TestLanding& effect, const TestLanding::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  Landing& landing = landing_of(turn, effect.task, effect.landing, effect.onto);
  if (task == nullptr) return base_branch::on_tested(turn, landing, end);
  if (is_ending(task->state)) return turn.end_landing(effect.task);
  std::visit(Overloaded{
                 [&](const Tested& e) { tested(turn, *task, landing, e); },
                 [&](const NotDone& e) { cannot_land(turn, *task, e); },
             },
             end);
}

void on(Turn& turn, const Land& effect, const Land::Ends& end) {
  TaskRecord* task = turn.edit(effect.task);
  if (task == nullptr) return base_branch::on_landed(turn, end);
  turn.end_landing(effect.task);
  turn.make_durable();
  std::visit(Overloaded{
                 [&](const Landed& e) { landed(turn, *task, e.tip); },
                 [&](const BranchMoved& e) {
                   turn.edit_run().integration = e.tip;
                   requeue(turn, *task, {ReasonKind::BranchMoved});
                 },
                 [&](const NotDone& e) { cannot_land(turn, *task, e); },
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
