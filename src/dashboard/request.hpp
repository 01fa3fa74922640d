#pragma once
// What the user can ask for about a task: as a verb of the command line, and whether it can be done
// now.
#include "orch/base/enum_names.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch::dashboard {

enum class Ask : std::uint8_t { Abort, Merge, Retry, Hold, Release, Send, Yes, No, Go, Logs, Diff };

/// The key that asks for it, and what the line of keys calls it.
struct AskKey {
  Ask ask;
  std::string_view key;
  std::string_view name;
};

/// In the order of the line of keys.
inline constexpr AskKey kAskKeys[] = {
    {Ask::Yes, "y", "yes"},     {Ask::No, "n", "no"},          {Ask::Go, "enter", "go"},
    {Ask::Logs, "l", "logs"},   {Ask::Diff, "d", "diff"},      {Ask::Send, "s", "send"},
    {Ask::Abort, "a", "abort"}, {Ask::Merge, "m", "merge"},    {Ask::Retry, "r", "retry"},
    {Ask::Hold, "h", "hold"},   {Ask::Release, "H", "release"}};

struct Request {
  Ask ask = Ask::Go;
  TaskId task;
  std::string text{};  ///< Send: what its agent is told; Yes, No: the id of the question

  bool operator==(const Request&) const = default;
};

/// Why it cannot be done now; empty: it can, as far as is known here. The supervisor has the last
/// word.
std::string why_not(const State& state, const TaskRecord& task, Ask ask);

/// The words after `tmux-orch` that carry it out. The text of a Send goes to the standard input.
std::vector<std::string> words_of(const Request& request);

}  // namespace orch::dashboard
