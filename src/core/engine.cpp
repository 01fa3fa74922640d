// One event in, one decision out: routes events to their part and looks afterwards what may move.
#include "orch/core/engine.hpp"

#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch {

Decision Engine::handle(const Event& event, Time now) {
  now_ = now;
  out_ = {};
  std::visit([this](const auto& happened) { on(happened); }, event);
  settle();
  return std::move(out_);
}

void Engine::on(const RunStarted& event) {
  RunRecord& run = state_.run;
  run = {};
  run.rules = event.rules;
  run.base_start = run.integration = run.followed = run.follow_tried = event.base;
  run.started = now_;
  state_.pending.clear();
  take_tasks(event.tasks, true);
  take_as_merged(event.merged);
  note("run.started", {}, fmt::format("{} tasks on {}", state_.tasks.size(), run.rules.base));
  if (run.rules.tested && run.rules.test_base) {
    run.phase = RunPhase::TestingBase;
    emit(TestBase{event.base});
  } else {
    run.phase = RunPhase::Running;
  }
}

void Engine::on(const RunResumed& event) {
  RunRecord& run = state_.run;
  run.rules = event.rules;
  try_all_again();
  run.waiting_for_person.reset();
  take_tasks(event.tasks, false);
  late_ticks_are_due();
  follow_marks(event.unticked);
  run.last_ticks = false;
  note("run.resumed", {}, "");
  if (run.phase != RunPhase::Running && run.phase != RunPhase::TestingBase) {
    run.phase = RunPhase::Running;
    run.why.clear();
    run.ended = {};
    run.keep_agents = false;
    run.follow_tried = run.base_refused = {};
    // Nothing has begun before the base has passed its tests, whatever came in between.
    if (run.rules.tested && run.rules.test_base && run.dispatched == 0) {
      run.phase = RunPhase::TestingBase;
      const bool under_way = std::ranges::any_of(state_.pending, [](const auto& pending) {
        return std::holds_alternative<TestBase>(pending.second.effect);
      });
      if (!under_way) emit(TestBase{run.integration});
    }
  }
  for (TaskRecord& task : state_.tasks) {
    go_on_if_stuck(task);
    if (event.retry_failed && task.state == TaskState::Failed) retry_task(task);
  }
}

void Engine::on(const EffectEnded& event) {
  // What is not under way has ended before: this is old news.
  if (!under_way(event.effect)) return;
  OutboxEntry& entry = state_.pending.at(event.effect);
  const Outcome outcome = expected(entry.effect, event.outcome);
  if (tried_again(event.effect, entry, outcome)) return;
  const Effect effect = take_out(event.effect);
  TaskRecord* task = state_.find(task_of(effect));
  if (task == nullptr && !task_of(effect).value.empty()) {
    return note("run.trouble", task_of(effect),
                fmt::format("{} has ended, and there is no such task", name_of(effect)));
  }
  route(effect, task, outcome);
  if (task == nullptr || task->doing != 0) return;
  if (task->ending != Ending::None) return carry_on_ending(*task);
  const bool may_check = task->state == TaskState::Running || task->state == TaskState::Blocked ||
                         task->state == TaskState::Queued;
  if (task->attempt.done && may_check) check_work(*task);
}

void Engine::route(const Effect& effect, TaskRecord* task, const Outcome& outcome) {
  std::visit(Overloaded{
                 [&](const TestBase&) { on_base_tested(outcome); },
                 // Those of a task have one: it was looked for before.
                 [&](const CreateWorktree&) { on_worktree(*task, outcome); },
                 [&](const StartAgent&) { on_started(*task, outcome); },
                 [&](const StopAgent&) { on_stopped(*task, outcome); },
                 [&](const CollectWork& e) { on_collected(*task, e, outcome); },
                 [&](const RescueWork&) { on_rescued(*task, outcome); },
                 [&](const PrepareLanding& e) { on_prepared(e, outcome); },
                 [&](const TestLanding& e) { on_tested(e, outcome); },
                 [&](const Land& e) { on_landed(e, outcome); },
                 [&](const FollowBase& e) { on_followed(e, outcome); },
                 [&](const TickFile&) { on_ticked(*task, outcome); },
                 [&](const CleanUp&) { on_tidied(*task, outcome); },
                 [&](const WriteReport&) {
                   if (const auto* failure = std::get_if<NotDone>(&outcome)) {
                     note("run.trouble", {}, "the report is not written: " + failure->why);
                   }
                   if (state_.run.phase != RunPhase::Finishing) return;
                   state_.run.phase = RunPhase::Finished;
                   note("run.finished", {}, state_.run.why);
                 },
             },
             effect);
}

void Engine::on(const BaseMoved& event) {
  RunRecord& run = state_.run;
  // Our own following is seen as a move too, and so is a person's who caught up by hand.
  if (event.tip == run.integration) return caught_up(event.tip);
  for (const CommitId& known :
       {run.followed, run.follow_tried, run.base_refused, run.base_tip, run.base_work}) {
    if (event.tip == known) return;
  }
  run.base_tip = event.tip;
  note("base.moved", {}, fmt::format("{} has new commits: they are merged in", run.rules.base));
}

void Engine::on(const ClockTicked&) {
  for (TaskRecord& task : state_.tasks) {
    const bool limited =
        task.state == TaskState::Running && task.attempt.busy_since && task.ending == Ending::None;
    if (!limited) continue;
    const Span used = task.attempt.busy + (now_ - *task.attempt.busy_since);
    if (used < limit_of(task)) continue;
    ++task.failures;
    end_attempt(task, Ending::Failed,
                fmt::format("ran into its time limit of {}", span_text(limit_of(task))));
  }
}

