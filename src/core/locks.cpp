// Who has what, and for how long.
#include "core/locks.hpp"

#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <string_view>

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

/// Another task that has it; nullptr: nobody has.
const TaskRecord* holder_of(const State& state, const TaskRecord& task, const std::string& path) {
  for (const FileLock& lock : state.run.locks)
    if (lock.task != task.id() && files_meet(lock.path, path)) return state.find(lock.task);
  if (state.run.rules.on_overlap == OnOverlap::Continue) return nullptr;
  const auto names = [&](const TaskRecord& other) {
    return is_active(other.state) && other.id() != task.id() &&
           meets_any(other.plan.spec.files, path);
  };
  const auto found = std::ranges::find_if(state.tasks, names);
  return found == state.tasks.end() ? nullptr : &*found;
}

std::vector<FileLock>::const_iterator find(const State& state, const TaskRecord& task,
                                           const std::string& path) {
  return std::ranges::find_if(state.run.locks, [&](const FileLock& lock) {
    return lock.task == task.id() && lock.path == path;
  });
}

Refusal why_not(const State& state, const TaskRecord& task, const std::string& path) {
  if (!is_path(path)) return {.kind = RefusalKind::NoPath, .word = one_line(path, kLongestPath)};
  const TaskRecord* holder = holder_of(state, task, path);
  if (holder == nullptr) return {};
  return {.kind = RefusalKind::Locked, .task = holder->id(), .word = path};
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
  std::erase_if(turn.edit_run().locks, [&](const FileLock& lock) {
    const bool is_meant = paths.empty() || std::ranges::find(paths, lock.path) != paths.end();
    return lock.task == task.id() && is_meant;
  });
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
