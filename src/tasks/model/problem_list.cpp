// Keeps the first problems and counts the others.
#include "tasks/model/problem_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::tasks {

namespace {

constexpr std::size_t kMost = 1000;

}  // namespace

void ProblemList::add(Severity severity, int line, std::string message, std::string hint) {
  add(Problem{severity, line, 0, std::move(message), std::move(hint)});
}

void ProblemList::add(Problem problem) {
  if (problems_.size() < kMost) {
    problems_.push_back(std::move(problem));
    return;
  }
  ++more_;
  worst_ = std::min(worst_, problem.severity);  // an error is the smallest
}

std::vector<Problem> ProblemList::take() {
  if (more_ > 0) {
    problems_.push_back(
        {worst_, 0, 0, fmt::format("{} more like these are not listed", more_), {}});
  }
  more_ = 0;
  return std::exchange(problems_, {});
}

}  // namespace orch::tasks
