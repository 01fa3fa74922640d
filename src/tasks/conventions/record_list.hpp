#pragma once
// The tasks of a file that holds them as records: ids, dependencies and order between them.
#include "tasks/conventions/record_task.hpp"
#include "tasks/text/text_id.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orch::tasks {

/// What a number as a priority means.
enum class RankRule : std::uint8_t {
  Levels,  ///< 0 to 4; where a list goes beyond 5 and names no dependencies, it is the order
  Order,   ///< one after the other, 1 first; without any and without dependencies as they stand
};

/// Records are added in the order of the text.
class RecordList {
 public:
  RecordList(std::string_view text, RecordRules rules) : text_(text), rules_(rules) {}

  /// A map; its subtasks are tasks of their own if they can be ticked. `group` is an index, or -1.
  void add(const DataValue& map, int group = -1);

  bool is_empty() const { return tasks_.empty(); }

  /// What was added, with unique ids. A dependency that is not in the file is left to the plan.
  Reading take(RankRule rule);

  std::vector<Group> groups;
  ProblemList problems;
  /// A parent that is not in the file may be in another: a folder has one task in each.
  bool keep_parents = false;

 private:
  void add(const DataValue& map, int group, const std::string& parent);
  void add_children(const DataValue& list, int group, std::size_t parent);
  void settle_ids();
  void resolve();
  int find(std::string_view wanted, const RecordTask& from) const;
  void settle_ranks(RankRule rule);
  void order_by_rank(const char* why);

  std::string_view text_;
  RecordRules rules_;
  std::vector<RecordTask> tasks_;
  TextIds text_ids_;
  std::unordered_map<std::string, std::vector<int>> places_;  // by id in small letters
};

}  // namespace orch::tasks
