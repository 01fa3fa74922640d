#pragma once
// What `up` and `plan` have in common: repository, configuration, task file, plan, agents; all
// checked.
#include "app/run_files.hpp"
#include "cli/options.hpp"
#include "git/landing_values.hpp"
#include "git/values.hpp"
#include "orch/base/result.hpp"
#include "orch/core/plan.hpp"
#include "tasks/source/task_file.hpp"
#include "ui/plan_text.hpp"

#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace orch::cli {

/// How a task file is read.
struct ReadingOptions {
  std::vector<std::string> words;  ///< the task file, if it is named
  std::optional<std::string> unit;
  std::optional<std::string> order;
  std::optional<std::string> format;
  bool verbose = false;  ///< also what was skipped
};

void add_reading(OptionList& list, ReadingOptions& options);

/// What agents may do; see cli/rights.hpp.
struct RightsOptions {
  bool unattended = false;
  bool no_unattended = false;
  bool sandbox = false;
  bool no_sandbox = false;
};

struct PlanOptions : ReadingOptions {
  std::optional<std::string> workers;
  std::optional<std::string> agent;
  std::optional<std::string> base;
  std::vector<std::string> only;
  std::optional<std::string> coordinator{};
  std::optional<std::string> max_cost;   ///< of the run, in dollars
  std::optional<std::string> max_turns;  ///< of the run
  std::string on_overlap;  ///< sequential, continue, cancel; empty: ask, or sequential
  bool no_write_back = false;
  RightsOptions rights;
  std::optional<std::string> server_name;  ///< -L
  std::optional<std::string> server_path;  ///< -S
};

/// All that `plan` has of it.
void add_plan(OptionList& list, PlanOptions& options);

struct Prepared {
  std::optional<git::RepositoryFacts> repository;  ///< `plan` works without one
  app::SavedConfig saved;
  Config config;
  std::string task_file;  ///< absolute
  std::string base;       ///< what is landed on; empty: HEAD is detached, and nothing names one
  app::TaskSight sight;   ///< of it, with where its checkout stands; `plan` without one: the disk
  tasks::TaskFile file;
  Plan plan;
  ui::PlanView view;
  bool has_errors = false;  ///< in the file: said already; nothing may be started
};

/// Reads and plans; complains about everything that is wrong at once. The error is the exit status:
/// there is no file to read, or the command line or the configuration is wrong; said already.
tl::expected<Prepared, int> prepare(const PlanOptions& options, bool needs_repository);

/// Adds to the view what other rules would make of the same file.
void compare_rules(Prepared& prepared);

}  // namespace orch::cli
