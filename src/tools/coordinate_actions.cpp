// Actions of `coordinate`: one request after the other, each with its outcome.
#include "tools/coordinate_actions.hpp"

#include "orch/base/text.hpp"
#include "tools/tally.hpp"
#include "tools/views.hpp"
#include "tools/worktree_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <initializer_list>

namespace orch::tools {
namespace {

Failure no_operation(std::string_view action, const std::string& operation,
                     std::string_view operations) {
  return hinted(
      fail(Fault::BadInput, "'{}' has no operation '{}'", action, one_line(operation, 40)),
      fmt::format("there are {}", operations));
}

Status status_of_answer(const Result<std::string>& answer) {
  return answer ? Status() : passed_on(answer);
}

int living_agents(const Json& status) {
  return static_cast<int>(std::ranges::count_if(
      status["tasks"], [](const Json& task) { return !task["pid"].is_null(); }));
}

/// The tasks that are named, or all that `otherwise` is true of.
std::vector<std::string> chosen(const Call& call, const Json& status,
                                const std::function<bool(const Json&)>& otherwise) {
  std::vector<std::string> ids = call.texts("tasks");
  if (!ids.empty()) return ids;
  for (const Json& task : status["tasks"])
    if (otherwise(task)) ids.push_back(task["id"]);
  return ids;
}

/// Asks the same of each task.
Result<Json> ask_each(const Call& call, std::string_view action, Verb verb, const char* name,
                      const std::function<bool(const Json&)>& otherwise) {
  Tally tally(action);
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  Json done = Json::array();
  for (const std::string& id : chosen(call, *status, otherwise)) {
    if (call.stop.stop_requested()) break;
    const Result<std::string> asked = call.run.ask({verb, TaskId{id}});
    tally.count(id, status_of_answer(asked));
    if (asked) done.push_back(id);
  }
  tally.metadata()[name] = std::move(done);
  return tally.answer(tally.done(), 0);
}

Result<Json> agent_status(const Call& call) {
  Tally tally("agents");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const std::vector<std::string> ids = call.texts("tasks");
  Json agents = Json::array();
  Json pids = Json::array();
  for (const Json& task : (*status)["tasks"]) {
    if (task["pid"].is_null()) continue;
    if (!ids.empty() && std::ranges::find(ids, task["id"].get<std::string>()) == ids.end())
      continue;
    agents.push_back(brief(task));
    pids.push_back(task["pid"]);
  }
  tally.metadata()["agents"] = std::move(agents);
  tally.metadata()["pids"] = std::move(pids);
  tally.metadata()["needs_user"] = (*status)["needs_user"];
  return tally.answer(living_agents(*status), 0);
}

bool has_agent(const Json& task) {
  return !task["pid"].is_null();
}

bool has_failed(const Json& task) {
  return task["state"] == "failed" || task["state"] == "aborted";
}

bool is_pending(const Json& message) {
  return message["state"] == "queued" || message["state"] == "typed";
}

/// Those that are asked for, of `messages --json`.
Result<Json> listed_messages(const Call& call) {
  const Result<std::string> text = call.run.messages(call.text("task"));
  if (!text) return passed_on(text);
  Json out = Json::array();
  const Json all = Json::parse(*text);
  for (const Json& message : all["messages"]) {
    if (call.flag("pending_only") && !is_pending(message)) continue;
    out.push_back(message);
  }
  return out;
}

Result<Json> history(const Call& call) {
  Tally tally("messages");
  Result<Json> messages = listed_messages(call);
  if (!messages) return passed_on(messages);
  tally.metadata()["messages"] = std::move(*messages);
  return tally.answer(0, 0);
}

Result<Json> route(const Call& call) {
  if (call.text("message").empty()) return history(call);
  Tally tally("messages");
  Json routes = Json::array();
  for (const std::string& to : call.texts("to")) {
    const auto sent = call.run.ask({.verb = Verb::Send, .text = call.text("message"), .to = to});
    tally.count(to, status_of_answer(sent));
    if (sent) routes.push_back({{"to", to}, {"sent", *sent}});
  }
  tally.metadata()["messages_routed"] = tally.done();
  tally.metadata()["routes"] = std::move(routes);
  return tally.answer(tally.done(), 0);
}

Result<Json> cleaned(const Call& call) {
  Tally tally("worktrees");
  const Result<std::vector<Worktree>> there = call.run.worktrees();
  if (!there) return passed_on(there);
  Json paths = Json::array();
  for (const Worktree& worktree : *there)
    if (worktree.spare) paths.push_back(worktree.path);
  tally.metadata()[call.flag("dry_run") ? "would_clean" : "cleaned"] = paths;
  tally.metadata()["worktrees_removed"] = 0;
  tally.metadata()["branches_deleted"] = 0;  // a landed task's branch goes with its worktree
  if (call.flag("dry_run")) return tally.answer(0, 0);
  const Result<std::size_t> removed = call.run.remove_spare();
  tally.count("spare", removed ? Status() : passed_on(removed));
  if (removed) tally.metadata()["worktrees_removed"] = *removed;
  if (!removed) tally.metadata()["cleaned"] = Json::array();
  return tally.answer(0, 0);
}

/// A task that is held: its worktree is made when it starts.
Result<Json> created(const Call& call) {
  Tally tally("worktrees");
  if (call.text("title").empty() || call.text("prompt").empty())
    return fail(Fault::BadInput, "'create' needs a \"title\" and a \"prompt\"");
  Call made{call.run, call.caller, {{"title", call.args["title"]}}, {}, call.stop};
  made.args["prompt"] = call.args["prompt"];
  const Result<Json> task = create_task(made);
  if (!task) return passed_on(task);
  tally.metadata() = *task;
  return tally.answer(0, 1);
}

Result<Json> listed_worktrees(const Call& call) {
  Tally tally("worktrees");
  const Result<Json> listed = list_worktrees(call);
  if (!listed) return passed_on(listed);
  tally.metadata() = *listed;
  return tally.answer(0, 0);
}

/// One task for each kind of agent, all with the same prompt.
Result<Json> spawn(const Call& call) {
  Tally tally("agents");
  if (call.texts("agent_types").empty() || call.text("prompt").empty())
    return fail(Fault::BadInput, "'spawn' needs \"agent_types\" and a \"prompt\"");
  Call made{call.run, call.caller, {{"agents", call.args["agent_types"]}}, {}, call.stop};
  made.args["prompt"] = call.args["prompt"];
  if (call.args.contains("title")) made.args["title"] = call.args["title"];
  const Result<Json> spawned = swarm(made);
  if (!spawned) return passed_on(spawned);
  for (const Json& each : (*spawned)["spawned"])
    tally.count(each["id"], {});
  tally.metadata() = *spawned;
  return tally.answer(tally.done(), tally.done());
}

Result<Json> listed_work(const Call& call) {
  Tally tally("work");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  Json by_state = Json::object();
  for (const Json& task : (*status)["tasks"])
    by_state[task["state"].get<std::string>()].push_back(task["id"]);
  tally.metadata()["tasks"] = std::move(by_state);
  tally.metadata()["queue"] = (*status)["queue"];
  return tally.answer(living_agents(*status), 0);
}

/// Gives the tasks to that kind of agent, where one is named.
Status give_to(const Call& call, const std::string& id) {
  const std::string kind = call.text("agent");
  if (kind.empty()) return {};
  return status_of_answer(call.run.ask({.verb = Verb::Reassign, .task = TaskId{id}, .text = kind}));
}

/// Starts tasks that are held, as many as may be.
Result<Json> assign(const Call& call) {
  Tally tally("work");
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  const auto is_held = [](const Json& task) { return task["held"] == true; };
  const double most = call.number("max_parallel", 1e6);
  Json assignments = Json::array();
  Json left = Json::array();
  for (const std::string& id : chosen(call, *status, is_held)) {
    if (tally.done() >= most) {
      left.push_back(id);
      continue;
    }
    Status given = give_to(call, id);
    if (given) given = status_of_answer(call.run.ask({Verb::Release, TaskId{id}}));
    tally.count(id, given);
    if (given) assignments.push_back({{"id", id}, {"agent", call.text("agent")}});
  }
  tally.metadata()["assignments"] = std::move(assignments);
  tally.metadata()["left"] = std::move(left);
  return tally.answer(0, tally.done());
}

Result<Json> reassign(const Call& call) {
  Tally tally("work");
  if (call.texts("tasks").empty() || call.text("agent").empty())
    return fail(Fault::BadInput, "'reassign' needs \"tasks\" and an \"agent\"");
  Json assignments = Json::array();
  for (const std::string& id : call.texts("tasks")) {
    const Status given = give_to(call, id);
    tally.count(id, given);
    if (given) assignments.push_back({{"id", id}, {"agent", call.text("agent")}});
  }
  tally.metadata()["assignments"] = std::move(assignments);
  return tally.answer(0, tally.done());
}

}  // namespace

Result<Json> coordinate_agents(const Call& call) {
  const std::string operation = call.text("operation");
  if (operation.empty() || operation == "status") return agent_status(call);
  if (operation == "spawn") return spawn(call);
  if (operation == "stop") return ask_each(call, "agents", Verb::Abort, "stopped", has_agent);
  if (operation == "restart") return ask_each(call, "agents", Verb::Retry, "restarted", has_failed);
  return no_operation("agents", operation, "status, spawn, stop, restart");
}

Result<Json> coordinate_work(const Call& call) {
  const std::string operation = call.text("operation");
  if (operation.empty() || operation == "list") return listed_work(call);
  if (operation == "assign") return assign(call);
  if (operation == "reassign") return reassign(call);
  return no_operation("work", operation, "list, assign, reassign");
}

Result<Json> coordinate_messages(const Call& call) {
  const std::string operation = call.text("operation");
  if (operation.empty() || operation == "history") return history(call);
  if (operation == "route") return route(call);
  return no_operation("messages", operation, "route, history");
}

Result<Json> coordinate_worktrees(const Call& call) {
  const std::string operation = call.text("operation");
  if (operation.empty() || operation == "list") return listed_worktrees(call);
  if (operation == "create") return created(call);
  if (operation == "cleanup") return cleaned(call);
  if (operation == "merge") {
    if (call.texts("tasks").empty())
      return fail(Fault::BadInput, "'merge' needs \"tasks\": what is to land");
    return ask_each(call, "worktrees", Verb::Merge, "merging", {});
  }
  return no_operation("worktrees", operation, "list, create, cleanup, merge");
}

}  // namespace orch::tools
