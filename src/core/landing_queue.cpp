// From the queue into the train, and out of it.
#include "core/landing_queue.hpp"

#include "core/base_branch.hpp"
#include "core/forecast.hpp"
#include "core/outbox.hpp"
#include "core/reviews.hpp"
#include "core/train.hpp"
#include "core/undos.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace orch::landing_queue {
namespace {

/// Without those whose landing waits to be tried again.
std::vector<const TaskRecord*> line(Turn& turn) {
  std::vector<const TaskRecord*> ready;
  for (const std::size_t place : turn.agenda().places(Matter::Queued)) {
    const TaskRecord& task = turn.state().tasks[place];
    const bool waits = !task.held && !task.not_before && turn.is_free(task, Lane::Landing) &&
                       !reviews::is_due(turn.state(), task) &&
                       turn.edit_landing(task.id()) == nullptr;
    if (waits) ready.push_back(&task);
  }
  return ready;
}

const TaskRecord* next_in_line(Turn& turn) {
  const auto rank = [&state = turn.state()](const TaskRecord* task) {
    const bool is_new = task->returned.why.empty();  // what was mended does not wait once more
    return std::tuple(is_new, task->plan.effective_priority,
                      task->queued_order + forecast::places_back(state, *task), task->queued_order);
  };
  const std::vector<const TaskRecord*> ready = line(turn);
  const auto next = std::ranges::min_element(ready, {}, rank);
  return next == ready.end() ? nullptr : *next;
}

void prepare(Turn& turn, TaskRecord& task, const CommitId& onto) {
  const Landing& landing = turn.begin_landing(
      {.task = task.id(), .number = ++task.landing, .work = task.work, .onto = onto});
  outbox::emit(turn,
               PrepareLanding{task.id(), landing.number, landing.onto, landing.work, task.seen});
}

bool is_any(const RunRecord& run, LandingState state) {
  return std::ranges::find(run.landings, state, &Landing::state) != run.landings.end();
}

/// The user's own commits and what they take back wait for their turn, before any task that is not
/// on its way yet.
bool lone_waits(Turn& turn) {
  const bool any = !turn.run().base_tip.empty() || undos::next(turn) != nullptr;
  return any && turn.edit_landing({}) == nullptr;
}

void begin_lone(Turn& turn) {
  if (!turn.run().base_tip.empty()) return base_branch::begin_landing(turn);
  undos::begin_landing(turn);
}

/// No effect of theirs is under way.
bool is_at_rest(LandingState state) {
  return state == LandingState::Ready || state == LandingState::Aside ||
         state == LandingState::Green || state == LandingState::Red;
}

void leave(Turn& turn, const TaskId& id) {
  TaskRecord* task = turn.edit(id);
  if (task != nullptr && task->state == TaskState::Landing)
    return requeue(turn, *task, {ReasonKind::LandingTurn});
  turn.end_landing(id);
}

/// One that stands aside joins when the train is empty, and is prepared anew when the tip moves.
bool stays(Turn& turn, const Landing& landing, const std::vector<const Landing*>& train) {
  if (landing.state != LandingState::Aside)
    return std::ranges::find(train, &landing) != train.end();
  return train::goes_on(turn.state(), landing) && train::is_tip(turn.run(), landing.onto);
}

/// It is the last one of the train, and of the list, which has them in their order.
void join(Turn& turn, const TaskId& id) {
  std::vector<Landing>& landings = turn.edit_run().landings;
  const auto own = std::ranges::find(landings, id, &Landing::task);
  std::rotate(own, own + 1, landings.end());
  turn.enter(landings.back(), LandingStep::Join);
}

/// Whoever is built on what is in the train no more begins anew.
void drop_stale(Turn& turn) {
  const std::vector<const Landing*> train = train::members(turn.state());
  std::vector<TaskId> stale;
  TaskId first;
  for (const Landing& landing : turn.run().landings) {
    if (landing.task.value.empty() || !is_at_rest(landing.state)) continue;
    if (!stays(turn, landing, train)) {
      stale.push_back(landing.task);
    } else if (landing.state == LandingState::Aside && train.empty() && first.value.empty()) {
      first = landing.task;
    }
  }
  if (!first.value.empty()) join(turn, first);
  for (const TaskId& id : stale)
    leave(turn, id);
}

/// What nobody tests counts as if it had passed.
train::Knowledge knowledge(const RunRecord& run, const std::vector<const Landing*>& train) {
  train::Knowledge known;
  for (const Landing* landing : train) {
    const bool passes = landing->state == LandingState::Ready && !run.rules.tested;
    known.push_back(passes ? LandingState::Green : landing->state);
  }
  return known;
}

void test(Turn& turn, const TaskId& id, LandingStep step) {
  Landing& landing = *turn.edit_landing(id);
  const RunRecord& run = turn.run();
  const bool is_alone = run.rules.parallel == 1;
  TaskRecord& task = *turn.edit(id);
  task.why = {ReasonKind::TestingMerge};
  // What was red in this very landing is new.
  const bool anew = task.test_anew && landing.red.empty();
  turn.enter(landing, step);
  outbox::emit(turn, TestLanding{.task = id,
                                 .landing = landing.number,
                                 .candidate = landing.candidate,
                                 .onto = run.rules.in_order ? landing.onto : run.integration,
                                 .runs = is_alone ? 2 : 1,
                                 .verdict = is_alone || step == LandingStep::Judge,
                                 .anew = anew});
}

void land_what_can(Turn& turn) {
  const RunRecord& run = turn.run();
  const std::vector<const Landing*> train = train::members(turn.state());
  const std::size_t count = train::to_land(knowledge(run, train), run.rules.in_order);
  if (count == 0) return;
  Land land{.onto = run.integration};
  for (std::size_t place = 0; place < count; ++place) {
    Landing& landing = *turn.edit_landing(train[place]->task);
    turn.enter(landing, LandingStep::Move);
    TaskRecord& task = *turn.edit(landing.task);
    task.why = {run.rules.tested ? ReasonKind::MergeTested : ReasonKind::Merging};
    if (place + 1 < count) land.with.push_back(landing.task);
  }
  const Landing& last = *train[count - 1];
  land.task = last.task;
  land.landing = last.number;
  land.candidate = last.candidate;
  land.remake = count == 1 && last.onto != run.integration;
  turn.make_durable();
  outbox::emit(turn, std::move(land));
}

/// The others of the train go on without it.
void judge_first(Turn& turn) {
  const RunRecord& run = turn.run();
  const std::vector<const Landing*> train = train::members(turn.state());
  const bool is_to_blame = train::blames_first(knowledge(run, train), run.rules.in_order);
  if (!is_to_blame || train::free_tests(run) == 0) return;
  turn.edit_run().train = std::max(1, static_cast<int>(train::longest(run)) / 2);
  test(turn, train.front()->task, LandingStep::Judge);
  drop_stale(turn);
}

/// How many the train will have as soon as all that may come in are prepared.
std::size_t planned(Turn& turn, std::size_t members) {
  const RunRecord& run = turn.run();
  if (lone_waits(turn)) return members;
  const std::size_t prepared = is_any(run, LandingState::Preparing) ? 1 : 0;
  const std::size_t room = train::longest(run) - std::min(train::longest(run), train::length(run));
  return members + prepared + std::min(room, line(turn).size());
}

void test_what_tells_most(Turn& turn) {
  const RunRecord& run = turn.run();
  const std::vector<const Landing*> train = train::members(turn.state());
  const std::size_t free = train::free_tests(run);
  if (train.empty() || free == 0 || !run.rules.tested) return;
  const auto places =
      train::to_test(knowledge(run, train), planned(turn, train.size()), free, run.rules.in_order);
  for (const std::size_t place : places)
    test(turn, train[place]->task, LandingStep::Test);
}

}  // namespace

