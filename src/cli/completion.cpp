// By the table of verbs, and the run of the folder.
#include "cli/completion.hpp"

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace orch::cli {
namespace {

using Words = std::vector<std::string>;

/// Of others a shell would make something else.
bool is_plain(std::string_view word) {
  return std::ranges::all_of(word, [](unsigned char sign) {
    return std::isalnum(sign) != 0 ||
           std::string_view("._-+@/").find(static_cast<char>(sign)) != std::string_view::npos;
  });
}

Words that_begin(Words words, std::string_view begin) {
  std::erase_if(words, [begin](const std::string& word) {
    return !word.starts_with(begin) || !is_plain(word);
  });
  return words;
}

Words names_of_verbs() {
  Words names;
  for (const Verb* verb : verbs())
    if (verb->group != kHidden) names.emplace_back(verb->name);
  return names;
}

Words tasks_here() {
  Words ids;
  if (const Result<RunHandle> handle = open_run())
    for (const TaskRecord& task : handle->run.state.tasks)
      ids.push_back(task.id().value);
  return ids;
}

Words kinds_here() {
  Words kinds;
  if (const Result<RunHandle> handle = open_run())
    for (const auto& [kind, rules] : handle->run.state.run.rules.agents)
      kinds.push_back(kind);
  return kinds;
}

/// What may stand in this place, by what the help calls it there.
Words in_place_of(std::string_view name) {
  if (name == "TASK") return tasks_here();
  if (name == "KIND") return kinds_here();
  if (name == "SHELL") return {"bash", "zsh", "fish"};
  if (name != "TO") return {};
  Words all = tasks_here();
  all.insert(all.end(), {"all", "user", "coordinator"});
  return all;
}

const OptionFacts* find_option(const VerbFacts& facts, std::string_view name) {
  const auto found = std::ranges::find_if(facts.options, [name](const OptionFacts& option) {
    return std::ranges::find(option.names, name) != option.names.end();
  });
  return found == facts.options.end() ? nullptr : &*found;
}

Words option_names(const VerbFacts& facts) {
  Words names;
  for (const OptionFacts& option : facts.options)
    for (const std::string& name : option.names)
      if (name.starts_with("--")) names.push_back(name);
  return names;
}

Words after_verb(const Verb& verb, std::span<const std::string> words) {
  const VerbFacts facts = facts_of(verb);
  std::size_t place = 0;
  const OptionFacts* takes = nullptr;
  for (const std::string& word : words.first(words.size() - 1)) {
    const OptionFacts* option = takes == nullptr ? find_option(facts, word) : nullptr;
    if (takes == nullptr && option == nullptr) ++place;
    takes = option != nullptr && option->takes_value ? option : nullptr;
  }
  if (takes != nullptr) {
    const bool is_kind =
        takes->names.front() == "--agent" || takes->names.front() == "--coordinator";
    return is_kind ? kinds_here() : takes->values;
  }
  if (words.back().starts_with('-')) return option_names(facts);
  return place < facts.places.size() ? in_place_of(facts.places[place]) : Words();
}

}  // namespace

Words completions(const Words& words) {
  std::span<const std::string> left(words);
  while (left.size() > 2 && left.front() == "-C") {
    std::error_code error;
    std::filesystem::current_path(left[1], error);
    left = left.subspan(2);
  }
  if (left.empty()) return names_of_verbs();
  if (left.size() == 1) {
    Words all = left.front().starts_with('-') ? Words{"--help", "--version"} : names_of_verbs();
    return that_begin(std::move(all), left.front());
  }
  const auto verb = std::ranges::find(verbs(), left.front(), &Verb::name);
  if (verb == verbs().end()) return {};
  return that_begin(after_verb(**verb, left.subspan(1)), left.back());
}

bool is_completion_call(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == "complete";
}

int print_completions(int argc, char** argv) {
  for (const std::string& word : completions(Words(argv + 2, argv + argc)))
    print(word + '\n');
  return status::kOk;
}

}  // namespace orch::cli
