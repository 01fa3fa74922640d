// The end of a run: the summary for people and the metrics for programs.
#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/figures.hpp"
#include "ui/gate_times.hpp"
#include "ui/open_tasks.hpp"
#include "ui/sentences.hpp"
#include "ui/status.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

std::string weakened_lines(const State& state) {
  std::string text;
  for (const TaskRecord& task : state.tasks)
    if (!task.weakened.empty())
      text += fmt::format("  {} {}\n", one_line(task.id().value, 40),
                          one_line(join(task.weakened, ", ")));
  return text;
}

std::string open_lines(const State& state) {
  std::string text;
  for (const OpenTask& open : open_tasks(state)) {
    text += fmt::format("  {} {}{}{}\n", one_line(open.id.value, 40), open.state,
                        open.why.empty() ? "" : ": ", one_line(open.why));
    if (!open.how.empty()) text += fmt::format("    {}\n", one_line(open.how));
    if (!open.worktree.empty()) {
      text += fmt::format("    worktree {}, branch {}\n", one_line(open.worktree),
                          one_line(open.branch));
    }
    for (const std::string& ref : open.rescues)
      text += fmt::format("    saved as {}\n", ref);
  }
  return text;
}

double seconds(Span span) {
  return static_cast<double>(span.count()) / 1000.0;
}

/// Of one task, or of the base.
ordered_json gates_json(const std::vector<GateTime>& times, const TaskId& task) {
  ordered_json all = ordered_json::array();
  for (const GateTime& time : times) {
    if (time.task != task) continue;
    ordered_json entry;
    entry["gate"] = time.gate.empty() ? ordered_json() : ordered_json(time.gate);
    entry["command"] = time.command;
    entry["runs"] = time.runs;
    entry["seconds"] = seconds(time.took);
    entry["failures"] = time.failures;
    const bool failed = time.failures > 0;
    entry["exitStatus"] = failed ? ordered_json(time.status) : ordered_json();
    entry["failure"] = failed ? ordered_json(time.failure) : ordered_json();
    entry["log"] = failed ? ordered_json(time.log) : ordered_json();
    all.push_back(std::move(entry));
  }
  return all;
}

/// Of the agent that coordinates, which costs as the others do; empty: there is none.
std::string coordinator_line(const State& state) {
  const TaskRecord* task = state.coordinator();
  if (task == nullptr) return {};
  UsageSum used;
  add_used(used, state.run, *task);
  std::string text =
      fmt::format("coordinator ({}): {} attempt{}, worked {}", state.agent_of(*task).kind,
                  task->attempts, task->attempts == 1 ? "" : "s", span_text(task->worked));
  if (const std::string tokens = tokens_cell(used); !tokens.empty())
    text += fmt::format(", {} tokens", tokens);
  if (const std::string cost = cost_cell(used); !cost.empty()) text += ", " + cost;
  return one_line(text) + "\n";
}

ordered_json coordinator_json(const State& state) {
  const TaskRecord* task = state.coordinator();
  if (task == nullptr) return nullptr;
  ordered_json entry = {{"id", task->id().value},
                        {"agent", state.agent_of(*task).kind},
                        {"attempts", task->attempts},
                        {"seconds", seconds(task->worked)}};
  add_usage(entry, state.run, *task);
  return entry;
}

/// What no agent got, as only the user can do it or say whether it is done.
std::string left_to_user(const State& state) {
  std::string text;
  for (const TaskRecord& task : state.tasks) {
    if (is_left_to_user(state, task))
      text += fmt::format("  {} {}\n", one_line(task.id().value, 40), what_user_does(task));
  }
  return text;
}

}  // namespace

