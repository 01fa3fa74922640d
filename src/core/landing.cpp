// Onto the integration branch one at a time: prepare, test exactly that tree, move the branch.
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace orch {
namespace {

constexpr std::size_t kFilesShown = 5;

const TaskId kBase;  // the landing of the person's own commits has no task

std::string names(const std::vector<std::string>& files) {
  std::string text;
  for (std::size_t i = 0; i < files.size() && i < kFilesShown; ++i) {
    text += (i == 0 ? "" : ", ") + files[i];
  }
  if (files.size() > kFilesShown) text += fmt::format(" and {} more", files.size() - kFilesShown);
  return text;
}

}  // namespace

void Engine::on_base_tested(const Outcome& outcome) {
  RunRecord& run = state_.run;
  const auto* tested = std::get_if<Tested>(&outcome);
  if (tested != nullptr && tested->passed) {
    note("base.tested", {}, fmt::format("{} passes its tests", run.rules.base));
    if (run.phase == RunPhase::TestingBase) run.phase = RunPhase::Running;
    return;
  }
  if (run.phase != RunPhase::TestingBase) return;
  const auto* failure = std::get_if<NotDone>(&outcome);
  run.phase = RunPhase::BaseRed;
  run.ended = now_;
  run.why = tested != nullptr ? fmt::format("{} fails its own tests: {} (log: {})", run.rules.base,
                                            tested->why, tested->log)
                              : fmt::format("the tests of {} could not be run: {}", run.rules.base,
                                            failure == nullptr ? "" : failure->why);
  note("base.red", {}, run.why);
}

void Engine::land_next() {
  RunRecord& run = state_.run;
  if (run.phase != RunPhase::Running || run.landing) return;
  if (!run.base_tip.empty() && !base_waits()) {
    // The answer of a follower on its way may be about these commits, or older ones.
    if (run.following) return;
    run.landing = kBase;
    run.base_work = run.base_tip;
    emit(PrepareLanding{kBase, ++run.base_landing, run.integration, run.base_tip});
    return;
  }
  TaskRecord* next = nullptr;
  const auto rank = [](const TaskRecord& task) {
    return std::tuple(task.plan.effective_priority, task.queued_order);
  };
  for (TaskRecord& task : state_.tasks) {
    const bool ready = task.state == TaskState::Queued && !task.held && task.doing == 0 &&
                       task.ending == Ending::None && !task.not_before;
    if (ready && (next == nullptr || rank(task) < rank(*next))) next = &task;
  }
  if (next != nullptr) begin_landing(*next);
}

void Engine::begin_landing(TaskRecord& task) {
  state_.run.landing = task.id();
  enter(task, TaskState::Landing, "being merged");
  emit_for(task, PrepareLanding{task.id(), ++task.landing, state_.run.integration, task.work});
}

void Engine::on_prepared(const PrepareLanding& effect, const Outcome& outcome) {
  TaskRecord* task = state_.find(effect.task);
  if (task == nullptr) return on_base_outcome(outcome, {});
  if (task->ending != Ending::None) return state_.run.landing.reset();
  if (const auto* prepared = std::get_if<LandingPrepared>(&outcome)) {
    task->untested = !state_.run.rules.tested;
    if (task->held || state_.run.phase != RunPhase::Running) return requeue(*task, "prepared");
    if (!task->untested) {
      task->why = "being tested on the merged tree";
      return emit_for(*task,
                      TestLanding{task->id(), effect.landing, prepared->candidate, effect.onto});
    }
    out_.durable = true;
    emit_for(*task, Land{task->id(), effect.landing, prepared->candidate, effect.onto});
  } else if (const auto* conflicts = std::get_if<LandingConflicts>(&outcome)) {
    refuse_landing(
        *task, Ending::Block,
        fmt::format("conflicts with {} in {}: merge {} in its worktree, commit and "
                    "`{}`; or `{}` from the new tip; or `{}`",
                    state_.run.rules.base, names(conflicts->files), state_.run.rules.base,
                    call_about("merge", task->id().value), call_about("retry", task->id().value),
                    call_about("abort", task->id().value)));
  } else {
    cannot_land(*task, outcome);
  }
}

void Engine::on_tested(const TestLanding& effect, const Outcome& outcome) {
  TaskRecord* task = state_.find(effect.task);
  if (task == nullptr) return on_base_outcome(outcome, effect.candidate);
  if (task->ending != Ending::None) return state_.run.landing.reset();
  const auto* tested = std::get_if<Tested>(&outcome);
  if (tested == nullptr) return cannot_land(*task, outcome);
  if (!tested->passed) {
    ++state_.run.test_failures;
    return refuse_landing(
        *task, Ending::GiveUp,
        fmt::format("its tests fail on the merged tree: {} (log: {})", tested->why, tested->log));
  }
  // Held meanwhile, or the run is stopping: the result is kept by tree, nothing moves now.
  if (task->held || state_.run.phase != RunPhase::Running) return requeue(*task, "tested");
  task->why = "tests passed, landing";
  out_.durable = true;
  emit_for(*task, Land{task->id(), effect.landing, effect.candidate, state_.run.integration});
}

void Engine::on_landed(const Land& effect, const Outcome& outcome) {
  TaskRecord* task = state_.find(effect.task);
  if (task == nullptr) return on_base_outcome(outcome, {});
  state_.run.landing.reset();
  out_.durable = true;
  if (const auto* landed = std::get_if<Landed>(&outcome)) {
    state_.run.integration = landed->tip;
    task->merged = landed->tip;
    late_ticks_are_due();
    if (!items_left(*task).empty()) return part_landed(*task);
    task->progress = 1;
    const bool silent = task->left.empty() && !task->changed;
    enter(*task, TaskState::Merged, silent ? "nothing had to change" : task->left);
    note("task.merged", task->id(),
         fmt::format("merged{}{}", task->untested ? ", untested" : "",
                     silent          ? " (nothing had to change)"
                     : task->changed ? ""
                                     : " (nothing landed: it " + task->left + ")"));
  } else if (const auto* moved = std::get_if<BranchMoved>(&outcome)) {
    state_.run.integration = moved->tip;
    requeue(*task, "the integration branch moved");
  } else {
    cannot_land(*task, outcome);
  }
}

/// What its file asks for beyond what this attempt and earlier ones have done.
std::vector<std::string> Engine::items_left(const TaskRecord& task) {
  std::vector<std::string> left = items_unmerged(task);
  std::erase_if(left, [&task](const std::string& item) {
    return std::ranges::find(task.attempt.items, item) != task.attempt.items.end();
  });
  return left;
}

void Engine::part_landed(TaskRecord& task) {
  task.rest = true;
  task.why = "a part is merged";
  touch(task);
  note("task.partly", task.id(),
       fmt::format("merged: {}; left: {}", orch::join(task.attempt.items, ", "),
                   orch::join(items_left(task), ", ")));
}

/// A fresh attempt for what is left; nothing of the one before counts against it.
void Engine::take_up_rest(TaskRecord& task) {
  const int number = task.attempt.number;
  for (std::string& item : task.attempt.items)
    task.items_merged.push_back(std::move(item));
  task.plan.spec.items = items_unmerged(task);
  task.attempt = {.number = number};
  task.crashes = task.failures = task.mishaps = 0;
  task.reported = task.work = {};
  task.cleaned = task.rest = task.untested = false;
  task.tick = Tick::Due;
  task.ending_why.clear();
  enter(task, TaskState::Waiting);
}

std::vector<std::string> Engine::items_unmerged(const TaskRecord& task) {
  std::vector<std::string> left = task.plan.spec.items;
  std::erase_if(left, [&task](const std::string& item) {
    return std::ranges::find(task.items_merged, item) != task.items_merged.end();
  });
  return left;
}

void Engine::requeue(TaskRecord& task, std::string why) {
  state_.run.landing.reset();
  enter(task, TaskState::Queued, std::move(why));
}

// Nothing is wrong with the work: its landing is begun again by the next `up`. A reason that says
// itself how to go on is the whole of what there is to say.
void Engine::cannot_land(TaskRecord& task, const Outcome& outcome) {
  const auto* failure = std::get_if<NotDone>(&outcome);
  const std::string why = failure == nullptr ? std::string(name_of(outcome)) : text_of(*failure);
  state_.run.landing.reset();
  const std::string again = call_about("merge", task.id().value);
  const bool is_whole = why.find(again) != std::string::npos;
  block(task, Stuck::Landing,
        is_whole ? why : fmt::format("it could not be landed: {}; `{}` tries again", why, again));
}

void Engine::refuse_landing(TaskRecord& task, Ending ending, std::string why) {
  state_.run.landing.reset();
  end_attempt(task, ending, std::move(why));
}

// The person's own commits on the base, merged in like a task's: prepared, tested, landed.
void Engine::on_base_outcome(const Outcome& outcome, const CommitId& tested_candidate) {
  RunRecord& run = state_.run;
  const auto* tested = std::get_if<Tested>(&outcome);
  const bool green = tested != nullptr && tested->passed;
  const auto* prepared = std::get_if<LandingPrepared>(&outcome);
  if ((green || prepared != nullptr) && run.phase != RunPhase::Running) return run.landing.reset();
  if (prepared != nullptr) {
    out_.durable = true;
    if (run.rules.tested)
      return emit(TestLanding{kBase, run.base_landing, prepared->candidate, run.integration});
    return emit(Land{kBase, run.base_landing, prepared->candidate, run.integration});
  }
  if (tested != nullptr) {
    if (!green) return refuse_base("the tests fail with them: " + tested->why);
    out_.durable = true;
    return emit(Land{kBase, run.base_landing, tested_candidate, run.integration});
  }
  run.landing.reset();
  if (const auto* landed = std::get_if<Landed>(&outcome)) {
    run.integration = landed->tip;
    if (run.base_tip == run.base_work) run.base_tip = {};
    run.behind_why.clear();
    note("base.merged", {}, fmt::format("new commits of {} are merged in", run.rules.base));
  } else if (const auto* moved = std::get_if<BranchMoved>(&outcome)) {
    run.integration = moved->tip;
  } else if (const auto* conflicts = std::get_if<LandingConflicts>(&outcome)) {
    refuse_base("they conflict in " + names(conflicts->files));
  } else if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    refuse_base(failure->why);
  }
}

