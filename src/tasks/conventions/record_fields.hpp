#pragma once
// What the field of a record (JSON, YAML) means, by its name.
#include <cstdint>
#include <string>
#include <string_view>

namespace orch::tasks {

enum class RecordField : std::uint8_t {
  None,  ///< a text for the agent, if it is one
  Id,
  Title,
  Status,
  Flag,  ///< `passes`, `done`: yes or no
  Depends,
  Blocks,  ///< the inverse of Depends
  Conflicts,
  Parallel,
  Priority,
  Parent,
  Tags,
  Files,
  Creates,
  Agent,
  Human,
  Prose,     ///< a text for the agent that also stands in for a missing title
  Children,  ///< tasks of its own
  Ignored,   ///< dates and the like
};

struct RecordMeaning {
  RecordField field = RecordField::None;
  int rank = 0;  ///< of two names for one thing the lower one wins
};

/// "dependsOn", "depends_on" and "depends-on" are one name; so are those of other languages, with
/// and without accents.
RecordMeaning record_field(std::string_view key);

/// "acceptanceCriteria" and "acceptance_criteria" -> "Acceptance criteria".
std::string heading_of_key(std::string_view key);

}  // namespace orch::tasks
