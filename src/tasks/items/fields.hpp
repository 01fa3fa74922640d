#pragma once
// Values of fields in our own form, where a value is a list and nothing else: no prose is guessed
// at.
//
//   Depends, Ordered after       ids, separated by commas, "and", or white space
//   Files        paths, each with `create`/`modify` before or after it: `src/a.c (create)`
//   Create(s), Modify/Modifies   paths that are all created, or not
//   Tags         words, separated by commas
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// Is the line (without indentation) a field with a known name?
bool is_field(std::string_view line);

/// The field that `name` is one slip away from: "Depends" for "Depend". Empty: none.
std::string_view field_meant_by(std::string_view name);

/// `T1, T2 and T3`, `#T1 T2`, `T1 (both)`. Words that cannot be ids stay together: "the schema".
std::vector<std::string> listed_ids(std::string_view value);

struct ListedFile {
  std::string path;
  bool created = false;
};

/// `src/a.c (create)`, `modify src/b.c`, `src/y.c:10-20`, `src/{m,n}.c`.
std::vector<ListedFile> listed_files(std::string_view value);

/// `#a, b`.
std::vector<std::string> listed_words(std::string_view value);

/// Without emphasis, code ticks, brackets, a leading # and a final dot around it; empty for "none".
std::string_view plain_word(std::string_view value);

}  // namespace orch::tasks
