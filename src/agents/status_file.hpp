#pragma once
// The status file: what an agent that calls nothing says of its task, as JSON at the top of its
// worktree. Its text is hostile; what it says is no more than what the verbs of agents say.
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orch {

inline constexpr std::string_view kStatusFile = "agent-status.json";
/// The variable that tells an agent its id, which is the key of its attempt: "T3.2".
inline constexpr std::string_view kAgentIdVariable = "TMUX_ORCH_AGENT_ID";
/// A larger file is no report.
inline constexpr std::size_t kLongestStatusFile = std::size_t{64} << 10;

/// Who may report by it.
struct ReportsFor {
  TaskId task;
  int attempt = 0;
  std::string agent_id;
  /// The last text that it was sent; empty: none since its start. Before that nothing is a report,
  /// and after it the same words are another one.
  std::string last_text{};
};

/// Done, Blocked or Progress, with an id that is made of attempt, last text and content: the same
/// again is the same report. Nothing: it is at work, and does not say how far. Fault::BadInput: it
/// is no report, and why.
Result<std::optional<AgentReported>> read_status_file(std::string_view text, const ReportsFor& who);

/// "status-0123456789abcdef": the id of a report of that attempt with that content.
std::string report_id(std::string_view way, const ReportsFor& who, std::string_view content);

}  // namespace orch
