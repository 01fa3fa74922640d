// Actions of `worktree` that make tasks.
#include "orch/base/text.hpp"
#include "tools/made.hpp"
#include "tools/views.hpp"
#include "tools/worktree_actions.hpp"

#include <algorithm>
#include <utility>

namespace orch::tools {
namespace {

/// Fault::BadInput: the run knows no such kind of agent.
Status check_kinds(Run& run, const std::vector<Wanted>& wanted) {
  const Result<Look> look = run.look();
  if (!look) return passed_on(look);
  const auto& kinds = look->state.run.rules.agents;
  std::string names;
  for (const auto& [name, rules] : kinds)
    names += (names.empty() ? "" : ", ") + name;
  for (const Wanted& each : wanted)
    if (!each.agent.empty() && !kinds.contains(each.agent))
      return hinted(fail(Fault::BadInput, "there is no agent '{}'", one_line(each.agent, 40)),
                    "there are " + names);
  return {};
}

Result<Json> make(const Call& call, const Making& making, const std::vector<Wanted>& wanted,
                  Verb verb) {
  if (const Status known = check_kinds(call.run, wanted); !known) return passed_on(known);
  const Result<std::vector<TaskSpec>> specs = made_specs(making, wanted);
  if (!specs) return passed_on(specs);
  const Result<std::string> made = call.run.ask({.verb = verb, .tasks = *specs});
  if (!made) return passed_on(made);
  // What was there already, as the same call was made before, may be over.
  const Result<Json> status = status_of(call.run);
  if (!status) return passed_on(status);
  Json spawned = Json::array();
  for (const TaskSpec& spec : *specs) {
    const Result<Json> task = task_in(*status, spec.id.value);
    spawned.push_back({{"id", spec.id.value},
                       {"title", spec.title},
                       {"state", task ? (*task)["state"] : Json()}});
  }
  return Json{{"spawned", std::move(spawned)}};
}

Making making_of(const Call& call) {
  return {call.text("prompt"), call.text("prefix"), call.texts("needs"), call.texts("files")};
}

}  // namespace

Result<Json> make_with_history(const Call& call, std::string history, const Wanted& wanted) {
  Making making = making_of(call);
  making.history = std::move(history);
  return make(call, making, {wanted}, Verb::Make);
}

Result<Json> spawn_tasks(const Call& call) {
  std::vector<Wanted> wanted;
  for (const std::string& title : call.texts("tasks"))
    wanted.push_back({title, call.text("agent")});
  return make(call, making_of(call), wanted, Verb::Make);
}

Result<Json> create_task(const Call& call) {
  return make(call, making_of(call), {{call.text("title"), call.text("agent")}}, Verb::MakeHeld);
}

Result<Json> swarm(const Call& call) {
  constexpr double kMost = 10;
  const std::string title = call.text("title").empty() ? "swarm" : call.text("title");
  std::vector<Wanted> wanted;
  for (const std::string& agent : call.texts("agents"))
    wanted.push_back({title + " " + agent, agent});
  const double count = call.number("count", wanted.empty() ? 2 : 0);
  if (count > kMost) return fail(Fault::BadInput, "a swarm has 10 at most");
  for (int number = 1; number <= static_cast<int>(count); ++number)
    wanted.push_back({fmt::format("{} {}", title, number), {}});
  return make(call, making_of(call), wanted, Verb::Make);
}

}  // namespace orch::tools
