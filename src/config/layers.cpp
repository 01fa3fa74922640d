// Puts the layers on top of each other and judges what only all of them together can show.
#include "config/layers.hpp"

#include "config/builtin_agents.hpp"
#include "config/builtin_anomalies.hpp"
#include "config/settings.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace orch {

namespace {

/// Variables of ours that are no settings.
constexpr std::array<std::string_view, 9> kOtherVariables{
    "TMUX_ORCH_AGENT_ID", "TMUX_ORCH_ATTEMPT", "TMUX_ORCH_FAILPOINT",
    "TMUX_ORCH_FEEDBACK", "TMUX_ORCH_INBOX",   "TMUX_ORCH_ONTO",
    "TMUX_ORCH_PORT",     "TMUX_ORCH_TASK",    "TMUX_ORCH_TOKEN"};

/// "limits.stall" is set by TMUX_ORCH_LIMITS_STALL.
std::string variable_name(std::string_view path) {
  std::string name(kVariablePrefix);
  for (const char c : path) {
    const bool is_lower = c >= 'a' && c <= 'z';
    name += is_lower ? static_cast<char>(c - 'a' + 'A') : (c == '.' || c == '-') ? '_' : c;
  }
  return name;
}

/// The value at "limits.stall" as the table { limits = { stall = VALUE } }.
TomlValue::Table nested(std::string_view path, TomlValue value) {
  const std::size_t dot = path.find('.');
  if (dot != std::string_view::npos) {
    TomlValue inner;
    inner.content = nested(path.substr(dot + 1), std::move(value));
    value = std::move(inner);
  }
  TomlValue::Table table;
  table.push_back({std::string(path.substr(0, dot)), {}, std::move(value)});
  return table;
}

/// Reads all layers into one configuration.
class LayerReader {
 public:
  void read_layer(const ConfigLayer& layer) {
    begin(layer.name);
    findings_.from_repository = layer.owner == LayerOwner::Repository;
    const auto table = parse_toml(layer.text);
    if (!table) {
      findings_.problems.push_back({layer.name, table.error()});
      return;
    }
    read_settings(*table, config_, findings_);
  }

  void read_environment(const Environment& environment) {
    std::map<std::string, std::string> paths;  // by variable
    for (const std::string& path : setting_paths(config_)) {
      paths.emplace(variable_name(path), path);
    }
    for (auto variable = environment.lower_bound(std::string(kVariablePrefix));
         variable != environment.end() && variable->first.starts_with(kVariablePrefix);
         ++variable) {
      const auto& [name, text] = *variable;
      if (text.empty() || !sets_something(name)) continue;
      const auto path = paths.find(name);
      if (path != paths.end()) {
        read_text(name, path->second, text);
      } else {
        unknown_variable(name, paths);
      }
    }
  }

  void read_flags(const std::vector<ConfigFlag>& flags) {
    for (const ConfigFlag& flag : flags) {
      read_text(flag.name, flag.key, flag.text);
    }
  }

  ConfigReading finish() {
    check_agents();
    check_default_agent();
    check_route();
    check_policy();
    check_reviews();
    check_filters();
    std::ranges::stable_sort(findings_.problems, {}, [this](const ConfigProblem& problem) {
      const auto layer = std::ranges::find(sources_, problem.source) - sources_.begin();
      return std::tuple(layer, problem.problem.line, problem.problem.column);
    });
    ConfigReading reading{std::move(config_), std::move(findings_.problems), {}};
    for (const auto& [setting, origin] : findings_.origins) {
      const Problem place{Severity::Error, origin.place.line, origin.place.column, {}, {}};
      reading.written.emplace(setting, ConfigProblem{origin.source, place});
    }
    return reading;
  }

 private:
  void begin(const std::string& source) {
    findings_.source = source;
    findings_.from_repository = false;
    sources_.push_back(source);
  }

  void read_text(const std::string& source, const std::string& path, const std::string& text) {
    begin(source);
    read_settings(nested(path, value_of_text(text)), config_, findings_);
  }

  /// Other programs may use our prefix, so only what is nearly a setting's name is a mistake.
  void unknown_variable(const std::string& name, const std::map<std::string, std::string>& paths) {
    begin(name);
    std::vector<std::string> names;
    names.reserve(paths.size());
    for (const auto& [variable, path] : paths) {
      names.push_back(variable.substr(kVariablePrefix.size()));
    }
    const std::string near = nearest(name.substr(kVariablePrefix.size()), names);
    const std::string hint =
        near.empty() ? "" : fmt::format("did you mean {}{}?", kVariablePrefix, near);
    findings_.add({name, {}}, "no setting has this name", hint);
    if (near.empty()) findings_.problems.back().problem.severity = Severity::Warning;
  }

  Origin origin_of(const std::string& path) const {
    const auto origin = findings_.origins.find(path);
    return origin == findings_.origins.end() ? Origin{} : origin->second;
  }

  void check_reviews() {
    for (const Review& review : config_.reviews) {
      const auto agent = config_.agents.find(review.agent);
      if (agent != config_.agents.end() && !agent->second.review.empty()) continue;
      findings_.add(origin_of("review"),
                    fmt::format("no agent '{}' can make the review \"{}\"",
                                one_line(review.agent, 40), review.name),
                    fmt::format("agents.{}.review is the command by which it does",
                                one_line(review.agent, 40)));
    }
  }

