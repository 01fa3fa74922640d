// Before anything starts.
#include "cli/first_minute.hpp"

#include "agents/sandbox.hpp"
#include "app/obeyed_files.hpp"
#include "app/preflight.hpp"
#include "app/run_on_disk.hpp"
#include "cli/ask.hpp"
#include "cli/blocking.hpp"
#include "cli/config_here.hpp"
#include "cli/output.hpp"
#include "config/trusted_roots.hpp"
#include "orch/base/text.hpp"
#include "ui/first_screen.hpp"
#include "ui/plan_parts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

namespace orch::cli {

std::vector<std::string> environment_here() {
  std::vector<std::string> list;
  for (char** entry = environ; *entry != nullptr; ++entry)
    list.emplace_back(*entry);
  return list;
}

app::Preflight look_before_start(const Config& config, const AgentProfile& profile,
                                 const std::filesystem::path& root) {
  const bool trusts = config.unattended || is_trusted_root(config, own_environment(), root);
  return app::preflight(profile, root, environment_here(), trusts);
}

std::string missing_text(const app::Preflight& look) {
  const bool trusts = look.trusted.known != app::Known::No;
  if (trusts) return "is not signed in";
  const bool signed_in = look.signed_in.known != app::Known::No;
  return signed_in ? "does not trust this repository yet"
                   : "is not signed in and does not trust this repository yet";
}

namespace {

std::string kind_of(const PlannedTask& task, const Rules& rules) {
  const std::vector<KindChoice> choices = choices_for(task.spec, rules);
  if (!choices.empty()) return choices.front().kind;
  return task.spec.agent.empty() ? rules.agent : task.spec.agent;
}

/// The tasks that the run would start, by the kind of their agent; those that may get some have to
/// be ready as well.
std::map<std::string, std::vector<const TaskSpec*>> tasks_by_kind(const Prepared& prepared,
                                                                  const Rules& rules) {
  const ui::PlanPicture picture(prepared.plan, prepared.view);
  std::map<std::string, std::vector<const TaskSpec*>> found;
  for (const std::string& kind : rules.route)
    found[kind] = {};
  if (!rules.coordinator.agent.empty()) found[rules.coordinator.agent] = {};
  for (const auto& [number, places] : picture.groups()) {
    for (const std::size_t place : places) {
      const PlannedTask& task = prepared.plan.tasks[place];
      found[kind_of(task, rules)].push_back(&task.spec);
    }
  }
  return found;
}

Failure refused(const app::Preflight& look) {
  const bool signs_in = look.signed_in.known == app::Known::No;
  const app::Finding& first = signs_in ? look.signed_in : look.trusted;
  return hinted(
      fail(Fault::NeedsUser,
           "{} {} (looked at: {}), and there is no terminal to ask on: nothing was "
           "started",
           look.kind, missing_text(look), one_line(first.evidence, 300)),
      fmt::format("`{}` once, answer what it asks, then `tmux-orch up` again", first.command));
}

ui::FirstKind shown_kind(Blocking& blocking, const Prepared& prepared, const AgentProfile& profile,
                         std::size_t tasks) {
  ui::FirstKind kind{.name = profile.name, .version = {}, .wrapper = {}, .missing = {}};
  const app::ProgramVersion version =
      blocking.wait(app::version_of(blocking.children, AgentProfile(profile)));
  kind.version = version.text;
  kind.measured = version.measured || version.text.empty();
  kind.tasks = tasks;
  kind.allowed = profile.allow.size();
  kind.asks_nothing = prepared.config.unattended;
  kind.runs_scripts = profile.prompt == PromptBy::Script;
  kind.sandboxed = is_sandboxed(prepared.config);
  kind.wrapper = join(profile.wrapper, " ");
  const app::Preflight look =
      look_before_start(prepared.config, profile, prepared.repository->root);
  if (look.is_missing()) kind.missing = missing_text(look);
  return kind;
}

}  // namespace

Status settle_agents(const Prepared& prepared, Rules& rules) {
  for (const auto& [name, tasks] : tasks_by_kind(prepared, rules)) {
    const auto profile = prepared.config.agents.find(name);
    if (profile == prepared.config.agents.end()) continue;
    const app::Preflight look =
        look_before_start(prepared.config, profile->second, prepared.repository->root);
    if (!look.is_missing()) continue;
    if (!on_terminal()) return refused(look);
    // Without rules for its screen nobody would see that it got to work.
    rules.agents[name].first_alone = rules.agents[name].seen;
  }
  return {};
}

void say_who_starts_alone(const Prepared& prepared, const Rules& rules) {
  for (const auto& [name, profile] : prepared.config.agents) {
    const auto found = rules.agents.find(name);
    if (found == rules.agents.end() || !found->second.first_alone) continue;
    const app::Preflight look =
        look_before_start(prepared.config, profile, prepared.repository->root);
    warn(fmt::format("{} {}: its first agent starts alone and asks you in its window", name,
                     missing_text(look)));
  }
}

Result<bool> show_first(const Prepared& prepared, const Rules& rules) {
  const app::Paths paths(prepared.repository->root);
  const auto newest = app::load_newest(paths);
  if (newest || newest.error().fault != Fault::NotFound) return false;
  Blocking blocking;
  ui::FirstScreen screen;
  screen.file = prepared.view.file;
  const tasks::ReadFile& read = prepared.file.read;
  screen.format =
      read.reason.empty() ? read.format : fmt::format("{} ({})", read.format, read.reason);
  for (const auto& [name, tasks] : tasks_by_kind(prepared, rules)) {
    for (const TaskSpec* task : tasks)
      screen.tasks.emplace_back(task->id.value, task->title);
    const auto profile = prepared.config.agents.find(name);
    if (profile != prepared.config.agents.end())
      screen.kinds.push_back(shown_kind(blocking, prepared, profile->second, tasks.size()));
  }
  screen.workers = rules.workers;
  screen.base = rules.base;
  for (const TestCommand& test : prepared.config.merge.tests)
    screen.tests.push_back(join(test.command, " "));
  for (const TestCommand& gate : prepared.config.gates)
    screen.tests.push_back(fmt::format("{} (gate {})", join(gate.command, " "), gate.name));
  screen.runs = app::obeyed_files(prepared.repository->checkout);
  print(ui::first_screen(screen));
  if (ask("Start? [Y/n] ", 'y') == 'y') {
    const Status kept = trust_root(own_environment(), prepared.repository->root);
    if (!kept) warn(fmt::format("your trust in it is not kept: {}", kept.error().what));
    return true;
  }
  return hinted(fail(Fault::Refused, "nothing was started"),
                "`tmux-orch plan -v` shows what would be done; `tmux-orch init` writes a "
                "tmux-orch.toml to change it in");
}

}  // namespace orch::cli
