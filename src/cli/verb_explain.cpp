// explain: how a screen of an agent is read, and why.
#include "agents/screen/classify.hpp"
#include "cli/config_here.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "ui/explain.hpp"

#include <vector>

namespace orch::cli {
namespace {

struct Options : JsonOptions {
  std::string agent;
  std::string screen;  ///< the file
  std::string title;
  bool dead = false;
};

void add_options(OptionList& list, Options& options) {
  list.needed_word("--agent", options.agent, "the kind of agent whose screen it is");
  list.needed_word("--screen", options.screen, "a file with its rows (tmux capture-pane -p)");
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

int explain(const Options& options) {
  const std::optional<Config> config = config_here();
  if (!config) return status::kError;
  const Result<ScreenRules> rules = rules_for(*config, options.agent);
  if (!rules) return complain(rules.error());
  const Result<Screen> screen = screen_from(options);
  if (!screen) return complain(screen.error());
  const ScreenReading reading = rules->classify(*screen);
  if (options.json) {
    print_json(ui::reading_json(options.agent, reading));
  } else {
    print(ui::reading_text(options.agent, reading));
  }
  return status::kOk;
}

}  // namespace

const Verb kExplainVerb{"explain", kPeople, "show what a screen of an agent is taken for, and why",
                        "tmux-orch explain --agent claude --screen screen.txt",
                        begin<add_options, explain>};

}  // namespace orch::cli
