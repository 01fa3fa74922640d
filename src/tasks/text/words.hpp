#pragma once
// Words people use for the same thing in many files and languages: names of fields, priorities,
// states, and headings that hold no tasks. All functions take text as written.
#include "tasks/model/item.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch::tasks {

/// Small letters of every script; emphasis and signs at both ends are taken off.
std::string folded(std::string_view text);

/// Full-width commas, colons, brackets and spaces as ASCII.
std::string ascii_signs(std::string_view text);

/// Pictures, ticks, stars and other signs in front of the first word are taken off.
std::string_view without_signs(std::string_view text);

enum class FieldKind : std::uint8_t {
  None,
  Depends,
  Blocks,        ///< the inverse of Depends
  Consumes,      ///< what it needs from others: "`parse()` (Task 1)"
  OrderedAfter,  ///< an order that the work itself does not ask for
  Files,
  Creates,
  Modifies,
  Priority,
  Status,
  Owner,
  Agent,
  Parallel,
  Conflicts,
  Tags,
  Id,
  Title,
  Timeout,
  Effort,  ///< estimates and dates: of no use, but they make a heading a task
};

struct FieldText {
  FieldKind kind = FieldKind::None;
  std::string_view name;   ///< empty: the line does not look like a field
  std::string_view value;  ///< without emphasis around it
};

FieldKind field_kind(std::string_view name);

/// `**Name:** value`, `- Name: value`, `_Name: value_`, `Name：value`, `| Name | value |`.
FieldText field_text(std::string_view line);

/// "P1 (high)", "Alta", "2", "critical".
std::optional<Priority> priority_of(std::string_view value);

/// "✅ done", "in progress", "60% complete", "[x]".
std::optional<Standing> standing_of(std::string_view value);

/// Of a heading: "(Priority: P1)", "(P2)", "High priority", "Urgent".
std::optional<Priority> priority_of_section(std::string_view title);

/// Of a heading: "Done", "Deferred", "Blocked", "do not start". Open: it says nothing.
Standing standing_of_section(std::string_view title);

/// "Acceptance criteria", "Definition of done", "Legend": boxes below are no tasks.
bool is_criteria(std::string_view title);

/// "Verification", "Release checklist": boxes without ids below are no tasks if the others have
/// ids.
bool is_check(std::string_view title);

/// "Deployment checklist", "Success metrics", "Verification": boxes below are checks where the file
/// has other boxes, which are the work.
bool is_weak_check(std::string_view title);

/// "Done", "in progress", "means open" and nothing else: two such boxes are a legend.
bool is_state_name(std::string_view words);

/// "(human)", "[manual]" as a label of its own, or "Manual verification" as what the words begin
/// with: the work is for a person. A word in a sentence never says so.
bool is_for_person(std::string_view words);

/// "user", "human", "me": who a field names is a person, and no kind of agent.
bool is_person(std::string_view name);

/// "none", "-", "n/a" and the like.
bool says_nothing(std::string_view value);

/// Does the heading name a stretch of the plan (phase, milestone, week) and no task?
bool is_phase(std::string_view title);

}  // namespace orch::tasks
