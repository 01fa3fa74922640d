// The tasks of a run.
#include "core/roster.hpp"

#include "core/attempts.hpp"
#include "core/coordination.hpp"
#include "orch/base/text.hpp"
#include "orch/core/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <numeric>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch {

// The mark is ours to set, a line moves when others are edited, and what comes first gets less as
// the others are done: none of it is a change of the task.
bool same_work(TaskSpec first, TaskSpec second) {
  first.done = second.done = false;
  first.line = second.line = 0;
  first.items = second.items = {};
  first.after = second.after = {};
  return first == second;
}

namespace roster {
namespace {

bool not_begun(const State& state, const TaskRecord& task) {
  return (task.state == TaskState::Waiting || task.state == TaskState::Unreachable) &&
         state.pending.is_idle(task.id());
}

TaskRecord fresh(const PlannedTask& planned, Time now) {
  TaskRecord task;
  task.plan = planned;
  task.changed_at = now;
  if (planned.spec.done) {
    task.state = TaskState::Merged;
    // Skipped by the user, as its file says that it is done.
    const std::string& doubt = planned.spec.doubt;
    task.why = doubt.empty() ? Reason{ReasonKind::Ticked} : quoted(doubt);
    task.cleaned = true;
    task.tick = Tick::Written;
    task.changed = false;
  }
  return task;
}

void tick_by_hand(Turn& turn, TaskRecord& task) {
  task.tick = Tick::Written;
  task.cleaned = turn.agent_of(task).worktree.empty();
  task.changed = false;
  turn.enter(task, Step::Tick, {ReasonKind::Ticked});
  turn.note(FactKind::TaskTicked, task.id());
}

void update(Turn& turn, const TaskRecord& known, const PlannedTask& planned) {
  if (!known.gone && known.plan == planned) return;
  TaskRecord& task = turn.edit(known);
  const bool is_back = std::exchange(task.gone, false) && task.state == TaskState::Aborted;
  if (is_back) {
    turn.enter(task, Step::Rejoin);
    turn.note(FactKind::TaskJoined, task.id(), {ReasonKind::BackInFile});
  }
  if (task.plan == planned) return;
  if (not_begun(turn.state(), task)) {
    task.plan = planned;
    task.plan.spec.items = attempts::items_unmerged(task);
    if (planned.spec.done) tick_by_hand(turn, task);
    return;
  }
  if (!is_final(task.state) && !same_work(task.plan.spec, planned.spec)) {
    turn.note(FactKind::TaskEdited, task.id(), {ReasonKind::EditedInFile});
  }
  // A text that was edited under way is taken by the next attempt, not by the one at work.
  task.plan = planned;
}

void drop(Turn& turn, const TaskRecord& known) {
  if (is_final(known.state) && known.state != TaskState::Unreachable) return;
  if (known.gone && !not_begun(turn.state(), known)) return;
  TaskRecord& task = turn.edit(known);
  task.gone = true;
  if (not_begun(turn.state(), task)) {
    turn.enter(task, Step::Abort, {ReasonKind::NotInFile});
    return turn.note(FactKind::TaskAborted, task.id(), task.why);
  }
  turn.note(FactKind::TaskEdited, task.id(), {ReasonKind::GoneFromFile});
}

/// Did the user skip it, as its file says that it is done, and wants it done now?
bool is_skipped_no_more(const State& state, const TaskRecord& known) {
  const std::vector<TaskId>& started = state.run.rules.started;
  const bool was_skipped = known.state == TaskState::Merged && known.attempts == 0 &&
                           known.plan.spec.done && !known.plan.spec.doubt.empty();
  return was_skipped && std::ranges::find(started, known.id()) != started.end();
}

/// Those of the file in its order, then those that are no longer in it.
TaskRecords in_file_order(const State& state, const Plan& plan, Time now) {
  TaskRecords tasks;
  std::unordered_set<std::string> named;
  for (const PlannedTask& planned : plan.tasks) {
    const TaskRecord* known = state.find(planned.spec.id);
    const bool begins = known == nullptr || is_skipped_no_more(state, *known);
    tasks.push_back(begins ? fresh(planned, now) : *known);
    named.insert(planned.spec.id.value);
  }
  for (const TaskRecord& task : state.tasks)
    if (!named.contains(task.id().value)) tasks.push_back(task);
  const Rules& rules = state.run.rules;
  const bool is_free = state.find(TaskId{std::string(kCoordinatorWord)}) == nullptr;
  if (!rules.coordinator.agent.empty() && is_free) tasks.push_back(coordination::fresh(rules, now));
  return tasks;
}

std::vector<TaskSpec> specs_of(const State& state) {
  std::vector<TaskSpec> specs;
  for (const TaskRecord& task : state.tasks)
    if (!task.plan.spec.coordinates()) specs.push_back(task.plan.spec);
  return specs;
}

/// Less those that the user has taken out of the file.
std::vector<TaskSpec> specs_in_file(const State& state) {
  std::vector<TaskSpec> specs;
  for (const TaskRecord& task : state.tasks)
    if (!task.gone && !task.plan.spec.coordinates()) specs.push_back(task.plan.spec);
  return specs;
}

void choose_wanted(Turn& turn) {
  const std::vector<TaskId>& only = turn.run().rules.only;
  for (const TaskRecord& task : turn.state().tasks) {
    if (task.plan.spec.is_made()) continue;
    const bool wanted = only.empty() ? task.plan.spec.withheld.empty()
                                     : std::ranges::find(only, task.id()) != only.end();
    if (wanted != task.wanted) turn.edit(task).wanted = wanted;
  }
}

std::vector<TaskId> needs_of(const State& state, const TaskRecord& task) {
  std::vector<TaskId> needs;
  const auto add = [&](const TaskId& id) {
    const bool known = std::ranges::find(needs, id) != needs.end();
    const TaskRecord* needed = state.find(id);
    // Who coordinates is never done, and no task.
    if (!known && needed != nullptr && !needed->plan.spec.coordinates()) needs.push_back(id);
  };
  for (const TaskId& id : task.plan.spec.depends)
    add(id);
  for (const auto& [id, reason] : task.plan.implicit_depends)
    add(id);
  return needs;
}

/// To which kinds of agents each may go.
void route(Turn& turn) {
  for (const TaskRecord& task : turn.state().tasks) {
    std::vector<KindChoice> choices = choices_for(task.plan.spec, turn.run().rules);
    if (choices != task.choices) turn.edit(task).choices = std::move(choices);
  }
}

void relate(Turn& turn, const Plan& plan) {
  std::unordered_map<std::string, std::vector<TaskId>> overlaps;
  for (const Overlap& overlap : plan.overlaps) {
    overlaps[overlap.first.value].push_back(overlap.second);
    overlaps[overlap.second.value].push_back(overlap.first);
  }
  for (const TaskRecord& task : turn.state().tasks) {
    std::vector<TaskId> needs = needs_of(turn.state(), task);
    std::vector<TaskId>& meets = overlaps[task.id().value];
    if (needs == task.needs && meets == task.overlaps) continue;
    TaskRecord& changed = turn.edit(task);
    changed.needs = std::move(needs);
    changed.overlaps = std::move(meets);
  }
}

/// One that it needs and that will not come; nullptr: all may.
const TaskRecord* lost_need(const State& state, const TaskRecord& task) {
  for (const TaskId& id : task.needs) {
    const TaskRecord* needed = state.find(id);
    if (needed == nullptr || needed->state == TaskState::Merged) continue;
    if (is_left_to_user(state, *needed)) continue;
    if (is_final(needed->state) || (!needed->wanted && not_begun(state, *needed))) return needed;
  }
  return nullptr;
}

Reason lost_reason(const TaskRecord& lost) {
  Reason reason = because_of(ReasonKind::LostNeed, lost.wanted ? Reason() : why_unwanted(lost));
  if (lost.wanted) reason.text = to_text(lost.state);
  reason.names = {lost.id().value};
  return reason;
}

/// Does it become unreachable, or reachable again?
bool has_moved(Turn& turn, const TaskRecord& known) {
  if (!not_begun(turn.state(), known)) return false;
  const TaskRecord* lost = lost_need(turn.state(), known);
  const bool was_lost = known.state == TaskState::Unreachable;
  if ((lost != nullptr) == was_lost) return false;
  TaskRecord& task = turn.edit(known);
  if (lost == nullptr) {
    turn.enter(task, Step::Reach);
    return true;
  }
  turn.enter(task, Step::Unreach, lost_reason(*lost));
  turn.note(FactKind::TaskUnreachable, task.id(), task.why);
  return true;
}

/// Looks at these, and where one has moved at those that need it.
void look_at(Turn& turn, std::deque<std::size_t> places) {
  while (!places.empty()) {
    const std::size_t place = places.front();
    places.pop_front();
    if (!has_moved(turn, turn.state().tasks[place])) continue;
    const std::vector<std::size_t>& next = turn.dependents_of(place);
    places.insert(places.end(), next.begin(), next.end());
  }
}

/// Those that were made and are no tasks of the file come after those of the file.
void add_made(std::vector<TaskSpec>& specs, const State& state) {
  std::unordered_set<std::string> named;
  for (const TaskSpec& spec : specs)
    named.insert(spec.id.value);
  for (const TaskRecord& task : state.tasks) {
    const TaskSpec& spec = task.plan.spec;
    if (spec.is_made() && !spec.coordinates() && !named.contains(spec.id.value))
      specs.push_back(spec);
  }
}

/// A task of the file that has the id of one that was made: neither may take the other's place.
const TaskSpec* made_twice(const std::vector<TaskSpec>& specs, const State& state) {
  std::unordered_set<std::string> made;  // users name tasks in any case
  if (!state.run.rules.coordinator.agent.empty()) made.insert(std::string(kCoordinatorWord));
  for (const TaskRecord& task : state.tasks)
    if (task.plan.spec.is_made()) made.insert(lower(task.id().value));
  const auto twice = std::ranges::find_if(specs, [&made](const TaskSpec& spec) {
    return !spec.is_made() && made.contains(lower(spec.id.value));
  });
  return twice == specs.end() ? nullptr : &*twice;
}

/// What a made task needs may leave the file; it does not start without it.
void keep_needs(Plan& plan, const State& state) {
  for (PlannedTask& planned : plan.tasks) {
    const TaskRecord* known = state.find(planned.spec.id);
    if (!planned.spec.is_made() || known == nullptr) continue;
    for (const TaskId& need : known->plan.spec.depends) {
      const bool is_lost =
          std::ranges::find(planned.spec.depends, need) == planned.spec.depends.end();
      if (is_lost) planned.spec.depends.push_back(need);
    }
  }
}

/// What the user has given to another kind of agent than its file says stays there.
void keep_assigned(std::vector<TaskSpec>& specs, const State& state) {
  for (TaskSpec& spec : specs)
    if (const TaskRecord* task = state.find(spec.id); task != nullptr && !task->assigned.empty())
      spec.agent = task->assigned;
}

Reason why_joined(const TaskSpec& spec) {
  if (!spec.is_made()) return {ReasonKind::NewInFile};
  return {.kind = ReasonKind::MadeBy, .names = {spec.made_by}};
}

/// The next one that coordinates is of the kind that the user wants now.
void take_kind(Turn& turn, const TaskRecord& task) {
  const std::string& kind = turn.run().rules.coordinator.agent;
  if (task.plan.spec.agent != kind) turn.edit(task).plan.spec.agent = kind;
}

/// The plan becomes that of the run.
void follow(Turn& turn, const Plan& plan, Occasion occasion) {
  std::unordered_set<std::string> known;
  for (const TaskRecord& task : turn.state().tasks)
    known.insert(task.id().value);
  turn.replace_tasks(in_file_order(turn.state(), plan, turn.now()));
  std::unordered_set<std::string> named;
  for (const PlannedTask& planned : plan.tasks) {
    named.insert(planned.spec.id.value);
    if (known.contains(planned.spec.id.value)) {
      update(turn, *turn.find(planned.spec.id), planned);
    } else if (occasion != Occasion::Start) {
      turn.note(FactKind::TaskJoined, planned.spec.id, why_joined(planned.spec));
    }
  }
  for (const TaskRecord& task : turn.state().tasks) {
    if (task.plan.spec.coordinates())
      take_kind(turn, task);
    else if (!named.contains(task.id().value))
      drop(turn, task);
  }
  choose_wanted(turn);
  relate(turn, plan);
  route(turn);
  turn.restart_agenda();
  std::deque<std::size_t> all(turn.state().tasks.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  look_at(turn, std::move(all));
}

/// Users name tasks in any case.
const TaskRecord* in_any_case(const State& state, const TaskId& id) {
  const std::string name = lower(id.value);
  const auto found = std::ranges::find_if(
      state.tasks, [&name](const TaskRecord& task) { return lower(task.id().value) == name; });
  return found == state.tasks.end() ? nullptr : &*found;
}

bool is_there(const Turn& turn, const TaskSpec& made) {
  const TaskRecord* task = turn.state().find(made.id);
  return task != nullptr && same_work(task->plan.spec, made);
}

/// No task joins any more until the next `up`.
bool is_over_or_stopping(RunPhase phase) {
  return phase == RunPhase::Stopping || phase == RunPhase::Stopped || phase == RunPhase::BaseRed;
}

}  // namespace

Reason why_unwanted(const TaskRecord& task) {
  const std::string& withheld = task.plan.spec.withheld;
  return withheld.empty() ? Reason{ReasonKind::LeftOut} : quoted(withheld);
}

void take_tasks(Turn& turn, std::vector<TaskSpec> specs, Occasion occasion) {
  settle_doubts(specs, turn.run().rules.started, turn.run().rules.skipped);
  if (const TaskSpec* twice = made_twice(specs, turn.state())) {
    const std::string why = fmt::format(
        "{0} was made in this run already: give the task of the file another id", twice->id.value);
    return turn.note(FactKind::TasksRefused, {},
                     {.kind = ReasonKind::BadFile, .text = why, .number = twice->line});
  }
  add_made(specs, turn.state());
  keep_assigned(specs, turn.state());
  Plan plan = make_plan(specs);
  keep_needs(plan, turn.state());
  const std::optional<Problem> refusal =
      refusal_of(plan, occasion == Occasion::Edit ? specs_of(turn.state()) : specs);
  if (refusal) {
    return turn.note(
        FactKind::TasksRefused, {},
        {.kind = ReasonKind::BadFile, .text = refusal->message, .number = refusal->line});
  }
  follow(turn, plan, occasion);
}

void make(Turn& turn, const UserAsked& asked) {
  const std::vector<TaskSpec>& made = asked.tasks;
  const auto refuse = [&turn](Reason reason) {
    turn.refuse({.kind = RefusalKind::NotMade, .reason = std::move(reason)});
  };
  if (is_over_or_stopping(turn.run().phase))
    return turn.refuse(
        {.kind = RefusalKind::RunIsOver, .word = std::string(to_text(turn.run().phase))});
  if (std::ranges::all_of(made, [&](const TaskSpec& spec) { return is_there(turn, spec); }))
    return;  // asked again, as the answer was lost
  std::vector<TaskSpec> specs = specs_in_file(turn.state());
  for (const TaskSpec& spec : made) {
    // A run may get one at any time.
    if (lower(spec.id.value) == kCoordinatorWord)
      return refuse({.kind = ReasonKind::IdIsTaken, .names = {std::string(kCoordinatorWord)}});
    if (const TaskRecord* there = in_any_case(turn.state(), spec.id); there != nullptr)
      return refuse({.kind = ReasonKind::IdIsTaken, .names = {there->id().value}});
    specs.push_back(spec);
  }
  Plan plan = make_plan(specs);
  keep_needs(plan, turn.state());
  if (const std::optional<Problem> refusal = refusal_of(plan, specs_of(turn.state())))
    return refuse(quoted(refusal->message));
  follow(turn, plan, Occasion::Edit);
  if (asked.verb != Verb::MakeHeld) return;
  for (const TaskSpec& spec : made) {
    TaskRecord& task = *turn.edit(spec.id);
    task.held = true;
    task.held_by = asked.by;
  }
}

void assign(Turn& turn, TaskRecord& task, const std::string& kind) {
  task.assigned = task.plan.spec.agent = kind;
  task.choices = choices_for(task.plan.spec, turn.run().rules);
}

void look_again(Turn& turn, const TaskRecord& task) {
  look_at(turn, {turn.state().tasks.place_of(task)});
}

void refresh_unreachable(Turn& turn, const TaskRecord& task) {
  const std::vector<std::size_t>& needing = turn.dependents_of(turn.state().tasks.place_of(task));
  look_at(turn, {needing.begin(), needing.end()});
}

}  // namespace roster
}  // namespace orch
