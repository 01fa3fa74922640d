#pragma once
// A plan as text for people, JSON for programs and DOT for a picture.
#include "orch/core/plan.hpp"

#include <string>
#include <vector>

namespace orch::ui {

/// What is known of a plan besides the plan.
struct PlanView {
  std::string file;
  std::string format;
  std::string reason;  ///< why that format
  std::string agent;   ///< kind for tasks that name none
  int workers = 5;
  std::vector<Problem> problems;  ///< of the reader
};

std::string plan_text(const Plan& plan, const PlanView& view);
std::string plan_json(const Plan& plan, const PlanView& view);
std::string plan_dot(const Plan& plan);

/// `tasks.md:12:3: error: message`, and the hint on a line of its own.
std::string problem_text(const std::string& file, const Problem& problem);

}  // namespace orch::ui