std::string summary_text(const State& state, const RunView& view) {
  const Figures figures = figures_of(state);
  std::string text =
      fmt::format("run {}: {} of {} tasks merged onto {} in {}\n", view.run, figures.successful,
                  figures.total, state.run.rules.base, span_text(figures.parallel));
  if (const std::string delegated = delegated_text(figures); !delegated.empty())
    text += delegated + "\n";
  text += fmt::format("{} workers; the agents worked {} in all, {:.1f} times the run's length\n",
                      figures.workers, span_text(figures.sequential), figures.speedup());
  if (!view.gates.empty())
    text += fmt::format("tests and gates ran {}\n", span_text(time_of(view.gates)));
  text += usage_summary(state) + coordinator_line(state) + budget_line(state.run);
  const auto untested = std::ranges::count_if(state.tasks, [](const TaskRecord& task) {
    return task.state == TaskState::Merged && task.untested;
  });
  if (untested > 0) {
    text += fmt::format("{} landed untested: no test command is configured ([[merge.test]])\n",
                        untested);
  }
  if (const std::string open = open_lines(state); !open.empty()) text += "not merged:\n" + open;
  if (const std::string left = left_to_user(state); !left.empty()) text += "for you:\n" + left;
  if (const std::string weakened = weakened_lines(state); !weakened.empty())
    text += "tests that tasks weakened:\n" + weakened;
  if (state.run.rules.unread > 0) {
    text += fmt::format(
        "{} entries of the task file look like work and are in no task: `tmux-orch plan -v` names "
        "them\n",
        state.run.rules.unread);
  }
  if (!state.run.why.empty()) text += one_line(sentence(state.run.why)) + "\n";
  if (!state.run.behind_why.empty()) {
    text += fmt::format("{} does not follow: {}\n", state.run.rules.base,
                        one_line(sentence(state.run.behind_why)));
    if (!state.run.behind_command.empty()) {
      text += fmt::format("  run this later: {}\n", one_line(state.run.behind_command));
    }
  }
  if (!state.run.push_why.empty()) {
    text += one_line(sentence(state.run.push_why)) + "\n";
    if (!state.run.push_command.empty())
      text += fmt::format("  run this later: {}\n", one_line(state.run.push_command));
  }
  return text;
}

std::string report_json(const State& state, const RunView& view) {
  const Figures figures = figures_of(state);
  ordered_json out;
  out["schema"] = 1;
  out["run"] = view.run;
  out["state"] = to_text(state.run.phase);
  out["base"] = state.run.rules.base;
  out["totalTasks"] = figures.total;
  out["successful"] = figures.successful;
  out["failed"] = figures.failed;
  out["unreachable"] = figures.unreachable;
  out["aborted"] = figures.aborted;
  out["open"] = figures.open;
  out["delegated"] = figures.delegated;
  out["delivered"] = figures.delivered;
  out["forUser"] = ordered_json::array();
  for (const TaskRecord& task : state.tasks)
    if (is_left_to_user(state, task)) out["forUser"].push_back(task.id().value);
  out["unread"] = state.run.rules.unread;
  out["parallelTime"] = seconds(figures.parallel);
  out["estimatedSequentialTime"] = seconds(figures.sequential);
  out["speedup"] = figures.speedup();
  out["utilisation"] = figures.utilisation();
  add_usage(out, state);
  out["budget"] = budget_json(state.run);
  out["gateBlocks"] = state.run.gate_blocks;
  out["gateTime"] = seconds(time_of(view.gates));
  out["testFailures"] = state.run.test_failures;
  out["flakyTests"] = state.run.flaky_tests;
  const std::vector<GateTime> times = gate_times(state, view.gates);
  out["baseGates"] = gates_json(times, {});
  out["coordinator"] = coordinator_json(state);
  out["tasks"] = ordered_json::array();
  const WaitingReasons reasons(state);
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts()) continue;
    ordered_json entry;
    entry["id"] = task.id().value;
    entry["title"] = task.plan.spec.title;
    if (task.plan.spec.is_made()) entry["made_by"] = task.plan.spec.made_by;
    entry["state"] = shown_state(task);
    const Reason why = reasons.shown(task);
    entry["why"] = sentence(why, task.id());
    entry["reason"] = to_text(why.kind);
    entry["attempts"] = task.attempts;
    entry["crashes"] = task.crashes;
    entry["failures"] = task.failures;
    entry["mishaps"] = task.restarts;
    entry["seconds"] = seconds(task.worked);
    entry["commit"] = task.merged.empty() ? ordered_json() : ordered_json(task.merged.value);
    entry["changed"] = task.changed;
    entry["untested"] = task.untested;
    entry["weakenedTests"] = task.weakened;
    entry["rescued"] = task.rescues;
    entry["gates"] = gates_json(times, task.id());
    add_usage(entry, state.run, task);
    out["tasks"].push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
