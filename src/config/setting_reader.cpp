// Reads the value of one setting: checks it and stores it, or says what is wrong with it.
#include "config/setting_reader.hpp"

#include "config/narrowing.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

namespace orch {

namespace {

constexpr std::string_view kUserFile =
    "your own file, ~/.config/tmux-orch/config.toml (see docs/configuration.md)";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (const std::string_view bare = trim(word); !bare.empty()) words.emplace_back(bare);
  }
  return words;
}

}  // namespace

void Findings::add(const Origin& origin, std::string message, std::string hint) {
  problems.push_back({origin.source,
                      {Severity::Error, origin.place.line, origin.place.column, std::move(message),
                       std::move(hint)}});
}

std::string choices_text(const std::vector<std::string>& names) {
  if (names.size() < 2) return join(names, "");
  const std::vector<std::string> first(names.begin(), names.end() - 1);
  return fmt::format("{} or {}", join(first, ", "), names.back());
}

void SettingReader::wrong(std::string message, std::string hint) const {
  findings_.add({findings_.source, value_.place}, std::move(message), std::move(hint));
}

void SettingReader::not_yours() const {
  wrong(fmt::format("'{}' gives rights, and a repository's file cannot", path_),
        fmt::format("take it out here, and if you want it, put it into {}", kUserFile));
}

void SettingReader::wrong_kind(std::string_view wanted, std::string hint) const {
  wrong(fmt::format("'{}' must be {}, not {}", path_, wanted, describe(value_)), std::move(hint));
}

void SettingReader::wrong_choice(const std::string& word,
                                 const std::vector<std::string>& names) const {
  wrong(fmt::format("'{}' cannot be \"{}\"", path_, one_line(word, 40)),
        "it can be " + choices_text(names));
}

std::optional<std::string> SettingReader::any_text() const {
  const std::string* text = value_.raw ? &*value_.raw : std::get_if<std::string>(&value_.content);
  if (text == nullptr) {
    wrong_kind("text");
    return std::nullopt;
  }
  if (text->find('\0') != std::string::npos) {
    wrong(fmt::format("'{}' has a zero byte in it", path_));
    return std::nullopt;
  }
  return *text;
}

void SettingReader::text(std::string& target) const {
  if (std::optional<std::string> given = any_text()) target = std::move(*given);
}

std::optional<std::int64_t> SettingReader::any_number(std::int64_t least, std::int64_t most) const {
  const auto* number = std::get_if<std::int64_t>(&value_.content);
  if (number == nullptr) {
    wrong_kind("a number");
    return std::nullopt;
  }
  if (*number < least || *number > most) {
    wrong(fmt::format("'{}' must be from {} to {}, not {}", path_, least, most, *number));
    return std::nullopt;
  }
  return *number;
}

void SettingReader::number(int& target, int least, int most) const {
  if (const auto number = any_number(least, most)) target = static_cast<int>(*number);
}

void SettingReader::number(std::int64_t& target, std::int64_t least, std::int64_t most) const {
  if (const auto number = any_number(least, most)) target = *number;
}

void SettingReader::number(double& target, double least, double most) const {
  const auto* whole = std::get_if<std::int64_t>(&value_.content);
  const auto* fraction = std::get_if<double>(&value_.content);
  if (whole == nullptr && fraction == nullptr) return wrong_kind("a number");
  const double number = whole != nullptr ? static_cast<double>(*whole) : *fraction;
  // Written so that what is not a number is refused.
  if (!(number >= least && number <= most))
    return wrong(fmt::format("'{}' must be from {} to {}, not {}", path_, least, most, number));
  target = number;
}

void SettingReader::flag(bool& target) const {
  const bool* given = std::get_if<bool>(&value_.content);
  if (given == nullptr) return wrong_kind("true or false");
  target = *given;
}

void SettingReader::right(bool& target, bool widest) const {
  const bool* given = std::get_if<bool>(&value_.content);
  if (only_narrows_ && given != nullptr && *given == widest) return not_yours();
  flag(target);
}

void SettingReader::allowed(std::vector<std::string>& target) const {
  std::vector<std::string> given;
  texts(given);
  if (!only_narrows_) {
    target = std::move(given);
    return;
  }
  const auto* list = std::get_if<TomlValue::List>(&value_.content);
  std::vector<std::string> both;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (allows(target, given[i])) {
      both.push_back(given[i]);
      continue;
    }
    const Place place = list != nullptr && i < list->size() ? (*list)[i].place : value_.place;
    findings_.add({findings_.source, place},
                  fmt::format("'{}': \"{}\" is left out: this file can only narrow what the agent "
                              "may run",
                              path_, one_line(given[i], 60)),
                  fmt::format("to allow it, put it into {}", kUserFile));
    findings_.problems.back().problem.severity = Severity::Warning;
  }
  target = std::move(both);
}

std::optional<Span> SettingReader::span_of(const std::string& text, Span least) const {
  const Result<Span> given = parse_span(text);
  if (!given) {
    wrong(fmt::format("'{}': {}", path_, given.error().what), given.error().hint);
    return std::nullopt;
  }
  if (*given >= least) return *given;
  wrong(
      fmt::format("'{}' must be at least {}, not {}", path_, span_text(least), span_text(*given)));
  return std::nullopt;
}

void SettingReader::span(Span& target, Span least) const {
  const bool is_number = std::holds_alternative<std::int64_t>(value_.content);
  if (is_number) return wrong_kind("a length of time", "add a unit: \"30s\", \"10m\", \"1h30m\"");
  const std::optional<std::string> text = any_text();
  if (!text) return;
  if (const std::optional<Span> given = span_of(*text, least)) target = *given;
}

