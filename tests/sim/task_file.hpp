#pragma once
// A task file that people edit while it is being worked on.
#include "orch/core/state.hpp"
#include "orch/core/task.hpp"
#include "sim/dice.hpp"

#include <vector>

namespace orch::sim {

class TaskFile {
 public:
  explicit TaskFile(Dice& dice);

  /// What its reader makes of it at this moment, which may be wrong or half written.
  std::vector<TaskSpec> read() const;
  /// Adds, removes, moves, changes or ticks a task, or breaks the file until the next edit.
  void edit(const State& state);
  /// Puts right what the last edits broke.
  void repair();

 private:
  enum class Damage : std::uint8_t { None, Empty, Unknown };

  TaskSpec draw(int number) const;

  Dice& dice_;
  std::vector<TaskSpec> specs_;
  int next_ = 1;
  Damage damage_ = Damage::None;
};

}  // namespace orch::sim
