// Writes roff, of which only the macros of man(7) are used.
#include "cli/man_page.hpp"

#include "cli/program_version.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace orch::cli {
namespace {

/// As roff prints it again: a dot or an apostrophe that begins a line would be a request, and most
/// quotes and dashes would become typographic ones.
std::string escaped(std::string_view text) {
  std::string roff = text.starts_with('.') ? "\\&" : "";
  for (const char sign : text) {
    switch (sign) {
      case '\\': roff += "\\e"; break;
      case '-': roff += "\\-"; break;
      case '\'': roff += "\\(aq"; break;
      case '"': roff += "\\(dq"; break;
      case '^': roff += "\\(ha"; break;
      case '~': roff += "\\(ti"; break;
      case '`': roff += "\\(ga"; break;
      default: roff += sign;
    }
  }
  return roff;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

/// Text of ours: what stands between backticks is to be typed as it is.
std::string prose(std::string_view text) {
  std::string roff;
  bool typed = false;
  for (const std::string_view part : split(text, '`')) {
    roff += typed ? bold(part) : escaped(part);
    typed = !typed;
  }
  return roff;
}

std::string section(std::string_view name) {
  return fmt::format(".SH {}\n", name);
}

std::string item(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, prose(text));
}

std::string typed_lines(std::string_view lines) {
  std::string roff = ".nf\n.RS 4\n";
  for (const std::string_view line : split(lines, '\n'))
    roff += escaped(line) + '\n';
  return roff + ".RE\n.fi\n";
}

std::string page_name(const Verb& verb) {
  return fmt::format("tmux-orch-{}", verb.name);
}

std::string reference(std::string_view page) {
  return fmt::format("{}(1)", bold(page));
}

std::string begin_page(std::string_view name, std::string_view summary) {
  return fmt::format(".TH {} 1 \"\" \"tmux\\-orch {}\" \"tmux\\-orch\"\n", escaped(name),
                     escaped(kVersion)) +
         section("NAME") + fmt::format("{} \\- {}\n", escaped(name), prose(summary));
}

std::string option_tag(const OptionFacts& option) {
  std::string tag;
  for (const std::string& name : option.names)
    tag += (tag.empty() ? "" : ", ") + bold(name);
  if (!option.takes_value) return tag;
  return tag + ' ' + italic(option.values.empty() ? option.value : join(option.values, "|"));
}

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array<Row, 8> kStatuses{{
    {"0", "all tasks merged (or the verb did what it was asked)"},
    {"1", "error"},
    {"2", "the command line is wrong: an option, or an argument that is missing or cannot be"},
    {"3", "the run ended with tasks not merged, or your branch could not follow"},
    {"4",
     "the user is needed: blocked or held tasks, tasks for a person, tasks that may be done "
     "already"},
    {"5", "the base fails its own tests; nothing was started"},
    {"6", "interrupted; `up` goes on"},
    {"130", "Ctrl-C"},
}};

constexpr std::array<Row, 6> kVariables{{
    {"TMUX_ORCH_SETTING",
     "a setting, by its path in capitals with `_` between its parts: "
     "`TMUX_ORCH_LIMITS_TASK_TIMEOUT=5m`"},
    {"XDG_CONFIG_HOME", "where your own settings are, instead of `~/.config`"},
    {"XDG_STATE_HOME", "where is kept which repositories you trust, instead of `~/.local/state`"},
    {"NO_COLOR", "if it is set and not empty, nothing is coloured"},
    {"TMUX_ORCH_ATTEMPT, TMUX_ORCH_AGENT_ID, TMUX_ORCH_INBOX",
     "set for agents: the folder of the attempt, its name, and the file of messages to it"},
    {"TMUX_ORCH_FEEDBACK, TMUX_ORCH_PORT",
     "set for agents: the file that says why an attempt before did not land, and the first TCP "
     "port of the worktree"},
}};

constexpr std::array<Row, 5> kFiles{{
    {"~/.config/tmux-orch/config.toml", "your own settings"},
    {"tmux-orch.toml", "settings of the repository, in its root"},
    {".tmux-orch", "state of the repository's runs, in its root"},
    {".worktrees", "worktrees of the tasks at work, and the trash"},
    {"refs/orch/rescue", "references in git: work that was saved"},
}};

template <std::size_t kSize>
std::string table(const std::array<Row, kSize>& rows) {
  std::string roff;
  for (const auto& [name, text] : rows)
    roff += item(bold(name), text);
  return roff;
}

std::string verbs_by_group() {
  std::string roff;
  for (const std::string_view group : {kPeople, kAgents, kPrograms}) {
    roff += fmt::format(".SS {}\n", escaped(group));
    for (const Verb* verb : verbs())
      if (verb->group == group) roff += item(reference(page_name(*verb)), verb->summary);
  }
  return roff;
}

}  // namespace

std::string main_page() {
  return begin_page("tmux-orch", "supervise coding agents in tmux") + section("SYNOPSIS") +
         fmt::format("{} [{} {}] {} [{}...]\n", bold("tmux-orch"), bold("-C"), italic("FOLDER"),
                     italic("VERB"), italic("ARGUMENT")) +
         section("DESCRIPTION") + prose(kDescription) + '\n' + section("VERBS") + verbs_by_group() +
         section("OPTIONS") + item(bold("-C") + ' ' + italic("FOLDER"), kFolderText) +
         item(bold("-h") + ", " + bold("--help"), "the verbs; after a verb, its options") +
         item(bold("--version"), "the version") + section("EXIT STATUS") + table(kStatuses) +
         section("ENVIRONMENT") + table(kVariables) + section("FILES") + table(kFiles) +
         section("EXAMPLES") + typed_lines(kFirstExamples) + section("SEE ALSO") +
         fmt::format("{}(1), {}(1)\n", bold("tmux"), bold("git"));
}

std::string page_of(const Verb& verb) {
  const VerbFacts facts = facts_of(verb);
  std::string roff = begin_page(page_name(verb), verb.summary) + section("SYNOPSIS") +
                     bold(fmt::format("tmux-orch {}", verb.name)) + " [" + italic("OPTION") +
                     "...]";
  for (const ArgumentFacts& argument : facts.arguments)
    roff += ' ' + italic(argument.usage);
  roff += '\n';
  if (!facts.arguments.empty()) roff += section("ARGUMENTS");
  for (const ArgumentFacts& argument : facts.arguments)
    roff += item(italic(argument.usage), argument.text);
  roff += section("OPTIONS");
  for (const OptionFacts& option : facts.options)
    roff += item(option_tag(option), option.text);
  return roff + section("EXAMPLE") + typed_lines(verb.example) + section("SEE ALSO") +
         fmt::format("{}, which has the exit statuses, variables and files of all verbs\n",
                     reference("tmux-orch"));
}

}  // namespace orch::cli
