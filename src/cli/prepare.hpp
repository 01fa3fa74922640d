#pragma once
// What `up` and `plan` have in common: repository, configuration, task file, plan, agents; all
// checked.
#include "app/runs.hpp"
#include "cli/options.hpp"
#include "git/values.hpp"
#include "orch/base/result.hpp"
#include "orch/core/plan.hpp"
#include "ui/plan_text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace orch::cli {

struct Prepared {
  std::optional<git::RepositoryFacts> repository;  ///< `plan` works without one
  app::SavedConfig saved;
  Config config;
  std::string task_file;  ///< absolute
  TaskList list;
  Plan plan;
  ui::PlanView view;
};

/// Reads and plans; complains about everything that is wrong at once. Nothing: already complained.
std::optional<Prepared> prepare(const Options& options, bool needs_repository);

/// Finds the task file: the argument, the configuration, or the usual places, newest first;
/// `reason` says which.
Result<std::string> find_task_file(const std::string& argument, const std::string& configured,
                                   const std::vector<std::string>& folders, std::string* reason);

}  // namespace orch::cli
