// A task as its row and its details show it.
#include "dashboard/board.hpp"
#include "orch/base/text.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"
#include "ui/usage.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::dashboard {
namespace {

/// Of the attempt under way, or of all that were; nothing before the first one.
std::string elapsed_of(const TaskRecord& task, const AgentRun& agent, Time now) {
  if (agent.is_alive()) return elapsed_text(now - agent.began);
  return task.worked.count() == 0 ? std::string() : elapsed_text(task.worked);
}

std::string used_of(const State& state, const TaskRecord& task) {
  UsageSum used;
  add_used(used, state.run, task);
  return ui::usage_cell(used);
}

std::string agent_state(const AgentRun& agent) {
  if (!agent.is_alive()) return {};
  if (agent.control == Control::User) return "you type";
  return std::string(agent.turn.stalled_since ? "stalled" : to_text(agent.turn.activity));
}

std::string conflicts_of(const TaskRecord& task) {
  std::vector<std::string> with;
  for (const ForeseenConflict& conflict : task.conflicts)
    with.push_back(conflict.with.value);
  return with.empty() ? std::string() : "conflicts " + join(with, ", ");
}

std::string relation_of(const Board& board, const TaskRecord& task) {
  const auto queued = board.in_queue.find(task.id());
  const std::string queue =
      queued == board.in_queue.end() ? "" : fmt::format("queue {}", queued->second);
  const std::string conflicts = conflicts_of(task);
  return queue + (queue.empty() || conflicts.empty() ? "" : ", ") + conflicts;
}

void add_detail(std::vector<std::string>& lines, std::string_view label, const std::string& text) {
  if (!text.empty()) lines.push_back(fmt::format("{:<10} {}", label, text));
}

std::string ids_of(const std::vector<TaskId>& ids) {
  std::vector<std::string> words;
  for (const TaskId& id : ids)
    words.push_back(id.value);
  return join(words, ", ");
}

}  // namespace

Row row_of(const Board& board, const Moment& moment, std::size_t place) {
  const State& state = *board.state;
  const TaskRecord& task = board.task(place);
  const AgentRun& agent = state.agent_of(task);
  Row row;
  row.id = task.id();
  row.title = task.plan.spec.title;
  row.mark = ui::state_mark(state, task);
  row.ink = ink_named(ui::state_colour(state, task));
  row.state = shown_state(task);
  row.worker = worker_text(task, agent);
  row.agent = agent_state(agent);
  row.progress = task.progress;
  row.elapsed = elapsed_of(task, agent, moment.now);
  row.used = used_of(state, task);
  row.relation = relation_of(board, task);
  row.why = ui::sentence(board.reasons->shown(task), task.id());
  const auto line = moment.last_lines.find(task.id());
  if (line != moment.last_lines.end()) row.last_line = line->second;
  return row;
}

std::vector<std::string> details_of(const Board& board, const Moment& moment, std::size_t place) {
  const Row row = row_of(board, moment, place);
  const TaskRecord& task = board.task(place);
  const AgentRun& agent = board.state->agent_of(task);
  std::vector<std::string> lines;
  add_detail(lines, "task", fmt::format("{} {}", row.id.value, row.title));
  add_detail(lines, "state",
             fmt::format("{}{}{}", row.state, row.why.empty() ? "" : ": ", row.why));
  add_detail(lines, "worker", row.worker);
  add_detail(lines, "agent", row.agent);
  if (agent.is_alive()) add_detail(lines, "asks", agent.turn.evidence);
  add_detail(lines, "concern", ui::sentence(agent.health.concern, task.id()));
  add_detail(lines, "attempt", task.attempts == 0 ? "" : fmt::format("{}", task.attempts));
  add_detail(lines, "elapsed", row.elapsed);
  add_detail(lines, "used", row.used);
  add_detail(lines, "needs", ids_of(task.needs));
  add_detail(lines, "relation", row.relation);
  add_detail(lines, "note", task.last_note);
  add_detail(lines, "last line", row.last_line);
  if (!task.cleaned) add_detail(lines, "worktree", agent.worktree);
  if (!task.cleaned) add_detail(lines, "branch", agent.branch);
  add_detail(lines, "commit", task.merged.value);
  add_detail(lines, "saved as", join(task.rescues, ", "));
  return lines;
}

}  // namespace orch::dashboard