void requeue(Turn& turn, TaskRecord& task, Reason why) {
  turn.end_landing(task.id());
  turn.enter(task, Step::Requeue, std::move(why));
}

void move_tip(Turn& turn, const CommitId& tip, const CommitId& candidate) {
  RunRecord& run = turn.edit_run();
  run.integration = tip;
  run.landed = candidate == tip ? CommitId{} : candidate;
}

void take_in(Turn& turn, Landing& landing, const CommitId& candidate) {
  landing.candidate = candidate;
  turn.edit(landing.task)->why = {ReasonKind::LandingTurn};
  if (train::is_end(turn.state(), landing.onto)) {
    join(turn, TaskId(landing.task));
  } else {
    turn.enter(landing, LandingStep::StandAside);
  }
  carry_on(turn);
}

void try_on_tip(Turn& turn, TaskRecord& task) {
  const bool goes_on = !task.held && turn.run().phase == RunPhase::Running;
  if (!goes_on) return requeue(turn, task, {ReasonKind::LandingTurn});
  prepare(turn, task, turn.run().integration);
}

void carry_on(Turn& turn) {
  drop_stale(turn);
  if (turn.run().phase != RunPhase::Running) return;
  land_what_can(turn);
  judge_first(turn);
  test_what_tells_most(turn);
}

void begin_next(Turn& turn) {
  const RunRecord& run = turn.run();
  carry_on(turn);
  if (run.phase != RunPhase::Running) return;
  if (lone_waits(turn)) {
    if (run.landing_under_way() == nullptr) begin_lone(turn);
    return;
  }
  const std::vector<const Landing*> train = train::members(turn.state());
  const bool is_red = std::ranges::find(train, LandingState::Red, &Landing::state) != train.end();
  const bool is_closed = is_red || train::lone_lands(run) || is_any(run, LandingState::Preparing) ||
                         train::length(run) >= train::longest(run);
  if (is_closed) return;
  const TaskRecord* next = next_in_line(turn);
  if (next == nullptr) return;
  TaskRecord& task = turn.edit(*next);
  turn.enter(task, Step::Land, {ReasonKind::Merging});
  prepare(turn, task, train.empty() ? run.integration : train.back()->candidate);
}

}  // namespace orch::landing_queue