void Engine::settle() {
  for (TaskRecord& task : state_.tasks) {
    if (!task.not_before || *task.not_before > now_) continue;
    task.not_before.reset();
    touch(task);
  }
  go_through_outbox();
  go_on_if_possible();
  dispatch();
  land_next();
  follow_if_due();
  for (TaskRecord& task : state_.tasks) {
    if ((task.state == TaskState::Merged || task.rest) && !task.cleaned) tidy(task);
  }
  see_to_ticks();
  finish_if_over();
}

// A run that is over, or nearly, goes on when something can move again: a person retried a task,
// ticked one by hand, or added one.
void Engine::go_on_if_possible() {
  RunRecord& run = state_.run;
  if (run.phase != RunPhase::Finishing && run.phase != RunPhase::Finished) return;
  const bool possible = !only_a_person_can_help() ||
                        std::ranges::any_of(state_.tasks, [this](const TaskRecord& task) {
                          return could_start(task);
                        });
  if (!possible) return;
  run.phase = RunPhase::Running;
  run.ended = {};
  run.last_ticks = false;
}

bool Engine::only_a_person_can_help() const {
  if (state_.run.landing || !state_.run.base_tip.empty()) return false;
  return std::ranges::none_of(state_.tasks, [](const TaskRecord& task) {
    if (task.ending != Ending::None) return true;
    if (task.state == TaskState::Queued) return !task.held;
    if (task.state == TaskState::Waiting) return task.not_before.has_value();
    return is_active(task.state);
  });
}

void Engine::stop_agents() {
  for (TaskRecord& task : state_.tasks) {
    const bool idle = task.attempt.alive && task.doing == 0 && task.ending == Ending::None;
    if (idle) emit_for(task, StopAgent{task.id(), task.attempt.number});
  }
}

// Nobody finds the landed work missing on the base without a word.
bool Engine::follow_once_more() {
  RunRecord& run = state_.run;
  if (run.integration == run.followed || run.rules.follow == Follow::Never) return false;
  if (run.rules.follow == Follow::Landing && run.integration != run.follow_tried) {
    follow_base();
    return true;
  }
  if (run.behind_why.empty())
    run.behind_why = "the run is stopped before that; `tmux-orch up` goes on with it";
  return false;
}

void Engine::finish_if_over() {
  RunRecord& run = state_.run;
  if (run.phase == RunPhase::Stopping) {
    if (!run.keep_agents) stop_agents();
    if (is_at_rest()) {
      if (follow_once_more()) return;
      run.phase = RunPhase::Stopped;
      run.ended = now_;
      note("run.stopped", {}, "`tmux-orch up` goes on with it");
    }
    return;
  }
  if (run.phase != RunPhase::Running || !only_a_person_can_help()) {
    if (run.phase == RunPhase::Running) run.waiting_for_person.reset();
    return;
  }
  const bool all_final = std::ranges::all_of(
      state_.tasks, [](const TaskRecord& task) { return !task.wanted || is_final(task.state); });
  if (!all_final) {
    if (!run.waiting_for_person) {
      run.waiting_for_person = now_;
      note("run.waiting", {}, "a person is needed to go on");
    }
    if (!run.rules.wait_user || now_ - *run.waiting_for_person < *run.rules.wait_user) return;
  }
  stop_agents();
  if (!state_.pending.empty()) return;
  if (retry_late_ticks()) return;
  const bool behind = run.rules.follow == Follow::End && run.integration != run.followed &&
                      run.integration != run.follow_tried;
  if (behind) {
    follow_base();
    return;
  }
  run.phase = RunPhase::Finishing;
  run.ended = now_;
  emit(WriteReport{});
}

std::optional<Time> Engine::next_wake() const {
  std::optional<Time> wake;
  const auto consider = [&wake](Time time) {
    if (!wake || time < *wake) wake = time;
  };
  for (const auto& [id, entry] : state_.pending) {
    if (const std::optional<Time> time = due(entry)) consider(*time);
  }
  if (state_.run.phase != RunPhase::Running) return wake;
  for (const TaskRecord& task : state_.tasks) {
    const bool delayed = task.state == TaskState::Waiting || task.state == TaskState::Queued;
    if (delayed && task.not_before) consider(*task.not_before);
    if (task.state == TaskState::Running && task.attempt.busy_since &&
        task.ending == Ending::None) {
      consider(*task.attempt.busy_since + (limit_of(task) - task.attempt.busy));
    }
  }
  // With something in flight its end is waited for, not a time.
  if (state_.run.waiting_for_person && state_.run.rules.wait_user && state_.pending.empty()) {
    consider(*state_.run.waiting_for_person + *state_.run.rules.wait_user);
  }
  return wake;
}

void Engine::enter(TaskRecord& task, TaskState next, std::string why) {
  if (task.state != next) task.changed_at = now_;
  task.state = next;
  task.why = std::move(why);
  // A worker is kept until the work is done, also from one attempt to the next.
  const bool keeps_slot =
      next == TaskState::Waiting || next == TaskState::Preparing || next == TaskState::Running;
  if (!keeps_slot) task.attempt.has_slot = false;
  if (next != TaskState::Blocked) task.stuck = Stuck::No;
  touch(task);
}

void Engine::note(std::string kind, const TaskId& task, std::string text) {
  out_.facts.push_back(Fact{std::move(kind), task, std::move(text)});
}

}  // namespace orch
