// Stages and causes of waiting, from stored events.
#include "ui/timeline.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace orch::ui {
namespace {

constexpr std::array kConflicts{ReasonKind::Conflicting, ReasonKind::Conflicts,
                                ReasonKind::MarksLeft, ReasonKind::BaseConflicts};

const Reason* conflict_in(const Reason& reason) {
  if (std::ranges::find(kConflicts, reason.kind) != kConflicts.end()) return &reason;
  return reason.cause.empty() ? nullptr : conflict_in(reason.cause.front());
}

/// The same conflict is a fact again where the task is blocked or failed because of it.
void add_conflict(Timeline& timeline, const PastEvent& event, const Fact& fact) {
  const Reason* what = conflict_in(fact.reason);
  if (what == nullptr) return;
  const bool tells_more = fact.kind == FactKind::TaskReturned ||
                          fact.kind == FactKind::TaskBlocked || fact.kind == FactKind::TaskFailed ||
                          fact.kind == FactKind::BaseRefused;
  if (!tells_more) return;
  const auto last = std::find_if(timeline.conflicts.rbegin(), timeline.conflicts.rend(),
                                 [&](const Conflict& known) { return known.task == fact.task; });
  const bool is_known = last != timeline.conflicts.rend() && last->what.names == what->names &&
                        fact.kind != FactKind::TaskReturned;
  if (!is_known) timeline.conflicts.push_back({event.at, fact.task, *what});
}

void take_fact(Timeline& timeline, const PastEvent& event, const Fact& fact) {
  add_conflict(timeline, event, fact);
  if (fact.kind == FactKind::RunStopped) {
    timeline.stops.push_back({event.at, timeline.whole.to});
  } else if (fact.kind == FactKind::RunResumed && !timeline.stops.empty()) {
    Interval& last = timeline.stops.back();
    last.to = std::min(last.to, event.at);
  } else if (fact.kind == FactKind::BaseTested && timeline.base_tested == Time{}) {
    timeline.base_tested = event.at;
  }
}

void take_stage(std::vector<StageSpan>& spans, const StageChange& change, Time at, Time end) {
  if (!spans.empty()) {
    StageSpan& last = spans.back();
    if (last.stage == change.stage && last.worker == change.worker) return;
    last.when.to = at;
    if (last.when.length() <= Span{0}) spans.pop_back();
  }
  spans.push_back({change.stage, change.worker, {at, end}});
}

/// Takes what lies in `by` out of the intervals; how much that was.
Span take(std::vector<Interval>& from, const Interval& by) {
  Span taken{0};
  std::vector<Interval> left;
  for (const Interval& one : from) {
    const Interval common{std::max(one.from, by.from), std::min(one.to, by.to)};
    if (common.length() <= Span{0}) {
      left.push_back(one);
      continue;
    }
    taken += common.length();
    if (one.from < common.from) left.push_back({one.from, common.from});
    if (common.to < one.to) left.push_back({common.to, one.to});
  }
  from = std::move(left);
  return taken;
}

bool holds_files(Stage stage) {
  return stage != Stage::Waiting && stage != Stage::Merged && stage != Stage::Over &&
         stage != Stage::Unknown;
}

/// Those that it still needs, and those that are done by now and so are no need any more.
std::set<TaskId> all_needs(const TaskRecord& task) {
  std::set<TaskId> needs(task.needs.begin(), task.needs.end());
  needs.insert(task.plan.spec.depends.begin(), task.plan.spec.depends.end());
  for (const auto* reasons : {&task.plan.spec.after, &task.plan.implicit_depends})
    for (const auto& [id, why] : *reasons)
      needs.insert(id);
  return needs;
}

/// When the last of what it needs was merged.
Time needs_met(const State& state, const Timeline& timeline, const TaskRecord& task) {
  Time met = timeline.whole.from;
  for (const TaskId& id : all_needs(task)) {
    const TaskRecord* need = state.find(id);
    if (need == nullptr) continue;
    const std::vector<StageSpan>& spans = timeline.tasks[state.tasks.place_of(*need)];
    const bool merged = !spans.empty() && spans.back().stage == Stage::Merged;
    met = std::max(met, merged ? spans.back().when.from : timeline.whole.to);
  }
  return met;
}

/// Another task's stages that kept its files; only these few, as a task has few overlaps.
Span wait_for_files(const State& state, const Timeline& timeline, const TaskRecord& task,
                    std::vector<Interval>& waiting) {
  Span sum{0};
  for (const TaskId& id : task.overlaps) {
    const TaskRecord* other = state.find(id);
    if (other == nullptr || waiting.empty()) continue;
    for (const StageSpan& span : timeline.tasks[state.tasks.place_of(*other)])
      if (holds_files(span.stage)) sum += take(waiting, span.when);
  }
  return sum;
}

}  // namespace

Timeline timeline_of(const State& state, const std::vector<PastEvent>& past, Time until) {
  Timeline timeline;
  timeline.tasks.resize(state.tasks.size());
  timeline.whole = {state.run.started, std::max(until, state.run.started)};
  if (past.empty()) return timeline;
  const auto since_start = (past.front().at - state.run.started).count();
  timeline.wall_begin_ms = past.front().wall_ms - since_start;
  timeline.whole.to = std::max(timeline.whole.to, past.back().at);
  for (const PastEvent& event : past) {
    for (const Fact& fact : event.facts)
      take_fact(timeline, event, fact);
    for (const StageChange& change : event.stages) {
      const TaskRecord* task = state.find(change.task);
      if (task == nullptr) continue;
      take_stage(timeline.tasks[state.tasks.place_of(*task)], change, event.at, timeline.whole.to);
    }
  }
  return timeline;
}

Waits& Waits::operator+=(const Waits& other) {
  stopped += other.stopped;
  base += other.base;
  need += other.need;
  file += other.file;
  worker += other.worker;
  queue += other.queue;
  tests += other.tests;
  person += other.person;
  return *this;
}

Waits waits_of(const State& state, const Timeline& timeline, std::size_t place) {
  Waits waits;
  const TaskRecord& task = state.tasks[place];
  std::vector<Interval> waiting;
  for (const StageSpan& span : timeline.tasks[place]) {
    if (span.stage == Stage::Waiting) waiting.push_back(span.when);
    if (span.stage == Stage::Reviewing) waits.reviews += span.when.length();
    if (span.stage == Stage::Queued) waits.queue += span.when.length();
    if (span.stage == Stage::Testing) waits.tests += span.when.length();
    if (span.stage == Stage::Person) waits.person += span.when.length();
  }
  for (const Interval& stop : timeline.stops)
    waits.stopped += take(waiting, stop);
  waits.need = take(waiting, {timeline.whole.from, needs_met(state, timeline, task)});
  waits.base = take(waiting, {timeline.whole.from, timeline.base_tested});
  waits.file = wait_for_files(state, timeline, task, waiting);
  for (const Interval& rest : waiting)
    waits.worker += rest.length();
  return waits;
}

}  // namespace orch::ui
