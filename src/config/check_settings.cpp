// Tests, gates and protected files.
#include "config/check_settings.hpp"

#include "config/table_list.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kMostChecks = 100;
constexpr std::size_t kMostReviews = 10;
constexpr std::size_t kMostPatterns = 1000;
constexpr std::size_t kLongestPattern = 500;
constexpr std::size_t kLongestName = 40;
constexpr Span kShortest{1};

bool is_path_pattern(const std::string& pattern) {
  const bool is_exception = pattern.starts_with('!');
  return !pattern.empty() && pattern != "/" && !is_exception && pattern.size() <= kLongestPattern;
}

std::optional<std::vector<std::string>> patterns(const SettingReader& in) {
  const std::size_t before = in.findings().problems.size();
  std::vector<std::string> given;
  in.texts(given);
  if (in.findings().problems.size() > before) return std::nullopt;
  const bool good = given.size() <= kMostPatterns && std::ranges::all_of(given, is_path_pattern);
  if (good) return given;
  in.wrong(fmt::format("'{}' must be a list of patterns for paths", in.path()),
           R"(for example ["apps/api/", "*.sql", "docs/**/*.md"]; there is no "!")");
  return std::nullopt;
}

void read_files(const SettingReader& in, WorkFilter& when) {
  if (auto given = patterns(in)) when.files = std::move(*given);
}

void read_name(const SettingReader& in, std::string& target) {
  const std::optional<std::string> name = in.any_text();
  if (!name) return;
  const auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const bool good =
      !name->empty() && name->size() <= kLongestName && std::ranges::all_of(*name, is_good);
  if (good) {
    target = *name;
  } else {
    in.wrong(fmt::format("it cannot be called \"{}\"", one_line(*name, 40)),
             "letters, digits, `-`, `_` and `.`, at most 40");
  }
}

constexpr auto kGateSettings = std::to_array<Setting<TestCommand>>({
    {"name", "text", "required", "What it is called where it blocks something.",
     [](const SettingReader& in, TestCommand& to) { read_name(in, to.name); }},
    {"command", "command", "required", "The program. It lets the work pass with status 0.",
     [](const SettingReader& in, TestCommand& to) { in.command(to.command); }},
    {"cwd", "path", "\"\"", "The folder it runs in, from the repository's root.",
     [](const SettingReader& in, TestCommand& to) { in.inner_path(to.cwd); }},
    {"env", "table of texts", "{}", "Variables added to its environment.",
     [](const SettingReader& in, TestCommand& to) { in.variables(to.env); }},
    {"timeout", "time", "\"15m\"", "How long it may take.",
     [](const SettingReader& in, TestCommand& to) { in.span(to.timeout, kShortest); }},
    {"junit", "path", "\"\"",
     "Where it writes its results as JUnit XML, from the root: a file, or a folder of them.",
     [](const SettingReader& in, TestCommand& to) { in.inner_path(to.junit); }},
    {"when.files", "list of texts", "[]",
     "Only for work that changes a file of these patterns, written as in `.gitignore`.",
     [](const SettingReader& in, TestCommand& to) { read_files(in, to.when); }},
    {"when.tags", "list of texts", "[]", "Only for tasks with one of these tags.",
     [](const SettingReader& in, TestCommand& to) { in.texts(to.when.tags); }},
    {"when.agents", "list of texts", "[]", "Only for the work of agents of these kinds.",
     [](const SettingReader& in, TestCommand& to) { in.texts(to.when.agents); }},
});

constexpr auto kTestSettings = std::to_array<Setting<TestCommand>>({
    {"command", "command", "required", "The test. It passes when it ends with status 0.",
     [](const SettingReader& in, TestCommand& to) { in.command(to.command); }},
    kGateSettings[2],
    kGateSettings[3],
    kGateSettings[4],
    kGateSettings[5],
    kGateSettings[6],
    kGateSettings[7],
    kGateSettings[8],
});

constexpr auto kGeneratedSettings = std::to_array<Setting<GeneratedFiles>>({
    {"files", "list of texts", "required", "Patterns of the files, written as in `.gitignore`.",
     [](const SettingReader& in, GeneratedFiles& to) {
       if (auto given = patterns(in)) to.files = std::move(*given);
     }},
    {"command", "command", "required", "What makes them of the other files.",
     [](const SettingReader& in, GeneratedFiles& to) { in.command(to.command); }},
    {"cwd", "path", "\"\"", "The folder it runs in, from the repository's root.",
     [](const SettingReader& in, GeneratedFiles& to) { in.inner_path(to.cwd); }},
    {"timeout", "time", "\"15m\"", "How long it may take.",
     [](const SettingReader& in, GeneratedFiles& to) { in.span(to.timeout, kShortest); }},
});

