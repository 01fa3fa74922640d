#pragma once
// Names for tasks that have none, made from their words.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace orch::tasks {

/// "Add retry to the uploader!" -> "add-retry-to-the-uploader": ASCII letters made small, letters
/// of other scripts kept, everything else one dash; cut after a whole word at about 25 characters.
/// A text without any letter or digit becomes "task-" and a hash of it.
std::string text_id(std::string_view title);

/// Gives each text its id, the second task of the same text "-2". It depends on the texts alone, so
/// an edit elsewhere renames nothing.
class TextIds {
 public:
  /// Room for so many, so that a large file costs no rehashing.
  void expect(std::size_t count) { last_number_.reserve(count); }

  /// No generated id will be this one.
  void reserve(std::string_view id) { last_number_.emplace(hash(id), 1); }

  std::string next(std::string_view title);

 private:
  static std::size_t hash(std::string_view id) { return std::hash<std::string_view>()(id); }

  /// By the hash of every id that is taken: two that meet cost a number, and no id is kept twice.
  std::unordered_map<std::size_t, int> last_number_;
};

}  // namespace orch::tasks
