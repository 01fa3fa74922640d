#pragma once
// Field lines below a task: `Depends: T1, T2`, `- **Files:** src/a.c (create)`, `priority: P0`.
//
// A field line is, after its task's indentation is taken off, an optional bullet, an optional `**`
// or `_`, a known name in any case, a colon, and a value:
//
//   Depends, Depends on, Depends_on, Dependencies   ids, separated by commas, "and", or white space
//   Files        paths, each with `create`/`modify` before or after it: `src/a.c (create)`
//   Create(s), Modify/Modifies                      paths that are all created, or not
//   Priority     P0 to P4, or critical, high, medium, low
//   Agent        a kind of agent
//   Tags         words, separated by commas
//   Timeout      "30m"
//
// A list (ids, paths, tags) may also stand in bullets below its name. "none" and "-" mean nothing.
#include "tasks/model/item.hpp"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace orch::tasks {

/// Takes the field lines out of one task's text, line by line.
class FieldReader {
 public:
  FieldReader(Item& task, std::vector<Problem>& problems) : task_(task), problems_(problems) {}

  /// True if the line is a field or belongs to one, and is therefore no part of the body. `text` is
  /// the line without its task's indentation.
  bool take(std::string_view text, int line);

  /// How many fields were found.
  int count() const { return count_; }

  enum class Field { None, Depends, Files, Creates, Modifies, Priority, Agent, Tags, Timeout };

 private:
  bool continues_list(std::string_view text, int line);
  void warn_of_typo(std::string_view name, int line);
  void assign(Field field, std::string_view value, int line);
  void add_depends(std::string_view value);
  void add_files(std::string_view value, Field field);
  void add_file(std::string_view entry, Field field);
  void add_tags(std::string_view value);
  void set_priority(std::string_view value, int line);
  void set_timeout(std::string_view value, int line);

  Item& task_;
  std::vector<Problem>& problems_;
  Field open_ = Field::None;  // a list whose entries may follow in bullets
  bool open_has_entries_ = false;
  int count_ = 0;
  std::unordered_set<std::string> created_;  // what the lists have already
  std::unordered_set<std::string> files_;
  std::unordered_set<std::string> tags_;
};

/// Is the line (without indentation) a field with a known name?
bool is_field(std::string_view text);

}  // namespace orch::tasks
