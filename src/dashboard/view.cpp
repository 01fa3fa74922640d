// Filters and sorts the tasks of a board.
#include "dashboard/view.hpp"

#include "orch/base/natural_order.hpp"
#include "orch/base/unicode.hpp"

#include <algorithm>
#include <string>

namespace orch::dashboard {
namespace {

bool matches(const Board& board, std::size_t place, const std::string& wanted) {
  const TaskRecord& task = board.task(place);
  const std::string_view kind = board.state->agent_of(task).kind;
  for (const std::string_view text :
       {std::string_view(task.id().value), std::string_view(task.plan.spec.title),
        shown_state(task), kind}) {
    if (lower_case(text).find(wanted) != std::string::npos) return true;
  }
  return false;
}

/// What needs the user first, then what moves, then what waits, then what is over.
int rank_of(const Board& board, std::size_t place) {
  const TaskRecord& task = board.task(place);
  if (std::ranges::find(board.needs, place) != board.needs.end()) return 0;
  if (task.state == TaskState::Waiting || task.state == TaskState::Unreachable) return 2;
  return is_final(task.state) ? 3 : 1;
}

Span worked_of(const Board& board, std::size_t place) {
  const TaskRecord& task = board.task(place);
  const AgentRun& agent = board.state->agent_of(task);
  // Of those at work: who began first has taken longest.
  return agent.is_alive() ? Span::max() - agent.began.time_since_epoch() : task.worked;
}

bool asks(const Board& board, std::size_t place) {
  const AgentRun& agent = board.state->agent_of(board.task(place));
  return agent.is_alive() && agent.turn.activity == Activity::Asking &&
         !agent.turn.question.empty();
}

}  // namespace

std::vector<std::size_t> listed(const Board& board, const View& view) {
  const std::string wanted = lower_case(view.filter);
  std::vector<std::size_t> list;
  for (std::size_t place = 0; place < board.state->tasks.size(); ++place)
    if (wanted.empty() || matches(board, place, wanted)) list.push_back(place);
  switch (view.order) {
    case Order::File: break;
    case Order::State: {
      std::vector<int> ranks;
      for (std::size_t place = 0; place < board.state->tasks.size(); ++place)
        ranks.push_back(rank_of(board, place));
      std::ranges::stable_sort(list, {}, [&ranks](std::size_t place) { return ranks[place]; });
      break;
    }
    case Order::Elapsed:
      std::ranges::stable_sort(list, std::greater(),
                               [&](std::size_t place) { return worked_of(board, place); });
      break;
    case Order::Id:
      std::ranges::stable_sort(list, natural_less, [&](std::size_t place) -> const std::string& {
        return board.task(place).id().value;
      });
      break;
  }
  return list;
}

std::optional<std::size_t> selected_row(const Board& board, const View& view,
                                        const std::vector<std::size_t>& list) {
  for (std::size_t row = 0; row < list.size(); ++row)
    if (board.task(list[row]).id() == view.selected) return row;
  return std::nullopt;
}

std::optional<std::size_t> answered_place(const Board& board, const View& view) {
  const TaskRecord* selected = board.state->find(view.selected);
  if (selected != nullptr) {
    const std::size_t place = board.state->tasks.place_of(*selected);
    if (asks(board, place)) return place;
  }
  for (const std::size_t place : board.needs)
    if (asks(board, place)) return place;
  return std::nullopt;
}

}  // namespace orch::dashboard
