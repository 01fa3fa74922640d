#pragma once
// One task from one record: a map of JSON or YAML, whose fields go by their usual names.
#include "tasks/conventions/record_fields.hpp"
#include "tasks/model/item.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/data_value.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// The words a convention writes into `status`.
struct StatusValues {
  std::string_view done;
  std::string_view open;
};

struct RecordRules {
  StatusValues words{"done", "todo"};
  bool all_prose = true;  ///< fields without a meaning of their own are part of the text
  bool children = true;   ///< records within it may be tasks of their own
  bool quotes = false;    ///< a value in place of `null` is written in quotes: JSON
};

struct RecordTask {
  Item item;
  std::vector<std::string> blocks;  ///< ids of those that wait for it
  std::optional<int> rank;          ///< a priority that is a number
  int rank_line = 0;
  bool by_status = false;               ///< it is a status that is ticked
  const DataValue* children = nullptr;  ///< a list
};

/// `text` is that of the file. Ids are not made up, and nothing is resolved: the caller does that.
RecordTask record_task(std::span<const DataField> fields, std::string_view text,
                       const RecordRules& rules, ProblemList& problems);

/// The ids of those that wait for this one: `blocking: [..]`.
std::vector<std::string> ids_that_wait(std::span<const DataField> fields);
/// `depends_on: [..]`
std::vector<std::string> ids_waited_for(std::span<const DataField> fields);

/// A number becomes the priority of its level; the caller may have taken it for an order instead.
void take_level(RecordTask& task, ProblemList& problems);

/// Texts as they are, lists as bullets, maps as `name: value`.
std::string prose_of(const DataValue& value);

/// Where one task of the file is done, its word is what the others are ticked with.
void use_own_words(std::span<RecordTask> tasks);

}  // namespace orch::tasks
