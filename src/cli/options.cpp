// The command line as plain values; the only file that knows the parser library.
#include "cli/options.hpp"

#include "cli/output.hpp"
#include "cli/program_version.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace orch::cli {
namespace {

// The library reads "[a, b]" as two words wherever there may be several. With this behind it a text
// is no such list.
constexpr char kMark = '\x1f';

/// The command line with its texts in brackets marked.
std::vector<std::string> marked(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  for (std::string& word : words)
    if (word.starts_with('[') && word.ends_with(']')) word += kMark;
  return words;
}

/// "TEXT" of "[TEXT]".
std::string without_brackets(std::string_view place) {
  std::string name(place);
  std::erase_if(name, [](char sign) { return sign == '[' || sign == ']'; });
  return name;
}

std::string unmarked(std::string text) {
  if (text.ends_with(kMark)) text.pop_back();
  return text;
}

/// The library adds how many words there may be, "(0x)".
class PlainUsage : public CLI::Formatter {
 public:
  std::string make_option_usage(const CLI::Option* option) const override {
    std::string name = make_option_name(option, true);
    if (option->get_expected_max() >= CLI::detail::expected_max_vector_size) name += "...";
    return option->get_required() || name.starts_with('[') ? name : "[" + name + "]";
  }
};

}  // namespace

void OptionList::flag(const char* names, bool& to, const char* text) {
  verb_.add_flag(names, to, text);
}

void OptionList::number(const char* names, int& to, const char* text) {
  verb_.add_option(names, to, text);
}

void OptionList::text(const char* names, std::string& to, const char* text) {
  verb_.add_option(names, to, text)->transform(unmarked);
}

void OptionList::text(const char* names, std::optional<std::string>& to, const char* text) {
  verb_.add_option(names, to, text)->transform(unmarked);
}

void OptionList::choice(const char* names, std::string& to, const char* text,
                        const std::vector<std::string>& words) {
  choices_[names] = words;
  verb_.add_option(names, to, text)->check(CLI::IsMember(words));
}

void OptionList::choice(const char* names, std::optional<std::string>& to, const char* text,
                        const std::vector<std::string>& words) {
  choices_[names] = words;
  verb_.add_option(names, to, text)->check(CLI::IsMember(words));
}

void OptionList::list(const char* names, std::vector<std::string>& to, const char* text) {
  verb_.add_option(names, to, text)->delimiter(',');
}

void OptionList::words(const char* name, std::vector<std::string>& to, const char* text, int most) {
  verb_.add_option(name, to, text)->type_name("")->expected(0, most)->transform(unmarked);
}

void OptionList::needed_words(const char* name, std::vector<std::string>& to, const char* text) {
  verb_.add_option(name, to, text)->type_name("")->required()->transform(unmarked);
}

void OptionList::needed_word(const char* name, std::string& to, const char* text) {
  verb_.add_option(name, to, text)->type_name("")->required()->transform(unmarked);
}

VerbFacts facts_of(const Verb& verb) {
  CLI::App app;
  OptionList list(app);
  const std::function<int()> run = verb.begin(list);  // what the options are read into
  VerbFacts facts;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      const std::string name = option->get_name(true);
      facts.arguments.push_back(
          {PlainUsage().make_option_usage(option), option->get_description()});
      for (const std::string_view place : split(name, ' '))
        facts.places.push_back(without_brackets(place));
      continue;
    }
    OptionFacts fact{.names = {},
                     .text = option->get_description(),
                     .takes_value = option->get_items_expected_max() > 0,
                     .value = option->get_type_name()};
    for (const std::string& name : option->get_snames())
      fact.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames())
      fact.names.push_back("--" + name);
    for (const auto& [names, values] : list.choices())
      if (option->check_name(names.substr(0, names.find(',')))) fact.values = values;
    facts.options.push_back(std::move(fact));
  }
  return facts;
}

namespace {

/// The parser only says that a command is missing; a word that is none is named.
std::optional<Error> unknown_command(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining();
  if (left.empty() || !app.get_subcommands().empty()) return std::nullopt;
  if (left.front().starts_with('-'))
    return Error{Fault::BadInput,
                 fmt::format("there is no option '{}' before a command", left.front()),
                 "`tmux-orch --help` lists them"};
  std::vector<std::string> names;
  for (const Verb* verb : verbs())
    names.emplace_back(verb->name);
  const std::string near = nearest(left.front(), names);
  return Error{Fault::BadInput, fmt::format("there is no command '{}'", left.front()),
               near.empty() ? "`tmux-orch --help` lists them"
                            : fmt::format("did you mean `tmux-orch {}`?", near)};
}

}  // namespace

std::variant<Call, int> parse_command_line(int argc, char** argv) {
  Call call;
  std::string about = fmt::format("{}\n", kDescription);
  for (const std::string_view line : split(kFirstExamples, '\n'))
    about += fmt::format("\n  {}", line);
  CLI::App app{about, "tmux-orch"};
  app.formatter(std::make_shared<PlainUsage>());
  app.set_version_flag("--version", std::string("tmux-orch ") + kVersion);
  app.add_option("-C", call.folder, std::string(kFolderText));
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, std::function<int()>>> runs;
  for (const Verb* verb : verbs()) {
    CLI::App* sub = app.add_subcommand(std::string(verb->name), std::string(verb->summary));
    sub->footer(fmt::format("Example:\n  {}", verb->example));
    sub->group(std::string(verb->group));
    OptionList options(*sub);
    runs.emplace_back(sub, verb->begin(options));
  }
  try {
    std::vector<std::string> words = marked(argc, argv);
    std::vector<char*> pointers;
    for (std::string& word : words)
      pointers.push_back(word.data());
    app.parse(argc, pointers.data());
  } catch (const CLI::ParseError& problem) {
    constexpr int kUsage = 2;
    if (const auto unknown = unknown_command(app)) return complain(*unknown);
    // It repeats the words of the command line, so it speaks by way of us.
    std::ostringstream help;
    std::ostringstream complaint;
    const bool wrong = app.exit(problem, help, complaint) != 0;
    print(help.str());
    print_error(complaint.str());
    return wrong ? kUsage : 0;
  }
  for (auto& [verb, run] : runs) {
    if (verb->parsed()) call.run = std::move(run);
  }
  return call;
}

}  // namespace orch::cli
