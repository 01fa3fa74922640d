// Looks whether an agent of the kind can coordinate, and whether its id is free.
#include "cli/coordinator_choice.hpp"

#include "agents/profiles.hpp"
#include "cli/installed.hpp"
#include "orch/base/text.hpp"
#include "orch/core/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace orch::cli {
namespace {

constexpr std::string_view kKey = "coordinator.agent";

bool can_coordinate(const AgentProfile& profile) {
  return !profile.command.empty() && profile.prompt != PromptBy::Script;
}

std::string kinds_text(const Config& config) {
  std::vector<std::string> kinds;
  for (const auto& [name, profile] : config.agents)
    if (can_coordinate(profile)) kinds.push_back(name);
  return "these can coordinate: " + join(kinds, ", ");
}

/// Was an option given, with no kind in it?
bool is_named_empty(const Prepared& prepared) {
  return std::ranges::any_of(prepared.saved.flags, [](const ConfigFlag& flag) {
    return flag.key == kKey && trim(flag.text).empty();
  });
}

/// It is called as a task of the run.
Status check_id_is_free(const Prepared& prepared) {
  const auto task = std::ranges::find_if(prepared.plan.tasks, [](const PlannedTask& planned) {
    return lower(planned.spec.id.value) == kCoordinatorWord;
  });
  if (task == prepared.plan.tasks.end()) return {};
  return hinted(fail(Fault::Refused,
                     "{}:{}: a task has the id '{}', which is that of the agent "
                     "that coordinates",
                     prepared.view.file, task->spec.line, one_line(task->spec.id.value, 40)),
                "give the task another id, or leave out the coordinator");
}

}  // namespace

Result<std::string> chosen_coordinator(const Prepared& prepared) {
  const Config& config = prepared.config;
  if (is_named_empty(prepared))
    return hinted(fail(Fault::BadInput, "--coordinator names no kind of agent"),
                  kinds_text(config));
  if (config.coordinator.agent.empty()) return std::string();
  Result<std::string> chosen = choose_agent(config, config.coordinator.agent, is_installed);
  if (!chosen) return because(chosen, "the coordinator");
  if (!can_coordinate(config.agents.at(*chosen)))
    return hinted(
        fail(Fault::Refused,
             "an agent of the kind {} runs the scripts of tasks and can coordinate nobody",
             *chosen),
        kinds_text(config));
  if (const Status is_free = check_id_is_free(prepared); !is_free) return passed_on(is_free);
  return chosen;
}

}  // namespace orch::cli
