#pragma once
// Whether a file that an agent has written is its business: in its worktree, and one that its task
// names. By the paths alone: where links lead is not looked at.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// Where somebody else is at work.
struct OthersPlace {
  std::string folder;
  std::string whose;  ///< "the worktree of T2"
};

/// Where an agent works, all as absolute paths.
struct WritePlace {
  std::string worktree;
  std::string repository;                  ///< no place for scratch files, wherever it lies
  std::vector<std::string> own;            ///< what its program and we have for it
  std::vector<std::string> temporary;      ///< where anybody may write
  std::vector<OthersPlace> others{};       ///< of several that it lies in, the innermost counts
  std::vector<std::string> named_files{};  ///< of its task, from its worktree; empty: it names none
};

enum class WriteKind : std::uint8_t {
  Fine,
  Unnamed,  ///< in its worktree, and its task names other files
  Outside,
  Others,  ///< where somebody else is at work
};

struct WriteJudgement {
  WriteKind kind = WriteKind::Fine;
  std::string whose{};  ///< Others: the place

  bool operator==(const WriteJudgement&) const = default;
};

/// Of a path as its tool was given it: absolute, or from the worktree.
WriteJudgement judge_written(const WritePlace& place, std::string_view path);

}  // namespace orch
