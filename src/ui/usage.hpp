#pragma once
// Tokens and cost, for people and for programs. What is not known is not shown as a figure.
#include "orch/core/state.hpp"
#include "orch/core/usage.hpp"

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace orch::ui {

/// "950", "12.3k", "1.2M".
std::string count_text(std::int64_t tokens);

/// What stands in the task's row: its cost where all of it is known, else its tokens; with a `+`
/// where of some attempts that is not known. Empty: of none it is.
std::string usage_cell(const UsageSum& used);

/// What all tasks have used.
UsageSum sum_of_run(const State& state);

/// The tokens in and out, and the cost, as far as they are known: with a `+` where of some attempts
/// that is not. Empty: of none it is.
std::string tokens_cell(const UsageSum& used);
std::string cost_cell(const UsageSum& used);

/// The lines of the summary, one for each kind of agents where there are several; empty: nothing is
/// known.
std::string usage_summary(const State& state);

/// What the run has used of what it may, a line; empty: it may use what it takes.
std::string budget_line(const RunRecord& run);

/// Adds `tokens`, `cost`, `budget` and, by attempts, `usage`.
void add_usage(nlohmann::ordered_json& out, const RunRecord& run, const TaskRecord& task);
/// Adds the sums of the run: `tokens`, `cost`, `costKnown`, `costUnknownAttempts`, and `kinds`.
void add_usage(nlohmann::ordered_json& out, const State& state);
/// `cost`, `cost_limit`, `turns`, `turn_limit` of the run.
nlohmann::ordered_json budget_json(const RunRecord& run);

}  // namespace orch::ui
