// Three lists of tasks, matched by their ids.
#include "tasks/units/edits.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

using Index = std::unordered_map<std::string_view, const TaskSpec*>;

Index index_of(const std::vector<TaskSpec>& tasks) {
  Index index;
  for (const TaskSpec& task : tasks)
    index.emplace(task.id.value, &task);
  return index;
}

const TaskSpec* find(const Index& index, const TaskSpec& task) {
  const auto found = index.find(task.id.value);
  return found == index.end() ? nullptr : found->second;
}

/// Lines move when others are edited.
bool same(TaskSpec first, const TaskSpec& second) {
  first.line = second.line;
  return first == second;
}

/// What is kept although its file lies aside must not wait for a task that was taken out.
void drop_unknown(TaskSpec& kept, const std::unordered_set<std::string_view>& ids) {
  std::erase_if(kept.depends, [&ids](const TaskId& id) { return !ids.contains(id.value); });
  std::erase_if(kept.after, [&ids](const auto& one) { return !ids.contains(one.first.value); });
}

}  // namespace

std::vector<TaskSpec> with_edits(const std::vector<TaskSpec>& known,
                                 const std::vector<TaskSpec>& before,
                                 const std::vector<TaskSpec>& now, Counts counts) {
  if (counts == Counts::Nothing) return known;
  const bool all = counts == Counts::All;
  const Index known_by_id = index_of(known);
  const Index before_by_id = index_of(before);
  const Index now_by_id = index_of(now);
  std::vector<TaskSpec> result;
  for (const TaskSpec& task : now) {
    const TaskSpec* as_known = find(known_by_id, task);
    const TaskSpec* as_before = find(before_by_id, task);
    const bool unchanged = as_before != nullptr && same(*as_before, task);
    if (as_known != nullptr && (unchanged || !all)) {
      result.push_back(*as_known);
    } else if (as_known != nullptr || as_before == nullptr || all) {
      result.push_back(task);
    }
  }
  const std::size_t from_now = result.size();
  for (const TaskSpec& task : known) {
    const bool taken_out = all && find(before_by_id, task) != nullptr;
    if (find(now_by_id, task) == nullptr && !taken_out) result.push_back(task);
  }
  std::unordered_set<std::string_view> ids;
  for (const TaskSpec& task : result)
    ids.insert(task.id.value);
  for (std::size_t i = from_now; i < result.size(); ++i)
    drop_unknown(result[i], ids);
  return result;
}

std::vector<TaskId> taken_back(const std::vector<TaskSpec>& before,
                               const std::vector<TaskSpec>& now, bool only_marks,
                               const std::vector<TaskId>& merged) {
  const Index before_by_id = index_of(before);
  const Index now_by_id = index_of(now);
  std::vector<TaskId> gone;
  bool later_one_stands = only_marks;
  for (auto id = merged.rbegin(); id != merged.rend(); ++id) {
    const auto was = before_by_id.find(id->value);
    const auto is = now_by_id.find(id->value);
    if (was == before_by_id.end() || is == now_by_id.end() || !was->second->done) continue;
    if (is->second->done) {
      later_one_stands = true;
    } else if (later_one_stands) {
      gone.push_back(*id);
    }
  }
  return gone;
}

}  // namespace orch::tasks
