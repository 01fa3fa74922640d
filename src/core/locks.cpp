// Who has what, and for how long.
#include "core/locks.hpp"

#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace orch::locks {
namespace {

constexpr std::size_t kMostOfOne = 100;
constexpr std::size_t kLongestPath = 300;

/// From the worktree's root, and below it.
bool is_path(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath || path.starts_with('/')) return false;
  if (one_line(path) != path || path.find_first_of("*?{") != std::string_view::npos) return false;
  const std::vector<std::string_view> parts = split(path, '/');
  return std::ranges::find(parts, "..") == parts.end();
}

bool meets_any(const std::vector<std::string>& files, const std::string& path) {
  return std::ranges::any_of(files,
                             [&path](const std::string& file) { return files_meet(file, path); });
}

/// Has this one, or who waits for it, delegated the task?
bool waits_for(const State& state, const TaskId& other, const TaskRecord& task) {
  const TaskRecord* at = &task;
  while (at != nullptr && at->plan.spec.is_delegated()) {
    at = state.find(TaskId{at->plan.spec.made_by});
    if (at != nullptr && at->id() == other) return true;
  }
  return false;
}

/// Is it nobody's that the task could meet there?
bool is_harmless(const State& state, const TaskId& other, const TaskRecord& task) {
  return other == task.id() || waits_for(state, other, task);
}

/// Who has locked it; none: nobody has.
TaskId locker_of(const State& state, const TaskRecord& task, const std::string& path) {
  for (const FileLock& lock : state.run.locks)
    if (files_meet(lock.path, path) && !is_harmless(state, lock.task, task)) return lock.task;
  return {};
}

/// Whose file names it, and is under way; none: none does.
TaskId namer_of(const State& state, const TaskRecord& task, const std::string& path) {
  if (state.run.rules.on_overlap == OnOverlap::Continue) return {};
  for (const TaskRecord& other : state.tasks) {
    const bool names = is_active(other.state) && meets_any(other.plan.spec.files, path);
    if (names && !is_harmless(state, other.id(), task)) return other.id();
  }
  return {};
}

std::vector<FileLock>::const_iterator find(const State& state, const TaskRecord& task,
                                           const std::string& path) {
  return std::ranges::find_if(state.run.locks, [&](const FileLock& lock) {
    return lock.task == task.id() && lock.path == path;
  });
}

Refusal why_not(const State& state, const TaskRecord& task, const std::string& path) {
  if (!is_path(path)) return {.kind = RefusalKind::NoPath, .word = one_line(path, kLongestPath)};
  if (TaskId locker = locker_of(state, task, path); !locker.value.empty())
    return {.kind = RefusalKind::Locked, .task = std::move(locker), .word = path};
  if (TaskId namer = namer_of(state, task, path); !namer.value.empty())
    return {.kind = RefusalKind::NamedByOther, .task = std::move(namer), .word = path};
  return {};
}

bool is_meant(const FileLock& lock, const TaskId& task, const std::vector<std::string>& paths) {
  const bool is_named = paths.empty() || std::ranges::find(paths, lock.path) != paths.end();
  return lock.task == task && is_named;
}

}  // namespace

void lock(Turn& turn, const TaskRecord& task, const std::vector<std::string>& paths) {
  // Who changes nothing needs none, and would keep it until the end.
  if (task.plan.spec.coordinates())
    return turn.refuse({.kind = RefusalKind::TooManyLocks, .number = 0});
  const State& state = turn.state();
  std::vector<FileLock> added;
  for (const std::string& path : paths) {
    if (find(state, task, path) != state.run.locks.end()) continue;
    if (Refusal why = why_not(state, task, path); !why.empty()) return turn.refuse(std::move(why));
    added.push_back({.path = path, .task = task.id(), .since = turn.now()});
  }
  const auto has = std::ranges::count(state.run.locks, task.id(), &FileLock::task);
  if (static_cast<std::size_t>(has) + added.size() > kMostOfOne)
    return turn.refuse({.kind = RefusalKind::TooManyLocks, .number = kMostOfOne});
  std::vector<FileLock>& locks = turn.edit_run().locks;
  locks.insert(locks.end(), added.begin(), added.end());
}

void unlock(Turn& turn, const TaskRecord& task, const std::vector<std::string>& paths) {
  std::erase_if(turn.edit_run().locks,
                [&](const FileLock& lock) { return is_meant(lock, task.id(), paths); });
}

void take_away(Turn& turn, const TaskRecord& task, std::string_view paths) {
  std::vector<std::string> named;
  for (const std::string_view path : split(paths, '\n'))
    if (!path.empty()) named.emplace_back(path);
  Reason taken{ReasonKind::LockTaken};
  for (const FileLock& lock : turn.run().locks)
    if (is_meant(lock, task.id(), named)) taken.names.push_back(lock.path);
  if (taken.names.empty())
    return turn.refuse({.kind = RefusalKind::NothingLocked, .task = task.id()});
  unlock(turn, task, named);
  turn.note(FactKind::TaskUnlocked, task.id(), std::move(taken));
}

void release_of_ended(Turn& turn) {
  if (turn.run().locks.empty()) return;
  std::erase_if(turn.edit_run().locks, [&turn](const FileLock& lock) {
    const TaskRecord* task = turn.find(lock.task);
    if (task == nullptr) return true;
    const bool may_go_on = task->state == TaskState::Blocked && turn.agent_of(*task).is_alive();
    return !is_active(task->state) && !may_go_on;
  });
}

void tell_of_long(Turn& turn) {
  const Span limit = turn.run().rules.lock_warning;
  for (std::size_t place = 0; place < turn.run().locks.size(); ++place) {
    const FileLock known = turn.run().locks[place];
    if (known.told || turn.now() - known.since < limit) continue;
    turn.edit_run().locks[place].told = true;
    turn.note(FactKind::TaskTrouble, known.task,
              {.kind = ReasonKind::LockIsOld, .text = known.path, .number = limit.count()});
  }
}

std::optional<Time> next_time(const State& state) {
  std::optional<Time> next;
  for (const FileLock& lock : state.run.locks) {
    const Time due = lock.since + state.run.rules.lock_warning;
    if (!lock.told && (!next || due < *next)) next = due;
  }
  return next;
}

}  // namespace orch::locks
