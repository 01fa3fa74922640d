// Draws tasks with needs, files, kinds and priorities, and edits them as people do.
#include "sim/task_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {

TaskFile::TaskFile(Dice& dice) : dice_(dice) {
  const int count = 1 + dice_.below(7);
  for (int i = 0; i < count; ++i)
    specs_.push_back(draw(next_++));
}

// A task needs earlier ones only, so there is never a cycle that was not meant.
TaskSpec TaskFile::draw(int number) const {
  constexpr const char* kKinds[] = {"", "", "sh", "talker", "resumer"};
  TaskSpec spec;
  spec.id.value = fmt::format("T{}", number);
  spec.title = "do it";
  spec.line = number;
  for (const TaskSpec& other : specs_) {
    if (dice_.chance(18)) spec.depends.push_back(other.id);
  }
  spec.priority = static_cast<Priority>(dice_.chance(15) ? 0 : 1 + dice_.below(3));
  spec.agent = kKinds[dice_.below(5)];
  if (dice_.chance(45)) {
    spec.files.push_back(fmt::format("{}.c", static_cast<char>('a' + dice_.below(8))));
    if (dice_.chance(20)) spec.creates = spec.files;
  }
  if (dice_.chance(20)) spec.timeout = std::chrono::minutes(1 + dice_.below(20));
  spec.done = dice_.chance(5);
  if (dice_.chance(30)) {
    for (int item = 0; item <= dice_.below(3); ++item)
      spec.items.push_back(fmt::format("{}.{}", spec.id.value, item));
  }
  return spec;
}

std::vector<TaskSpec> TaskFile::read() const {
  if (damage_ == Damage::Empty) return {};
  std::vector<TaskSpec> specs = specs_;
  for (std::size_t i = 0; i < specs.size(); ++i)
    specs[i].line = static_cast<int>(i) + 1;
  if (damage_ == Damage::Unknown && !specs.empty()) specs[0].depends.push_back(TaskId{"T99"});
  return specs;
}

void TaskFile::repair() {
  damage_ = Damage::None;
}

void TaskFile::edit(const State& state) {
  const bool was_whole = damage_ == Damage::None;
  repair();
  if (!was_whole) return;
  if (specs_.empty() || dice_.chance(25)) {
    if (next_ <= 12) specs_.push_back(draw(next_++));
    return;
  }
  TaskSpec& spec = dice_.pick(specs_);
  switch (dice_.below(8)) {
    case 0: damage_ = Damage::Empty; break;
    case 1: damage_ = Damage::Unknown; break;
    case 2: {
      const TaskId gone = spec.id;
      std::erase_if(specs_, [&](const TaskSpec& one) { return one.id == gone; });
      for (TaskSpec& one : specs_)
        std::erase(one.depends, gone);
      break;
    }
    case 3: spec.title += "!"; break;
    case 4: spec.done = !spec.done; break;
    case 5: std::swap(spec, dice_.pick(specs_)); break;
    case 6: spec.depends.clear(); break;
    default:
      for (TaskSpec& one : specs_) {
        const TaskRecord* task = state.find(one.id);
        one.done = one.done || (task != nullptr && task->state == TaskState::Merged);
      }
  }
}

}  // namespace orch::sim
