#pragma once
// What the attempts before have left, for an agent that begins a new conversation.
#include <cstddef>
#include <string>
#include <vector>

namespace orch {

/// Subjects, words and output are an agent's: untrusted text.
struct EarlierWork {
  std::size_t commits = 0;            ///< on the task's branch
  std::vector<std::string> subjects;  ///< of the last ones, the newest first
  std::size_t files = 0;              ///< that these commits change
  std::size_t uncommitted = 0;        ///< files that are changed in the worktree besides
  std::string last_note;              ///< what an agent of the task reported last
  std::string rescue;                 ///< the ref that what was left is kept as
  std::vector<std::string> output;    ///< the last lines of the tests that it failed
};

/// As a part of a prompt: a few lines, in which what agents wrote is set off by "> ". Empty: there
/// is nothing to say.
std::string text_of(const EarlierWork& work);

}  // namespace orch