  /// Two settings do not fit: the one that was written last is shown.
  Origin later_of(const std::string& first, const std::string& second) const {
    const auto age = [this](const Origin& origin) {
      const auto layer = std::ranges::find(sources_, origin.source) - sources_.begin();
      return std::tuple(layer, origin.place.line);
    };
    const Origin a = origin_of(first);
    const Origin b = origin_of(second);
    return b.source.empty() || age(b) < age(a) ? a : b;
  }

  std::vector<std::string> agent_names() const {
    std::vector<std::string> names;
    for (const auto& [name, profile] : config_.agents) {
      if (!profile.command.empty()) names.push_back(name);
    }
    return names;
  }

  void check_agents() {
    for (const auto& [name, profile] : config_.agents) {
      const std::string path = "agents." + name;
      if (!findings_.origins.contains(path + ".command")) {
        const std::string near = nearest(name, agent_names());
        findings_.add(origin_of(path), fmt::format("agent '{}' has no 'command'", name),
                      near.empty() ? fmt::format("for example command = [\"{}\"]", name)
                                   : fmt::format("did you mean 'agents.{}'?", near));
        continue;
      }
      const bool reads_file =
          profile.prompt == PromptBy::File || profile.prompt == PromptBy::Script;
      const auto names_file = [](const std::string& word) {
        return word.find("{prompt_file}") != std::string::npos;
      };
      if (reads_file && !profile.command.empty() &&
          std::ranges::none_of(profile.command, names_file)) {
        findings_.add(later_of(path + ".command", path + ".prompt"),
                      fmt::format("agent '{}' would never see its task", name),
                      "put {prompt_file} into its command, or choose another 'prompt'");
      }
    }
  }

  void check_default_agent() {
    const auto profile = config_.agents.find(config_.agent);
    if (config_.agent == "auto") return;
    if (profile == config_.agents.end()) {
      const std::vector<std::string> names = agent_names();
      const std::string near = nearest(config_.agent, names);
      findings_.add(origin_of("agent"),
                    fmt::format("there is no agent '{}'", one_line(config_.agent, 40)),
                    near.empty() ? "it can be auto, " + choices_text(names)
                                 : fmt::format("did you mean '{}'?", near));
    } else if (profile->second.command.empty()) {
      findings_.add(
          origin_of("agent"), fmt::format("agent '{}' is switched off", config_.agent),
          fmt::format("give agents.{}.command a value, or choose another agent", config_.agent));
    }
  }

  void check_kind(const std::string& kind, const std::string& setting, std::string_view hint) {
    if (config_.agents.contains(kind)) return;
    const std::string near = nearest(kind, agent_names());
    findings_.add(origin_of(setting), fmt::format("there is no agent '{}'", one_line(kind, 40)),
                  near.empty() ? std::string(hint) : fmt::format("did you mean '{}'?", near));
  }

  /// A misspelt kind would never get anything.
  void check_route() {
    for (const std::string& kind : config_.routing.kinds)
      check_kind(kind, "routing.kinds", "it can be " + choices_text(agent_names()));
  }

  /// With a misspelt kind a check would be for no work.
  void check_filters() {
    const auto check = [this](const WorkFilter& when, const std::string& setting) {
      for (const std::string& kind : when.agents)
        check_kind(kind, setting, "'when.agents' can have " + choices_text(agent_names()));
    };
    for (const TestCommand& test : config_.merge.tests)
      check(test.when, "merge.test");
    for (const TestCommand& gate : config_.gates)
      check(gate.when, "gate");
    for (const Review& review : config_.reviews)
      check(review.when, "review");
  }

  /// A rule for a kind that there is not would be taken to protect, and match nothing.
  void check_policy() {
    for (const PolicyRule& rule : config_.policy) {
      if (!rule.agent.empty())
        check_kind(rule.agent, rule.name, "a rule without 'agent' is for all");
    }
  }

  Config config_;
  Findings findings_;
  std::vector<std::string> sources_;  ///< in the order in which they were read
};

}  // namespace

std::string to_text(const ConfigProblem& problem) {
  std::string text = problem.source;
  for (const int place : {problem.problem.line, problem.problem.column}) {
    if (place > 0) text += fmt::format(":{}", place);
  }
  text += fmt::format(": {}", problem.problem.message);
  if (!problem.problem.hint.empty()) text += "\n  " + problem.problem.hint;
  return text;
}

bool ConfigReading::has_errors() const {
  return std::ranges::any_of(problems, [](const ConfigProblem& problem) {
    return problem.problem.severity == Severity::Error;
  });
}

ConfigProblem ConfigReading::problem_with(const std::string& setting, std::string message,
                                          std::string hint) const {
  const auto place = written.find(setting);
  ConfigProblem problem = place == written.end() ? ConfigProblem{setting, {}} : place->second;
  problem.problem.message = std::move(message);
  problem.problem.hint = std::move(hint);
  return problem;
}

bool sets_something(std::string_view variable) {
  return variable.starts_with(kVariablePrefix) &&
         std::ranges::find(kOtherVariables, variable) == kOtherVariables.end();
}

ConfigReading parse_config(const std::vector<ConfigLayer>& layers, const Environment& environment,
                           const std::vector<ConfigFlag>& flags) {
  LayerReader reader;
  for (const BuiltinAgent& agent : builtin_agents()) {
    reader.read_layer({fmt::format("built-in agent {}", agent.name), std::string(agent.text)});
  }
  reader.read_layer({"built-in anomalies", std::string(builtin_anomalies())});
  for (const ConfigLayer& layer : layers) {
    reader.read_layer(layer);
  }
  reader.read_environment(environment);
  reader.read_flags(flags);
  return reader.finish();
}

}  // namespace orch
