// explain: how a screen of an agent is read, and why. The screen is that of a task's agent as it
// stands now, or one that was kept in a file.
#include "agents/policy.hpp"
#include "agents/screen/classify.hpp"
#include "cli/config_here.hpp"
#include "cli/output.hpp"
#include "cli/pane_screen.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "ui/explain.hpp"

#include <optional>
#include <vector>

namespace orch::cli {
namespace {

struct Options : JsonOptions, TaskOptions {
  std::string agent;
  std::string screen;  ///< the file
  std::string title;
  bool dead = false;
};

void add_options(OptionList& list, Options& options) {
  add_task(list, options, "the task whose agent is looked at");
  list.text("--agent", options.agent, "the kind of agent whose screen it is");
  list.text("--screen", options.screen,
            "a file with its rows (tmux capture-pane -p) instead of a task");
  list.text("--title", options.title, "the title of its pane");
  list.flag("--dead", options.dead, "its pane is dead");
  add_json(list, options);
}

Result<ScreenRules> rules_for(const Config& config, const std::string& agent) {
  const auto profile = config.agents.find(agent);
  if (profile != config.agents.end()) return ScreenRules::compile(profile->second.screen);
  std::vector<std::string> names;
  for (const auto& [name, known] : config.agents)
    names.push_back(name);
  const std::string near = nearest(agent, names);
  return hinted(
      fail(Fault::BadInput, "there is no agent '{}'", one_line(agent, 40)),
      near.empty() ? "it can be " + join(names, ", ") : fmt::format("did you mean '{}'?", near));
}

Result<Screen> screen_from(const Options& options) {
  const Result<std::string> text = read_file(options.screen);
  if (!text) return passed_on(text);
  Screen screen = screen_of(*text);
  screen.title = plain_row(options.title);
  screen.dead = options.dead;
  return screen;
}

/// A screen and the kind of the agent that it belongs to.
struct Shown {
  std::string agent;
  Screen screen;
  OwnWord own;                ///< what its program said last
  std::vector<Grant> grants;  ///< of the run
};

Result<Shown> of_task(const Options& options) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return passed_on(handle);
  const Result<TaskId> task = task_of(*handle, options, "explain");
  if (!task) return passed_on(task);
  const Result<Config> config = config_of(*handle);
  if (!config) return passed_on(config);
  const Result<const AgentRun*> agent = living_agent(*handle, *task);
  if (!agent) return passed_on(agent);
  const Result<PaneScreen> shown = screen_in(*handle, *config, **agent);
  if (!shown) return passed_on(shown);
  return Shown{options.agent.empty() ? (*agent)->kind : options.agent, shown->screen, (*agent)->own,
               handle->run.state.run.grants};
}

Result<Shown> of_file(const Options& options) {
  const Result<Screen> screen = screen_from(options);
  if (!screen) return passed_on(screen);
  return Shown{.agent = options.agent, .screen = *screen};
}

/// What the user's rules say, if it is a permission that is asked for.
Result<std::optional<Ruling>> ruling_on(const Config& config, const Shown& shown,
                                        const ScreenReading& reading) {
  const std::optional<Dialog> dialog = dialog_of(shown.screen);
  if (reading.state != ScreenState::Permission || !dialog) return std::nullopt;
  const Result<Policy> policy = Policy::compile(config.policy);
  if (!policy) return passed_on(policy);
  const AgentProfile& profile = config.agents.at(shown.agent);
  return policy->judge(profile, subject_of(*dialog, profile, shown.own), shown.grants);
}

int explain(const Options& options) {
  const bool has_task = !options.words.empty() || !options.window.empty();
  const bool has_file = !options.screen.empty() && !options.agent.empty();
  if (has_task != options.screen.empty() || has_task == has_file) {
    return complain(
        Error{Fault::BadInput, "what is to be explained: a task, or a file and its agent?",
              "tmux-orch explain T3; tmux-orch explain --agent claude --screen screen.txt"});
  }
  const std::optional<Config> config = config_here();
  if (!config) return status::kError;
  const Result<Shown> shown = has_task ? of_task(options) : of_file(options);
  if (!shown) return complain(shown.error());
  const Result<ScreenRules> rules = rules_for(*config, shown->agent);
  if (!rules) return complain(rules.error());
  const ScreenReading reading = rules->classify(shown->screen);
  const Result<std::optional<Ruling>> ruling = ruling_on(*config, *shown, reading);
  if (!ruling) return complain(ruling.error());
  if (options.json) {
    print_json(ui::reading_json(shown->agent, reading, *ruling));
  } else {
    print(ui::reading_text(shown->agent, reading));
    if (*ruling) print(ui::ruling_text(**ruling));
  }
  return status::kOk;
}

}  // namespace

const Verb kExplainVerb{"explain", kPeople, "show what a screen of an agent is taken for, and why",
                        "tmux-orch explain T3", begin<add_options, explain>};

}  // namespace orch::cli
