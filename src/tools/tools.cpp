// Finds tool and action, checks who calls and with what, and runs it.
#include "tools/tools.hpp"

#include "orch/base/text.hpp"
#include "tools/arguments.hpp"
#include "tools/coordinate.hpp"
#include "tools/describe.hpp"
#include "tools/worktree.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch::tools {
namespace {

static constexpr std::array<const Tool*, 2> kTools{&kWorktreeTool, &kCoordinateTool};

/// Another name for an action of a tool.
struct Alias {
  std::string_view name;
  std::string_view tool;
  std::string_view action;
};

constexpr std::array<Alias, 4> kAliases{{{"coord.spawn", "worktree", "spawn"},
                                         {"coord.status", "worktree", "status"},
                                         {"coord.message", "worktree", "message"},
                                         {"coord.abort", "worktree", "abort"}}};

std::string actions_of(const Tool& tool, const Caller& caller) {
  std::string names = "help";
  for (const Action& action : tool.actions)
    if (may_call(action, caller)) names += ", " + std::string(action.name);
  return names;
}

Failure unknown_tool(std::string_view name) {
  std::string names;
  for (const Tool* tool : kTools)
    names += std::string(tool->name) + ", ";
  for (const Alias& alias : kAliases)
    names += std::string(alias.name) + (alias.name == kAliases.back().name ? "" : ", ");
  return hinted(fail(Fault::BadInput, "there is no tool '{}'", one_line(name, 40)),
                "there are " + names);
}

Failure not_for(const Action& action, const Tool& tool, const Caller& caller) {
  return hinted(
      fail(Fault::Refused, "'{}' is for the user and their programs; this is the agent of {}",
           action.name, one_line(caller.task.value, 80)),
      "an agent that works on a task has " + actions_of(tool, caller));
}

Result<Json> help(const Tool& tool, const Caller& caller, const Json& args) {
  const auto named = args.find("action");
  if (named == args.end() || !named->is_string()) return help_of(tool, caller);
  const auto name = named->get<std::string>();
  const auto action = std::ranges::find(tool.actions, name, &Action::name);
  if (action != tool.actions.end()) return help_of(*action);
  return hinted(fail(Fault::BadInput, "'{}' has no action '{}'", tool.name, one_line(name, 40)),
                "there are " + actions_of(tool, caller));
}

}  // namespace

std::span<const Tool* const> all_tools() {
  return kTools;
}

const Tool* find_tool(std::string_view name) {
  const auto found = std::ranges::find(kTools, name, &Tool::name);
  return found == kTools.end() ? nullptr : *found;
}

Result<Json> call_tool(std::string_view name, const Json& input, Run& run, const Caller& caller,
                       Progress progress, std::stop_token stop) {
  const auto alias = std::ranges::find(kAliases, name, &Alias::name);
  if (alias != kAliases.end()) {
    const Json as_action = {{"action", alias->action}, {"args", input}};
    return call_tool(alias->tool, as_action, run, caller, std::move(progress), std::move(stop));
  }
  const Tool* tool = find_tool(name);
  if (tool == nullptr) return unknown_tool(name);
  const auto say_how = [&](Failure failure) {
    return hinted(std::move(failure),
                  fmt::format("tmux-orch call {} '{{\"action\":\"help\"}}'", tool->name));
  };
  if (!input.is_object() || !input.contains("action") || !input["action"].is_string())
    return say_how(fail(Fault::BadInput, "'{}' takes an object with an \"action\"", tool->name));
  for (const auto& [key, value] : input.items())
    if (key != "action" && key != "args")
      return say_how(fail(Fault::BadInput, "'{}' belongs into \"args\"", one_line(key, 40)));
  const auto action_name = input["action"].get<std::string>();
  const Json args = input.value("args", Json::object());
  if (!args.is_object()) return say_how(fail(Fault::BadInput, "\"args\" is an object"));
  if (action_name == "help") return help(*tool, caller, args);
  const auto action = std::ranges::find(tool->actions, action_name, &Action::name);
  if (action == tool->actions.end())
    return hinted(
        fail(Fault::BadInput, "'{}' has no action '{}'", tool->name, one_line(action_name, 40)),
        "there are " + actions_of(*tool, caller));
  if (!may_call(*action, caller)) return not_for(*action, *tool, caller);
  if (const Status fits = check_arguments(*tool, *action, args); !fits) return passed_on(fits);
  return action->run(Call{run, caller, args, std::move(progress), std::move(stop)});
}

}  // namespace orch::tools
