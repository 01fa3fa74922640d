// What a task can do next: every state and every step on one screen.
#include "orch/core/lifecycle.hpp"

#include <algorithm>
#include <array>

namespace orch {
namespace {

using S = TaskState;

constexpr std::array kArrows = {
    // The path of a task that nothing is in the way of.
    Arrow{S::Waiting, Step::Start, S::Preparing},
    Arrow{S::Preparing, Step::Ready, S::Running},
    Arrow{S::Running, Step::Check, S::Checking},
    Arrow{S::Checking, Step::Queue, S::Queued},
    Arrow{S::Queued, Step::Land, S::Landing},
    Arrow{S::Landing, Step::Landed, S::Merged},

    // Aside from it, and back.
    Arrow{S::Waiting, Step::Unreach, S::Unreachable},
    Arrow{S::Unreachable, Step::Reach, S::Waiting},
    Arrow{S::Running, Step::Block, S::Blocked},
    Arrow{S::Blocked, Step::Block, S::Blocked},
    Arrow{S::Blocked, Step::Resume, S::Running},
    Arrow{S::Blocked, Step::Queue, S::Queued},
    Arrow{S::Queued, Step::Check, S::Checking},
    Arrow{S::Landing, Step::Requeue, S::Queued},
    Arrow{S::Queued, Step::Requeue, S::Queued},
    Arrow{S::Landing, Step::Return, S::Running},
    Arrow{S::Queued, Step::Return, S::Running},
    Arrow{S::Landing, Step::PartLanded, S::PartLanded},
    Arrow{S::PartLanded, Step::Continue, S::Waiting},

    // The user has it merged as it is.
    Arrow{S::Blocked, Step::Check, S::Checking},
    Arrow{S::Failed, Step::Check, S::Checking},
    Arrow{S::Aborted, Step::Check, S::Checking},

    // Or not to have been merged.
    Arrow{S::Merged, Step::Undo, S::Aborted},

    // An attempt ends early: what runs is stopped, what it left is saved, and then.
    Arrow{S::Waiting, Step::End, S::Stopping},
    Arrow{S::Preparing, Step::End, S::Stopping},
    Arrow{S::Running, Step::End, S::Stopping},
    Arrow{S::Checking, Step::End, S::Stopping},
    Arrow{S::Queued, Step::End, S::Stopping},
    Arrow{S::Landing, Step::End, S::Stopping},
    Arrow{S::PartLanded, Step::End, S::Stopping},
    Arrow{S::Blocked, Step::End, S::Stopping},
    Arrow{S::Failed, Step::End, S::Stopping},
    Arrow{S::Unreachable, Step::End, S::Stopping},
    Arrow{S::Aborted, Step::End, S::Stopping},
    Arrow{S::Stopping, Step::End, S::Stopping},
    Arrow{S::Saving, Step::End, S::Saving},
    Arrow{S::Stopping, Step::Save, S::Saving},
    Arrow{S::Saving, Step::Again, S::Waiting},
    Arrow{S::Saving, Step::Block, S::Blocked},
    Arrow{S::Saving, Step::Fail, S::Failed},
    Arrow{S::Saving, Step::Abort, S::Aborted},
    Arrow{S::Saving, Step::Deliver, S::Merged},

    // The task file says something else.
    Arrow{S::Waiting, Step::Tick, S::Merged},
    Arrow{S::Unreachable, Step::Tick, S::Merged},
    Arrow{S::Waiting, Step::Abort, S::Aborted},
    Arrow{S::Unreachable, Step::Abort, S::Aborted},
    Arrow{S::Aborted, Step::Rejoin, S::Waiting},
};

constexpr const Arrow* find(TaskState from, Step step) {
  for (const Arrow& arrow : kArrows)
    if (arrow.from == from && arrow.step == step) return &arrow;
  return nullptr;
}

constexpr bool is_unambiguous() {
  for (const Arrow& arrow : kArrows)
    if (find(arrow.from, arrow.step) != &arrow) return false;
  return true;
}

/// Can every state be left and reached?
constexpr bool has_no_dead_end() {
  for (const auto& [state, name] : EnumNames<TaskState>::kTable) {
    const auto leaves = [state](const Arrow& arrow) {
      return arrow.from == state && arrow.to != state;
    };
    const auto enters = [state](const Arrow& arrow) {
      return arrow.to == state && arrow.from != state;
    };
    if (std::ranges::none_of(kArrows, leaves)) return false;
    if (std::ranges::none_of(kArrows, enters)) return false;
  }
  return true;
}

static_assert(is_unambiguous());
static_assert(has_no_dead_end());

}  // namespace

std::span<const Arrow> task_arrows() {
  return kArrows;
}

std::optional<TaskState> next_state(TaskState from, Step step) {
  const Arrow* arrow = find(from, step);
  return arrow == nullptr ? std::nullopt : std::optional(arrow->to);
}

bool is_final(TaskState state) {
  return state == S::Merged || state == S::Failed || state == S::Unreachable || state == S::Aborted;
}

bool is_active(TaskState state) {
  return !is_final(state) && state != S::Waiting && state != S::Blocked;
}

bool is_ending(TaskState state) {
  return state == S::Stopping || state == S::Saving;
}

}  // namespace orch
