// Actions of `worktree` that ask for something.
#include "orch/base/text.hpp"
#include "tools/views.hpp"
#include "tools/worktree_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orch::tools {
namespace {

std::string state_of(const Json& task) {
  return task["state"].get<std::string>();
}

/// What the user alone may do is named, with the command.
Failure for_the_user(std::string_view what, std::string command) {
  return hinted(fail(Fault::Refused, "{}: only the user may do that", what), std::move(command));
}

Result<Json> asked(const Call& call, UserAsked request, std::string_view outcome) {
  const TaskId task = request.task;
  const Result<std::string> done = call.run.ask(std::move(request));
  if (!done) return passed_on(done);
  return Json{{"id", task.value}, {"outcome", outcome}};
}

Result<Json> prune(const Call& call) {
  const Result<std::vector<Worktree>> there = call.run.worktrees();
  if (!there) return passed_on(there);
  Json spare = Json::array();
  for (const Worktree& worktree : *there)
    if (worktree.spare) spare.push_back(worktree.path);
  if (call.flag("dryRun")) return Json{{"would_remove", spare}};
  const Result<std::size_t> removed = call.run.remove_spare();
  if (!removed) return passed_on(removed);
  return Json{{"worktrees_removed", *removed}};
}

/// Worktrees of landed tasks go by themselves; all others have work that is not landed.
Result<Json> remove(const Call& call) {
  const std::string id = call.text("task");
  if (id.empty()) return fail(Fault::BadInput, "'remove' needs a \"task\"");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const Result<Json> task = task_in(*status, id);
  if (!task) return passed_on(task);
  if ((*task)["worktree"].is_null()) return Json{{"id", id}, {"outcome", "has no worktree"}};
  if (state_of(*task) == "merged" || state_of(*task) == "delivered")
    return Json{{"id", id}, {"outcome", "has landed: its worktree goes by itself"}};
  return for_the_user(fmt::format("{} has work that is not landed", id),
                      fmt::format("'abort' stops it and saves its work; for a person: "
                                  "tmux-orch diff {0}, tmux-orch merge {0}",
                                  id));
}

}  // namespace

Result<Json> start_task(const Call& call) {
  const std::string id = call.text("task");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const Result<Json> task = task_in(*status, id);
  if (!task) return passed_on(task);
  const std::string state = state_of(*task);
  if (state == "blocked")
    return for_the_user(fmt::format("{} is blocked", id), "tmux-orch release " + id);
  if (task->value("held", false)) return asked(call, {Verb::Release, TaskId{id}}, "may start");
  return fail(Fault::Refused, "{} is not held: it is {}{}", id, state,
              (*task)["why"] == "" ? "" : ", " + (*task)["why"].get<std::string>());
}

Result<Json> abort_task(const Call& call) {
  return asked(call, {Verb::Abort, TaskId{call.text("task")}},
               "is being aborted; its work is saved");
}

Result<Json> compact_task(const Call& call) {
  return asked(call, {Verb::Compact, TaskId{call.text("task")}},
               "is asked to when its agent is at its prompt");
}

Result<Json> send_message(const Call& call) {
  const bool is_agent = call.caller.role != CallerRole::User;
  const auto sent =
      is_agent
          ? call.run.report(
                {.kind = ReportKind::Send, .text = call.text("message"), .to = call.text("to")})
          : call.run.ask({.verb = Verb::Send, .text = call.text("message"), .to = call.text("to")});
  if (!sent) return passed_on(sent);
  return Json{{"sent", *sent}};
}

Result<Json> notify_user(const Call& call) {
  static constexpr std::array<std::string_view, 4> kLevels{"", "info", "warning", "error"};
  if (call.caller.task.value.empty()) return fail(Fault::Refused, "'notify' is for agents");
  const std::string level = call.text("level");
  if (std::ranges::find(kLevels, level) == kLevels.end())
    return fail(Fault::BadInput, "'{}' is no level: info, warning or error", one_line(level, 40));
  AgentReported report;
  report.kind = ReportKind::Notify;
  report.text = (level.empty() || level == "info" ? "" : level + ": ") + call.text("message");
  const Result<std::string> told = call.run.report(report);
  if (!told) return passed_on(told);
  return Json{{"sent", *told}};
}

Result<Json> clean_up(const Call& call) {
  const std::string operation = call.text("operation");
  if (operation.empty() || operation == "prune") return prune(call);
  if (operation == "remove") return remove(call);
  return fail(Fault::BadInput, "'{}' is no operation: prune or remove", one_line(operation, 40));
}

}  // namespace orch::tools
