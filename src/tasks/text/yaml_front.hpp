#pragma once
// The YAML between two `---` lines at the top of a Markdown file.
#include "tasks/text/yaml.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct FrontMatter {
  bool is_there = false;
  std::vector<DataField> fields;  ///< the letters of their keys made small, `-` as `_`
  std::string comment;            ///< the first line, if it is `# words`; without the sign
  std::size_t body_offset = 0;    ///< of the line after the closing `---`
  int body_line = 1;              ///< number of that line
  std::vector<Problem> problems;

  const DataValue* find(std::string_view key) const;

  bool has(std::string_view key) const { return find(key) != nullptr; }

  /// The text of a field; empty if it is not there, or no text.
  std::string_view text_of(std::string_view key) const;
};

/// A byte order mark may stand before the first `---`. At most a megabyte is looked at.
FrontMatter front_matter_of(std::string_view text);

/// A whole file of YAML, as if it stood in a front matter; of at most a megabyte.
FrontMatter fields_of_yaml(std::string_view text);

}  // namespace orch::tasks
