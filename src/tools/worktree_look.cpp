// Actions of `worktree` that only look.
#include "orch/base/text.hpp"
#include "tools/views.hpp"
#include "tools/worktree_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace orch::tools {
namespace {

using namespace std::chrono_literals;

constexpr double kWait = 60;          // seconds
constexpr double kLongestWait = 600;  // seconds
constexpr Span kLook = 250ms;         // so often is asked whether anybody still waits
constexpr double kLines = 40;
constexpr double kMostLines = 1000;

Json some_of(const Json& task, std::initializer_list<const char*> names) {
  Json out;
  for (const char* name : names)
    out[name] = task.value(name, Json());
  return out;
}

/// Those named in `ids`, or all. Fault::NotFound: one of them is none.
Result<std::vector<Json>> named_tasks(const Json& status, const std::vector<std::string>& ids) {
  std::vector<Json> tasks;
  if (ids.empty()) tasks.assign(status["tasks"].begin(), status["tasks"].end());
  for (const std::string& id : ids) {
    Result<Json> task = task_in(status, id);
    if (!task) return passed_on(task);
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

bool is_merged(const Json& task) {
  return task["state"] == "merged" || task["state"] == "delivered";
}

}  // namespace

Result<Json> list_worktrees(const Call& call) {
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const Result<std::vector<Worktree>> there = call.run.worktrees();
  if (!there) return passed_on(there);
  Json worktrees = Json::array();
  for (const Json& task : (*status)["tasks"]) {
    if (task["worktree"].is_null()) continue;
    Json row = some_of(task, {"state", "agent", "agent_state", "branch", "worktree"});
    row["id"] = task["id"];
    worktrees.push_back(std::move(row));
  }
  const auto spare = std::ranges::count_if(*there, &Worktree::spare);
  return Json{{"worktrees", worktrees}, {"spare", spare}};
}

Result<Json> show_status(const Call& call) {
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  if (const std::string id = call.text("task"); !id.empty()) return task_in(*status, id);
  Json out = some_of(*status, {"run", "state", "why", "base", "queue", "needs_user"});
  out["tasks"] = Json::array();
  for (const Json& task : (*status)["tasks"])
    out["tasks"].push_back(brief(task));
  return out;
}

Result<Json> show_dashboard(const Call& call) {
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  return Json(dashboard(*status));
}

Result<Json> show_current(const Call& call) {
  if (call.caller.task.value.empty())
    return hinted(fail(Fault::Refused, "'current' is for the agent of a task"),
                  "'status' shows all tasks");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  Result<Json> task = task_in(*status, call.caller.task.value);
  if (!task) return passed_on(task);
  Json out = brief(*task);
  out["role"] = "implementer";
  out["base"] = (*status)["base"];
  out["conflicts"] = task->value("conflicts", Json::array());
  return out;
}

Result<Json> list_sessions(const Call& call) {
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  Json sessions = Json::array();
  for (const Json& task : (*status)["tasks"]) {
    if (task["pid"].is_null()) continue;
    Json row =
        some_of(task, {"agent", "agent_state", "attempt", "session", "window", "pane", "pid"});
    row["id"] = task["id"];
    sessions.push_back(std::move(row));
  }
  return Json{{"sessions", sessions}};
}

Result<Json> open_worktree(const Call& call) {
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const Result<Json> task = task_in(*status, call.text("task"));
  if (!task) return passed_on(task);
  if ((*task)["worktree"].is_null())
    return fail(Fault::NotFound, "{} has no worktree: it is {}", call.text("task"),
                (*task)["state"].get<std::string>());
  Json out = some_of(*task, {"id", "worktree", "branch", "window", "pane"});
  out["attach"] = "tmux-orch attach " + call.text("task");
  return out;
}

Result<Json> peek_at_screen(const Call& call) {
  const double lines = std::clamp(call.number("lines", kLines), 1.0, kMostLines);
  const TaskId task{call.text("task")};
  const Result<Look> look = call.run.look();
  if (!look) return passed_on(look);
  if (look->state.find(task) == nullptr)
    return fail(Fault::NotFound, "there is no task '{}'", one_line(task.value, 80));
  const Result<std::string> screen = call.run.screen(task, static_cast<std::size_t>(lines));
  if (!screen) return passed_on(screen);
  return Json(*screen);
}

Result<Json> wait_for_tasks(const Call& call) {
  const double seconds = std::clamp(call.number("seconds", kWait), 0.0, kLongestWait);
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::ptrdiff_t told = -1;
  for (;;) {
    const Result<Json> status = status_of(call.run);
    if (!status) return passed_on(status);
    const auto tasks = named_tasks(*status, call.texts("tasks"));
    if (!tasks) return passed_on(tasks);
    const auto at_rest =
        std::ranges::count_if(*tasks, [&](const Json& task) { return is_at_rest(*status, task); });
    const auto all = static_cast<std::ptrdiff_t>(tasks->size());
    if (call.progress && at_rest != told)
      call.progress(static_cast<double>(at_rest), static_cast<double>(all), "tasks at rest");
    told = at_rest;
    const bool is_late = std::chrono::steady_clock::now() >= until;
    if (at_rest == all || is_late || call.stop.stop_requested()) {
      Json out{{"complete", at_rest == all},
               {"merged", std::ranges::all_of(*tasks, is_merged)},
               {"tasks", Json::array()}};
      for (const Json& task : *tasks)
        out["tasks"].push_back(brief(task));
      return out;
    }
    const auto left = std::chrono::duration_cast<Span>(until - std::chrono::steady_clock::now());
    call.run.await_change(std::clamp(left, Span(0), kLook));
  }
}

}  // namespace orch::tools
