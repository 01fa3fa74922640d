#pragma once
// Collects what is wrong with a text, in bounded memory: a hostile file can be wrong a million
// times.
#include "orch/core/task.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace orch::tasks {

class ProblemList {
 public:
  void add(Severity severity, int line, std::string message, std::string hint = {});

  void add(Problem problem);

  /// All of them; beyond the first thousand only how many, as bad as the worst.
  std::vector<Problem> take();

 private:
  std::vector<Problem> problems_;
  std::size_t more_ = 0;
  Severity worst_ = Severity::Note;
};

}  // namespace orch::tasks
