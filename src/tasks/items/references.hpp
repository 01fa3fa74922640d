#pragma once
// What a text says about the order of tasks: lists of ids, ranges, wildcards, prose, arrows.
#include "tasks/model/item.hpp"

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orch::tasks {

/// Knows the ids of a file. A view on the items: they must not move while it is used.
class References {
 public:
  explicit References(const std::vector<Item>& items);

  /// The item of that id as it is called, in any case, with or without "Task" and `#`; -1: none.
  /// For an item called "Phase 2/1", "3" is "Phase 2/3".
  int find(std::string_view id, int self = -1) const;

  /// All ids in the value of a field: `T1, T2`, `Task 3-5`, `T010–T013`, `API-*`, `All API-*
  /// tasks`. An id that the file does not have is kept if it is written like those of the file.
  std::vector<std::string> of_field(std::string_view value, int self) const;

  /// Known ids after the word "task": "`parse()` (Task 1), Tasks 2 and 3".
  std::vector<std::string> after_task(std::string_view text, int self) const;

  /// Known ids after the word "after": "when T1 is done, after Task 2".
  std::vector<std::string> after_after(std::string_view text, int self) const;

  /// Known ids that the text begins with: "Tasks 2 and 3 - ..".
  std::vector<std::string> at_start(std::string_view text) const;

  /// What follows "depends on" and the like in a sentence; empty: it says nothing of that.
  static std::string_view after_phrase(std::string_view sentence);

  /// Ids directly after "depends on", "blocked by", "requires"; known ones only.
  std::vector<std::string> of_prose(std::string_view text, int self) const;

  /// Adds edges from lines that begin with ids and say "depends on": `T032: list (depends on
  /// T029)`.
  void add_statements(std::string_view line, std::vector<Item>& items) const;

  /// Adds edges of `T1 -> T2 -> T3`, if the line is nothing but that.
  void add_arrows(std::string_view line, std::vector<Item>& items) const;

 private:
  struct Token {
    std::string_view text;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool wildcard = false;
  };

  std::vector<std::string> of_phrases(std::string_view text, int self,
                                      std::span<const std::string_view> phrases) const;
  Token next_token(std::string_view text, std::size_t from) const;
  bool add_token(const Token& token, std::string_view before, std::string_view after,
                 bool keep_unknown, int self, std::vector<std::string>& ids) const;
  bool add_range(std::string_view first, std::string_view last, int self,
                 std::vector<std::string>& ids) const;
  bool add_inner_range(std::string_view token, int self, std::vector<std::string>& ids) const;
  bool looks_like_ours(std::string_view token) const;
  bool names_other(std::string_view before, int self) const;
  std::vector<std::string> list_at(std::string_view text, int self, std::size_t* end) const;

  const std::vector<Item>& items_;
  std::unordered_map<std::string, int> places_;  // by the id in lower case
  std::unordered_map<std::string, int> prefixes_;
  mutable int wildcards_left_ = 1000;  // each looks at all items
};

/// Adds an id once.
void add_id(std::vector<std::string>& ids, std::string_view id);

}  // namespace orch::tasks