void Engine::refuse_base(std::string why) {
  RunRecord& run = state_.run;
  run.landing.reset();
  if (run.base_tip == run.base_work) run.base_tip = {};
  run.base_refused = std::exchange(run.base_work, {});
  run.behind_why = fmt::format("{} has commits that cannot be merged in: {}", run.rules.base, why);
  note("base.refused", {}, run.behind_why);
}

void Engine::follow_if_due() {
  RunRecord& run = state_.run;
  const bool due = run.rules.follow == Follow::Landing && run.phase == RunPhase::Running &&
                   !run.following && run.base_tip.empty() && !run.landing &&
                   run.integration != run.followed && run.integration != run.follow_tried;
  if (due) follow_base();
}

void Engine::follow_base() {
  RunRecord& run = state_.run;
  run.following = true;
  run.follow_tried = run.integration;
  emit(FollowBase{run.integration});
}

void Engine::caught_up(const CommitId& tip) {
  RunRecord& run = state_.run;
  run.followed = tip;
  run.behind_why.clear();
  run.behind_command.clear();
}

void Engine::on_followed(const FollowBase& effect, const Outcome& outcome) {
  RunRecord& run = state_.run;
  run.following = false;
  if (std::holds_alternative<Done>(outcome)) return caught_up(effect.target);
  if (const auto* moved = std::get_if<BranchMoved>(&outcome)) {
    if (run.base_tip.empty()) on(BaseMoved{moved->tip});
    return;
  }
  if (const auto* stayed = std::get_if<StayedBehind>(&outcome)) {
    run.behind_why = stayed->why;
    run.behind_command = stayed->command;
  } else if (const auto* failure = std::get_if<NotDone>(&outcome)) {
    run.behind_why = failure->why;
    run.behind_command = failure->hint;
  }
  note("base.behind", {}, fmt::format("{} does not follow: {}", run.rules.base, run.behind_why));
}

