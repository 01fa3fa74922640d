// The run, and who needs the user.
#include "dashboard/board.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::dashboard {
namespace {

std::map<TaskId, std::size_t> queue_of(const State& state) {
  std::vector<const TaskRecord*> queue;
  for (const TaskRecord& task : state.tasks)
    if (task.state == TaskState::Queued || task.state == TaskState::Landing) queue.push_back(&task);
  // What is being landed is ahead of those that wait.
  std::ranges::stable_sort(queue, [](const TaskRecord* one, const TaskRecord* other) {
    const auto key = [](const TaskRecord& task) {
      return std::pair(task.state == TaskState::Queued, task.queued_order);
    };
    return key(*one) < key(*other);
  });
  std::map<TaskId, std::size_t> places;
  for (std::size_t place = 0; place < queue.size(); ++place)
    places.emplace(queue[place]->id(), place + 1);
  return places;
}

std::string with_command(std::string text, const std::string& command) {
  return command.empty() ? text : fmt::format("{}; later: {}", text, command);
}

std::vector<std::string> notices_of(const State& state, const Sight& sight) {
  std::vector<std::string> notices;
  const RunRecord& run = state.run;
  if (!sight.dead_since.empty()) {
    notices.push_back(
        fmt::format("no supervisor is alive since {}: agents go on, `tmux-orch up`, or a key that "
                    "asks for something, goes on with the run",
                    sight.dead_since));
  }
  if (const Reason why = shown_reason(state); !why.empty()) notices.push_back(ui::sentence(why));
  if (!run.behind_why.empty()) {
    notices.push_back(with_command(
        fmt::format("{} does not follow: {}", run.rules.base, ui::sentence(run.behind_why)),
        run.behind_command));
  }
  if (!run.push_why.empty())
    notices.push_back(with_command(ui::sentence(run.push_why), run.push_command));
  if (const std::string budget = ui::budget_line(run); !budget.empty())
    notices.emplace_back(trim(budget));
  return notices;
}

/// The widest texts of three columns.
void measure(Board& board) {
  const State& state = *board.state;
  for (const TaskRecord& task : state.tasks) {
    board.id_columns = std::max(board.id_columns, display_width(one_line(task.id().value, 24)));
    UsageSum used;
    add_used(used, state.run, task);
    board.used_columns = std::max(board.used_columns, ui::usage_cell(used).size());
    if (task.worker == 0) continue;
    const std::string worker = worker_text(task, state.agent_of(task));
    board.worker_columns = std::max(board.worker_columns, display_width(one_line(worker, 24)));
  }
}

}  // namespace

std::string worker_text(const TaskRecord& task, const AgentRun& agent) {
  return task.worker == 0 ? std::string() : fmt::format("{} {}", task.worker, agent.kind);
}

Board board_of(State state, Sight sight) {
  Board board;
  board.state = std::make_shared<const State>(std::move(state));
  const State& kept = *board.state;
  board.reasons = std::make_shared<const WaitingReasons>(kept);
  board.headline = ui::status_segment(kept);
  board.notices = notices_of(kept, sight);
  board.in_queue = queue_of(kept);
  board.sight = std::move(sight);
  measure(board);
  for (std::size_t place = 0; place < kept.tasks.size(); ++place) {
    const TaskRecord& task = kept.tasks[place];
    if (needs_user(kept, task)) board.needs.push_back(place);
    if (!task.counts()) continue;
    ++board.total;
    if (task.state == TaskState::Merged) ++board.merged;
  }
  // Whose agent stands still until it is answered comes first.
  std::ranges::stable_partition(board.needs, [&](std::size_t place) {
    return agent_waits_for_user(kept, kept.tasks[place]);
  });
  return board;
}

std::string need_of(const Board& board, std::size_t place) {
  const TaskRecord& task = board.task(place);
  const AgentRun& agent = board.state->agent_of(task);
  const std::string why = ui::sentence(board.reasons->shown(task), task.id());
  if (agent_waits_for_user(*board.state, task)) {
    const bool asks = agent.turn.activity == Activity::Asking;
    const std::string& shown = agent.turn.evidence.empty() ? why : agent.turn.evidence;
    return fmt::format("{}: {}", asks ? "asks" : to_text(agent.turn.activity), shown);
  }
  return fmt::format("{}{}{}", shown_state(task), why.empty() ? "" : ": ", why);
}

std::string elapsed_text(Span span) {
  using namespace std::chrono_literals;
  span = std::max(span, Span(0));
  const Span step = span < 1min ? Span(1s) : Span(10s);
  return span_text(span / step * step);
}

std::optional<Span> time_left(const Board& board, Time now) {
  constexpr int kEnough = 3;
  const State& state = *board.state;
  int landed = 0;
  int open = 0;
  for (const TaskRecord& task : state.tasks) {
    if (!task.counts()) continue;
    // What was ticked before the run took it no time.
    if (task.state == TaskState::Merged && task.attempts > 0) ++landed;
    if (!is_final(task.state) && !needs_user(state, task)) ++open;
  }
  const bool is_at_work = state.run.phase == RunPhase::Running && board.sight.supervisor_alive;
  if (!is_at_work || landed < kEnough || open == 0) return std::nullopt;
  return (now - state.run.started) * open / landed;
}

}  // namespace orch::dashboard
