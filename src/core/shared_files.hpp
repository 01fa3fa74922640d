#pragma once
// Which undone tasks name the same files, found without comparing every name with every other.
#include "orch/core/task.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

struct FileUse {
  int task = 0;  ///< its place in the list
  bool creates = false;
};

/// Names are numbered in the order of their first use; `./` and a final slash are dropped.
struct SharedFiles {
  std::vector<std::string> names;
  std::vector<std::vector<FileUse>> uses;     ///< by name, in file order
  std::vector<std::pair<int, int>> meetings;  ///< different names that meet: folders and patterns
  bool complete = true;                       ///< false: too many patterns to compare them all
};

SharedFiles share_files(const std::vector<TaskSpec>& tasks);

/// Two tasks by their places in the list, and the number of the file's name.
struct FilePair {
  int first = 0;
  int second = 0;
  int name = 0;

  auto operator<=>(const FilePair&) const = default;
};

/// Pairs are quadratic by nature, so there is a limit to them.
struct FilePairs {
  std::vector<FilePair> pairs;
  std::vector<int> crowded;  ///< names of so many tasks that each is paired with the next 16 only
  bool complete = true;      ///< false: the limit of 200,000 was reached
};

/// The first touches a file that the second creates, and does not create that very file itself.
FilePairs users_and_creators(const SharedFiles& shared);

/// Tasks that name the same file, each pair and name once, sorted, the earlier task first. Of two
/// names that meet, the longer one: it says more.
FilePairs sharers(const SharedFiles& shared);

/// The paths above `path`, nearest first, at most 64 of them: a/b/c gives a/b and a.
std::vector<std::string> folders_above(std::string_view path);

}  // namespace orch
