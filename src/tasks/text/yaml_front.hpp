#pragma once
// The YAML between two `---` lines at the top of a Markdown file, as far as people write it by
// hand: scalars (plain, quoted, `|` and `>`), lists in brackets or in lines with dashes, comments.
// What is beyond that (anchors, aliases, merge keys, tags) is an error with its line, never a
// guess; a nested mapping is kept as something that no task field can be.
#include "orch/core/task.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct YamlScalar {
  std::string text;  ///< `null` and `~` are empty; numbers are kept as they are written: 001
  int line = 0;
  std::size_t offset = 0;  ///< in the text of the file, inside the quotes if there are any
  std::size_t length = 0;
  bool on_one_line = true;  ///< only such a value may be replaced
};

struct YamlField {
  enum class Kind : std::uint8_t {
    Scalar,
    List,
    Other,    ///< a mapping
    Refused,  ///< not read: a problem says why
  };

  std::string key;  ///< ASCII letters made small, `-` as `_`
  int line = 0;
  Kind kind = Kind::Scalar;
  std::vector<YamlScalar> values;  ///< exactly one for a scalar

  /// Of a scalar; else empty.
  std::string_view text() const;
};

struct FrontMatter {
  bool is_there = false;
  std::vector<YamlField> fields;
  std::size_t body_offset = 0;  ///< of the line after the closing `---`
  int body_line = 1;            ///< number of that line
  std::vector<Problem> problems;

  const YamlField* find(std::string_view key) const;

  bool has(std::string_view key) const { return find(key) != nullptr; }
};

/// A byte order mark may stand before the first `---`. At most a megabyte is looked at.
FrontMatter front_matter_of(std::string_view text);

}  // namespace orch::tasks
