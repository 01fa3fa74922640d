#pragma once
// Reads the value of one setting: checks it and stores it, or says what is wrong with it.
#include "config/layers.hpp"
#include "config/toml.hpp"
#include "orch/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// Where a value was written.
struct Origin {
  std::string source;
  Place place;
};

/// What reading has found so far: the mistakes, and where each setting was last written.
struct Findings {
  std::string source;            ///< of the layer being read
  bool from_repository = false;  ///< that layer may only narrow what agents may do
  std::vector<ConfigProblem> problems;
  std::map<std::string, Origin> origins;  ///< by path: "limits.stall", "agents.claude"

  void add(const Origin& origin, std::string message, std::string hint = {});
};

/// "a, b or c", for hints.
std::string choices_text(const std::vector<std::string>& names);

class SettingReader {
 public:
  /// `only_narrows`: who wrote it may take rights away, and give none.
  SettingReader(std::string path, const TomlValue& value, Findings& findings,
                bool only_narrows = false)
      : path_(std::move(path)), value_(value), findings_(findings), only_narrows_(only_narrows) {}

  const std::string& path() const { return path_; }

  const TomlValue& value() const { return value_; }

  Findings& findings() const { return findings_; }

  bool only_narrows() const { return only_narrows_; }

  /// The value if it is a text; otherwise that was said.
  std::optional<std::string> any_text() const;
  void text(std::string& target) const;
  void number(int& target, int least, int most) const;
  void number(std::int64_t& target, std::int64_t least, std::int64_t most) const;
  /// The same with fractions.
  void number(double& target, double least, double most) const;
  void flag(bool& target) const;
  void span(Span& target, Span least) const;
  void spans(std::vector<Span>& target, Span least) const;
  /// Relative paths that stay below the folder they start from.
  void inner_path(std::string& target) const;
  void inner_paths(std::vector<std::string>& target) const;
  /// A flag that gives rights when it is `widest`.
  void right(bool& target, bool widest) const;
  /// Commands that may be run; who only narrows gets of those before what it names.
  void allowed(std::vector<std::string>& target) const;
  /// A list of arguments, or a text that is split at white space.
  void command(std::vector<std::string>& target) const;
  /// As command(), and an empty list means none.
  void command_or_none(std::vector<std::string>& target) const;
  void commands(std::vector<std::vector<std::string>>& target) const;
  void texts(std::vector<std::string>& target) const;
  /// Adds to `target`, name by name. Those of tmux-orch's own are refused.
  void variables(std::map<std::string, std::string>& target) const;
  /// The same of files of one folder.
  void files(std::map<std::string, std::string>& target) const;

  template <NamedEnum Enum>
  void choice(Enum& target) const {
    const std::optional<std::string> word = any_text();
    if (!word) return;
    if (const std::optional<Enum> value = from_text<Enum>(*word)) {
      target = *value;
      return;
    }
    std::vector<std::string> names;
    for (const auto& [value, name] : EnumNames<Enum>::kTable)
      names.emplace_back(name);
    wrong_choice(*word, names);
  }

  /// Says that the value is of the wrong kind: "'workers' must be a number, not a list".
  void wrong_kind(std::string_view wanted, std::string hint = {}) const;
  void wrong(std::string message, std::string hint = {}) const;
  /// Says that this is not for a repository's file to set.
  void not_yours() const;

 private:
  std::optional<Span> span_of(const std::string& text, Span least) const;
  std::optional<std::int64_t> any_number(std::int64_t least, std::int64_t most) const;
  /// The reader of the value's n-th item, under a name that says so.
  SettingReader item(std::size_t index) const;
  std::optional<std::vector<std::string>> any_words(std::string_view wanted) const;
  std::optional<std::vector<std::string>> any_command() const;
  std::optional<std::vector<std::string>> split_command(const std::string& text) const;
  void check_inside(const std::string& path) const;
  /// `fault`: what is wrong with a name; empty: nothing.
  void named_texts(std::map<std::string, std::string>& target,
                   std::string (*fault)(std::string_view name)) const;
  void wrong_choice(const std::string& word, const std::vector<std::string>& names) const;

  std::string path_;
  const TomlValue& value_;
  Findings& findings_;
  bool only_narrows_;
};

}  // namespace orch
