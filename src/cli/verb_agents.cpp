// agents: the kinds of agents and what is known of their programs here; `record` keeps a screen of
// one, `test` tries one.
#include "agents/profiles.hpp"
#include "agents/start_command.hpp"
#include "app/preflight.hpp"
#include "cli/agent_actions.hpp"
#include "cli/blocking.hpp"
#include "cli/config_here.hpp"
#include "cli/first_minute.hpp"
#include "cli/installed.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "ui/agents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace orch::cli {
namespace {

// All are asked at once, and some need seconds to start.
constexpr Span kVersionTime = std::chrono::seconds(20);

void add_options(OptionList& list, AgentsOptions& options) {
  list.words("ACTION", options.words, "list; record, a task and a folder; test and a kind", 3);
  list.text("--name", options.name, "record: the name of its files");
  list.text("--timeout", options.timeout, "test: how long it may take in all (3m)");
  list.flag("-y,--yes", options.yes, "test: do not ask first");
  add_json(list, options);
}

ui::KnownOf known(const app::Finding& finding) {
  ui::KnownOf result{.is_so = {}, .evidence = finding.evidence, .command = finding.command};
  if (finding.known != app::Known::CannotTell) result.is_so = finding.known == app::Known::Yes;
  return result;
}

ui::AgentRow row_of(const Config& config, const AgentProfile& profile, const fs::path& root) {
  ui::AgentRow row{.name = profile.name, .program = program_of(profile)};
  row.path = installed_path(row.program);
  row.switched_off = profile.command.empty();
  row.measured = profile.preflight.versions;
  const app::Preflight look = look_before_start(config, profile, root);
  row.signed_in = known(look.signed_in);
  if (!root.empty()) row.trusted = known(look.trusted);
  row.screen_rules = profile.screen.size();
  row.hooks = has_hooks(profile);
  row.resumes = profile.resumes && takes_session(profile) && !profile.resume.empty();
  row.automatic = profile.automatic;
  return row;
}

/// Asks the programs that are there, all at once.
void add_versions(std::vector<ui::AgentRow>& rows, const Config& config) {
  Blocking blocking;
  std::size_t asked = 0;
  for (ui::AgentRow& row : rows) {
    if (row.path.empty()) continue;
    ++asked;
    loop::spawn<app::ProgramVersion>(
        app::version_of(blocking.children, config.agents.at(row.name), kVersionTime),
        [&](app::ProgramVersion version) {
          row.version = std::move(version.text);
          if (--asked == 0) blocking.loop.stop();
        });
  }
  while (asked > 0)
    blocking.loop.run();
}

int list_agents(const AgentsOptions& options) {
  const std::optional<Config> config = config_here();
  if (!config) return status::kError;
  const Result<git::RepositoryFacts> facts = locate_here();
  std::vector<ui::AgentRow> rows;
  for (const auto& [name, profile] : config->agents)
    rows.push_back(row_of(*config, profile, facts ? facts->root : fs::path()));
  add_versions(rows, *config);
  options.json ? print_json(ui::agents_json(rows)) : print(ui::agents_text(rows));
  return status::kOk;
}

int agents(const AgentsOptions& options) {
  const std::vector<std::string>& words = options.words;
  const std::string action = words.empty() ? "list" : words[0];
  if (action == "list" && words.size() <= 1) return list_agents(options);
  if (action == "record" && words.size() == 3) return record_screen(words[1], words[2], options);
  if (action == "test" && words.size() == 2) return test_agent(words[1], options);
  return complain(
      Error{Fault::BadInput,
            "agents is followed by nothing, by record, a task and a folder, or by test and a "
            "kind of agent",
            "tmux-orch agents; tmux-orch agents test claude"});
}

}  // namespace

Result<AgentProfile> profile_named(const Config& config, const std::string& name) {
  const auto found = config.agents.find(name);
  if (found != config.agents.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, profile] : config.agents)
    names.push_back(known);
  const std::string near = nearest(name, names);
  return hinted(
      fail(Fault::NotFound, "there is no agent '{}'", one_line(name, 40)),
      near.empty() ? "it can be " + join(names, ", ") : fmt::format("did you mean '{}'?", near));
}

const Verb kAgentsVerb{"agents", kPeople,
                       "the kinds of agents, and what is known of their programs here",
                       "tmux-orch agents", begin<add_options, agents>};

}  // namespace orch::cli