// After a landing: the idle agent ends, the mark is seen to, and what was made for the task is
// taken away.
void Engine::tidy(TaskRecord& task) {
  if (task.doing != 0) return;
  if (task.attempt.alive) return emit_for(task, StopAgent{task.id(), task.attempt.number});
  if (owes_tick(task)) return emit_for(task, TickFile{task.id()});
  emit_for(task, CleanUp{.task = task.id(),
                         .attempt = task.attempt.number,
                         .worktree = task.attempt.worktree,
                         .branch = task.attempt.branch,
                         .landed = task.work});
}

// What was found in the worktree besides what has landed: the task says where it is now.
void Engine::note_rest(TaskRecord& task, const WorkRescued& rescued) {
  // It names once more what was seen before the landing.
  if (!rescued.note.empty()) task.why = rescued.note;
  if (!rescued.note.empty()) note("task.left", task.id(), rescued.note);
  if (rescued.ref.empty()) return;
  const std::string kept = "what did not land is kept as " + rescued.ref;
  task.rescues.push_back(rescued.ref);
  task.why += (task.why.empty() ? "" : "; ") + kept;
  note("task.saved", task.id(), kept);
}

void Engine::on_tidied(TaskRecord& task, const Outcome& outcome) {
  const auto* failure = std::get_if<NotDone>(&outcome);
  if (failure != nullptr) note("task.kept", task.id(), failure->why);
  if (const auto* rescued = std::get_if<WorkRescued>(&outcome)) note_rest(task, *rescued);
  task.cleaned = true;
  if (task.rest && task.ending == Ending::None) take_up_rest(task);
}

}  // namespace orch
