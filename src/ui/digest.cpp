// What is new in the words that an agent can act on.
#include "ui/digest.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "orch/core/coordinator_rights.hpp"
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
  return task.counts() &&
         (is_stuck || agent_waits_for_user(state, task) || has_concern(state, task));
}

/// The commands that whoever coordinates may use, with nothing said of others.
std::string ways_on(const State& state, const TaskRecord& task) {
  std::vector<std::string> ways;
  const auto add = [&](std::string_view verb, std::string_view text) {
    ways.push_back(fmt::format("`{}{}`", call_about(verb, task.id().value), text));
  };
  for (const Verb verb : verbs_of_coordinator(state, task))
    add(typed_word(verb), verb == Verb::ReleaseWith ? " 'answer'" : "");
  const AgentRun& agent = state.agent_of(task);
  const bool is_at_prompt = agent.phase == AgentPhase::Live &&
                            agent.turn.activity != Activity::Asking &&
                            task.state == TaskState::Running;
  if (is_at_prompt && agent.control == Control::Ours) add("send", " 'text'");
  return ways.empty() ? "only the user can decide" : join(ways, ", ");
}

std::string news_line(const State& state, const TaskRecord& task, const Reason& why) {
  return fmt::format("\n- {} {}: {} ({})", one_line(task.id().value, kLongestId), shown_state(task),
                     one_line(bare_sentence(why, task.id()), kLongestWhy), ways_on(state, task));
}

/// What it was told before, and has not decided yet.
std::string older_line(std::vector<std::string> older) {
  if (older.empty()) return {};
  const std::size_t more = older.size() - std::min(older.size(), kMostTasks);
  older.resize(older.size() - more);
  return fmt::format("\nStill to be decided: {}{}.", join(older, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

std::string digest_text(const State& state) {
  std::string text = fmt::format("tmux-orch tells you: {}.", status_segment(state));
  const WaitingReasons reasons(state);
  const std::vector<TaskId>& told = state.run.digest.told;
  std::vector<std::string> older;
  std::size_t news = 0;
  for (const TaskRecord& task : state.tasks) {
    if (!needs_decision(state, task)) continue;
    const bool is_new = std::ranges::find(told, task.id()) != told.end();
    if (!is_new)
      older.push_back(one_line(task.id().value, kLongestId));
    else if (++news <= kMostTasks)
      text += news_line(state, task, reasons.shown(task));
  }
  if (news > kMostTasks) text += fmt::format("\n- and {} more", news - kMostTasks);
  text += older_line(older);
  const bool is_over = std::ranges::all_of(
      state.tasks, [](const TaskRecord& task) { return !task.counts() || is_final(task.state); });
  if (is_over)
    text +=
        "\nAll tasks are over: the run ends with your turn, unless you make further tasks or have "
        "one done again.";
  else if (news == 0 && older.empty())
    text += "\nNothing needs a decision any more.";
  return text;
}

}  // namespace orch::ui