void read_unanswered(const SettingReader& in, Review& to) {
  const std::optional<std::string> word = in.any_text();
  if (!word) return;
  if (*word != "block" && *word != "warn")
    return in.wrong(fmt::format("'{}' cannot be \"{}\"", in.path(), one_line(*word, 40)),
                    "it can be block or warn");
  to.needed = *word == "block";
}

constexpr auto kReviewSettings = std::to_array<Setting<Review>>({
    {"name", "text", "required", "What it is called where it blocks something.",
     [](const SettingReader& in, Review& to) { read_name(in, to.name); }},
    {"agent", "text", "required", "The kind of agent that looks at the work.",
     [](const SettingReader& in, Review& to) { in.text(to.agent); }},
    {"prompt", "text", "\"\"", "What it is to look for. Empty: the usual faults.",
     [](const SettingReader& in, Review& to) { in.text(to.prompt); }},
    {"timeout", "time", "\"10m\"", "How long it may take.",
     [](const SettingReader& in, Review& to) { in.span(to.timeout, kShortest); }},
    {"unanswered", "`block` or `warn`", "\"block\"",
     "Where it gives no verdict: you decide, or the work lands and you are told.", read_unanswered},
    {"when.files", "list of texts", "[]",
     "Only for work that changes a file of these patterns, written as in `.gitignore`.",
     [](const SettingReader& in, Review& to) { read_files(in, to.when); }},
    {"when.tags", "list of texts", "[]", "Only for tasks with one of these tags.",
     [](const SettingReader& in, Review& to) { in.texts(to.when.tags); }},
    {"when.agents", "list of texts", "[]", "Only for the work of agents of these kinds.",
     [](const SettingReader& in, Review& to) { in.texts(to.when.agents); }},
});

/// Adds the rows of a repository's file to those there are, and replaces them by any other's.
template <class Row>
void read_named(const SettingReader& reader, const TableList<Row>& shape,
                std::vector<Row>& target) {
  std::vector<Row> all;
  if (reader.only_narrows()) all = target;
  std::vector<std::string> names;
  for (const Row& row : all)
    names.push_back(row.name);
  const auto look = [&names](const Row& row, const SettingReader& item, const TomlValue::Table&) {
    if (std::ranges::find(names, row.name) != names.end())
      item.wrong(fmt::format("two entries of '{}' are called \"{}\"", item.path(), row.name));
    names.push_back(row.name);
  };
  auto rows = read_table_list(reader, shape, look);
  if (!rows) return;
  all.insert(all.end(), rows->begin(), rows->end());
  target = std::move(all);
}

}  // namespace

std::span<const Setting<TestCommand>> test_settings() {
  return kTestSettings;
}

std::span<const Setting<TestCommand>> gate_settings() {
  return kGateSettings;
}

void read_tests(const SettingReader& reader, std::vector<TestCommand>& target) {
  const TableList<TestCommand> shape{kTestSettings, kMostChecks, "write [[merge.test]]"};
  const auto nothing = [](const TestCommand&, const SettingReader&, const TomlValue::Table&) {};
  auto tests = read_table_list(reader, shape, nothing);
  if (tests) target = std::move(*tests);
}

void read_gates(const SettingReader& reader, std::vector<TestCommand>& target) {
  read_named<TestCommand>(reader, {kGateSettings, kMostChecks, "write [[gate]]"}, target);
}

std::span<const Setting<GeneratedFiles>> generated_settings() {
  return kGeneratedSettings;
}

void read_generated(const SettingReader& reader, std::vector<GeneratedFiles>& target) {
  const TableList<GeneratedFiles> shape{kGeneratedSettings, kMostChecks,
                                        "write [[merge.generated]]"};
  const auto nothing = [](const GeneratedFiles&, const SettingReader&, const TomlValue::Table&) {};
  auto rows = read_table_list(reader, shape, nothing);
  if (rows) target = std::move(*rows);
}

std::span<const Setting<Review>> review_settings() {
  return kReviewSettings;
}

void read_reviews(const SettingReader& reader, std::vector<Review>& target) {
  read_named<Review>(reader, {kReviewSettings, kMostReviews, "write [[review]]"}, target);
}

std::vector<std::string> usual_protected() {
  std::vector<std::string> patterns;
  std::string_view rest = kUsualProtected;
  for (std::size_t open = rest.find('"'); open != std::string_view::npos; open = rest.find('"')) {
    rest.remove_prefix(open + 1);
    patterns.emplace_back(rest.substr(0, rest.find('"')));
    rest.remove_prefix(patterns.back().size() + 1);
  }
  return patterns;
}

void read_protected(const SettingReader& reader, std::vector<std::string>& target) {
  auto given = patterns(reader);
  if (!given) return;
  if (!reader.only_narrows()) target.clear();
  for (std::string& pattern : *given) {
    const bool known = std::ranges::find(target, pattern) != target.end();
    if (!known) target.push_back(std::move(pattern));
  }
}

}  // namespace orch
