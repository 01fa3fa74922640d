// The state of a run in the words that an agent can act on.
#include "ui/digest.hpp"

#include "orch/base/text.hpp"
#include "orch/core/waiting.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace orch::ui {
namespace {

constexpr std::size_t kMostTasks = 20;
constexpr std::size_t kLongestId = 60;
constexpr std::size_t kLongestWhy = 300;

bool needs_decision(const State& state, const TaskRecord& task) {
  const bool is_stuck = task.state == TaskState::Blocked || task.state == TaskState::Failed ||
                        task.state == TaskState::Aborted || task.state == TaskState::Unreachable;
  return is_stuck || agent_waits_for_user(state, task) || has_concern(state, task);
}

}  // namespace

std::string digest_text(const State& state) {
  std::string text = fmt::format("tmux-orch tells you: {}.", status_segment(state));
  const WaitingReasons reasons(state);
  std::size_t count = 0;
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts() || !needs_decision(state, task) || ++count > kMostTasks) continue;
    text += fmt::format("\n- {} {}: {}", one_line(task.id().value, kLongestId), shown_state(task),
                        one_line(sentence(reasons.shown(task), task.id()), kLongestWhy));
  }
  if (count > kMostTasks) text += fmt::format("\n- and {} more", count - kMostTasks);
  const bool is_over = std::ranges::all_of(
      state.tasks, [](const TaskRecord& task) { return !task.counts() || is_final(task.state); });
  if (is_over)
    text +=
        "\nAll tasks are over: the run ends with your turn, unless you make further tasks or have "
        "one done again.";
  else if (count == 0)
    text += "\nNothing needs a decision any more.";
  return text;
}

}  // namespace orch::ui