void SettingReader::spans(std::vector<Span>& target, Span least) const {
  const auto words = any_words("a list of lengths of time");
  if (!words) return;
  std::vector<Span> all;
  for (const std::string& word : *words) {
    const std::optional<Span> given = span_of(word, least);
    if (!given) return;
    all.push_back(*given);
  }
  target = std::move(all);
}

SettingReader SettingReader::item(std::size_t index) const {
  return {fmt::format("{}[{}]", path_, index), std::get<TomlValue::List>(value_.content)[index],
          findings_};
}

std::optional<std::vector<std::string>> SettingReader::any_words(std::string_view wanted) const {
  const auto* list = std::get_if<TomlValue::List>(&value_.content);
  if (list == nullptr) {
    if (value_.raw) return words_of(*value_.raw);
    wrong_kind(wanted);
    return std::nullopt;
  }
  std::vector<std::string> words;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (std::optional<std::string> word = item(i).any_text()) words.push_back(std::move(*word));
  }
  if (words.size() != list->size()) return std::nullopt;
  return words;
}

void SettingReader::check_inside(const std::string& path) const {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  if (!path.empty() && normal.is_relative() && *normal.begin() != "..") return;
  wrong(fmt::format("'{}': \"{}\" must be a path below the repository", path_, one_line(path, 60)));
}

void SettingReader::inner_path(std::string& target) const {
  std::optional<std::string> given = any_text();
  if (!given) return;
  const std::size_t before = findings_.problems.size();
  if (!given->empty()) check_inside(*given);
  if (findings_.problems.size() == before) target = std::move(*given);
}

void SettingReader::inner_paths(std::vector<std::string>& target) const {
  auto given = any_words("a list of paths");
  if (!given) return;
  const bool is_list = std::holds_alternative<TomlValue::List>(value_.content);
  const std::size_t before = findings_.problems.size();
  for (std::size_t i = 0; i < given->size(); ++i) {
    (is_list ? item(i) : *this).check_inside((*given)[i]);
  }
  if (findings_.problems.size() == before) target = std::move(*given);
}

std::optional<std::vector<std::string>> SettingReader::split_command(
    const std::string& text) const {
  if (text.find_first_of("'\"`\\$|&;<>") != std::string::npos) {
    wrong(fmt::format("'{}': \"{}\" needs a shell, and none is used", path_, one_line(text, 60)),
          R"(write it as a list: ["program", "argument"], or ["sh", "-c", "..."])");
    return std::nullopt;
  }
  return words_of(text);
}

std::optional<std::vector<std::string>> SettingReader::any_command() const {
  const bool is_list = std::holds_alternative<TomlValue::List>(value_.content);
  if (!is_list && !value_.raw && !std::holds_alternative<std::string>(value_.content)) {
    wrong_kind("a command");
    return std::nullopt;
  }
  if (is_list) return any_words("a command");
  const std::optional<std::string> text = any_text();
  return text ? split_command(*text) : std::nullopt;
}

void SettingReader::command(std::vector<std::string>& target) const {
  auto given = any_command();
  if (!given) return;
  if (given->empty() || given->front().empty()) {
    return wrong(fmt::format("'{}' names no program", path_));
  }
  target = std::move(*given);
}

void SettingReader::command_or_none(std::vector<std::string>& target) const {
  const auto* list = std::get_if<TomlValue::List>(&value_.content);
  if (list == nullptr || !list->empty()) return command(target);
  target.clear();
}

void SettingReader::commands(std::vector<std::vector<std::string>>& target) const {
  const auto* list = std::get_if<TomlValue::List>(&value_.content);
  if (list == nullptr && !value_.raw) return wrong_kind("a list of commands");
  const std::size_t before = findings_.problems.size();
  std::vector<std::vector<std::string>> given(list == nullptr ? 1 : list->size());
  if (list == nullptr) command(given.front());
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    item(i).command(given[i]);
  }
  if (findings_.problems.size() == before) target = std::move(given);
}

void SettingReader::texts(std::vector<std::string>& target) const {
  if (auto given = any_words("a list of texts")) target = std::move(*given);
}

void SettingReader::named_texts(std::map<std::string, std::string>& target,
                                std::string (*fault)(std::string_view name)) const {
  const auto* table = std::get_if<TomlValue::Table>(&value_.content);
  if (table == nullptr) return wrong_kind("a table of texts");
  for (const TomlEntry& entry : *table) {
    const SettingReader reader(fmt::format("{}.{}", path_, one_line(entry.key)), entry.value,
                               findings_);
    if (std::string wrong_with_it = fault(entry.key); !wrong_with_it.empty()) {
      reader.wrong(std::move(wrong_with_it));
    } else if (std::optional<std::string> text = reader.any_text()) {
      target[entry.key] = std::move(*text);
    }
  }
}

void SettingReader::variables(std::map<std::string, std::string>& target) const {
  named_texts(target, [](std::string_view name) -> std::string {
    if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
      return fmt::format("'{}' is not a variable's name", one_line(name, 40));
    if (name.starts_with(kVariablePrefix))
      return fmt::format("'{}' is for tmux-orch itself to set", one_line(name, 40));
    return {};
  });
}

void SettingReader::files(std::map<std::string, std::string>& target) const {
  named_texts(target, [](std::string_view name) -> std::string {
    constexpr std::size_t kLongest = 200;
    const bool good = !name.empty() && name.size() <= kLongest && name.front() != '.' &&
                      name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
    return good ? std::string() : fmt::format("'{}' is not a file's name", one_line(name, 40));
  });
}

}  // namespace orch
