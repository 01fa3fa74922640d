// The choice of the agent that works on a task.
#include "agents/profiles.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace orch {

std::string program_of(const AgentProfile& profile) {
  if (profile.command.empty()) return {};
  return profile.wrapper.empty() ? profile.command.front() : profile.wrapper.front();
}

namespace {

using IsInstalled = std::function<bool(const std::string&)>;

bool can_start(const AgentProfile& profile, const IsInstalled& is_installed) {
  return !profile.command.empty() && is_installed(program_of(profile));
}

std::string script_agent(const Config& config) {
  for (const auto& [name, profile] : config.agents) {
    if (profile.prompt == PromptBy::Script && !profile.command.empty()) return name;
  }
  return {};
}

Result<std::string> choose_automatically(const Config& config, const IsInstalled& is_installed) {
  std::vector<std::string> candidates;
  for (const auto& [name, profile] : config.agents) {
    if (!profile.automatic || profile.command.empty()) continue;
    if (can_start(profile, is_installed)) return name;
    candidates.push_back(name);
  }
  std::string hint = "install one, or name another with --agent NAME";
  if (const std::string name = script_agent(config); !name.empty()) {
    hint += fmt::format(" (--agent {} runs the tasks' sh blocks)", name);
  }
  if (candidates.empty()) {
    return hinted(fail(Fault::NotFound, "no agent may be chosen automatically"), hint);
  }
  return hinted(
      fail(Fault::NotFound, "none of these agents is installed: {}", join(candidates, ", ")), hint);
}

std::string installed_hint(const Config& config, const IsInstalled& is_installed) {
  std::vector<std::string> names;
  for (const auto& [name, profile] : config.agents) {
    if (can_start(profile, is_installed)) names.push_back(name);
  }
  return names.empty() ? "no other agent is installed either"
                       : fmt::format("installed: {}", join(names, ", "));
}

Failure no_such_agent(const Config& config, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [other, profile] : config.agents) {
    names.push_back(other);
  }
  const std::string near = nearest(name, names);
  return hinted(fail(Fault::BadInput, "there is no agent '{}'", one_line(name, 40)),
                near.empty() ? "it can be auto, " + join(names, ", ")
                             : fmt::format("did you mean '{}'?", near));
}

}  // namespace

bool has_hooks(const AgentProfile& profile) {
  const auto names_us = [](std::string_view text) {
    return text.find("ORCH_PROGRAM") != std::string_view::npos;
  };
  return std::ranges::any_of(profile.command, names_us) ||
         std::ranges::any_of(profile.files,
                             [&](const auto& file) { return names_us(file.second); });
}

Result<std::string> choose_agent(const Config& config, std::string_view wanted,
                                 const IsInstalled& is_installed) {
  const std::string name = wanted.empty() ? config.agent : std::string(wanted);
  if (name == "auto") return choose_automatically(config, is_installed);
  const auto found = config.agents.find(name);
  if (found == config.agents.end()) return no_such_agent(config, name);
  const AgentProfile& profile = found->second;
  if (profile.command.empty()) {
    return hinted(fail(Fault::Refused, "agent '{}' is switched off", name),
                  fmt::format("give agents.{}.command a value, or choose another agent", name));
  }
  if (can_start(profile, is_installed)) return name;
  return hinted(fail(Fault::NotFound, "agent '{}' needs '{}', which is not installed", name,
                     program_of(profile)),
                installed_hint(config, is_installed));
}

}  // namespace orch
