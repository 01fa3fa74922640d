#pragma once
// Names that must not be mixed up: strong strings.
#include <compare>
#include <string>

namespace orch {

/// A task's name as its file writes it, or one made from its text. Any UTF-8: it is data, and
/// becomes part of a branch or folder name only through slug().
struct TaskId {
  std::string value;
  auto operator<=>(const TaskId&) const = default;
};

/// A full hexadecimal git object id; empty means none.
struct CommitId {
  std::string value;
  auto operator<=>(const CommitId&) const = default;

  bool empty() const { return value.empty(); }
};

}  // namespace orch
