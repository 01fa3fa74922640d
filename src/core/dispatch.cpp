// Who starts next.
#include "core/dispatch.hpp"

#include "core/admission.hpp"
#include "core/attempts.hpp"
#include "core/delegation.hpp"
#include "core/healing.hpp"
#include "core/kinds.hpp"
#include "core/routing.hpp"
#include "orch/core/waiting.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::dispatch {
namespace {

const TaskRecord& task_at(const Turn& turn, std::size_t place) {
  return turn.state().tasks[place];
}

/// The workers while tasks are being started.
class Workers {
 public:
  explicit Workers(Turn& turn)
      : state_(turn.state()),
        workers_(turn.run().rules.workers),
        taken_(static_cast<std::size_t>(workers_) + 1),
        of_kind_(delegation::lent(state_)) {
    for (const std::size_t place : turn.agenda().places(Matter::AtWork)) {
      const TaskRecord& task = task_at(turn, place);
      take(task.worker, state_.agent_of(task).kind);
    }
  }

  void take(int worker, const std::string& kind) {
    ++at_work_;
    ++of_kind_[kind];
    // There may have been more of them.
    if (worker <= workers_) taken_[static_cast<std::size_t>(worker)] = true;
  }

  /// The lowest number that is free; 0: as many are at work as there are workers.
  int next_free() {
    if (at_work_ >= workers_) return 0;
    while (lowest_ <= workers_ && taken_[static_cast<std::size_t>(lowest_)])
      ++lowest_;
    return lowest_ <= workers_ ? lowest_ : 0;
  }

  /// The kind of agent that it would get now.
  const std::string& kind_for(const TaskRecord& task) const {
    return routing::kind_for(state_, task, of_kind_);
  }

  /// Are as many agents of its kind at work as may be, besides its own?
  bool is_kind_full(const TaskRecord& task) const {
    const std::string& kind = kind_for(task);
    const int limit = most_of_kind(state_, kind);
    const auto found = of_kind_.find(kind);
    const bool is_one = task.worker != 0 && state_.agent_of(task).kind == kind;
    const int others = (found == of_kind_.end() ? 0 : found->second) - (is_one ? 1 : 0);
    return limit > 0 && others >= limit;
  }

 private:
  const State& state_;
  int workers_;
  std::vector<bool> taken_;  ///< by number
  int at_work_ = 0;
  int lowest_ = 1;  ///< none below it is free
  routing::Load of_kind_;
};

// A P0 holds the others back as long as it can move without the user.
bool is_p0_first(Turn& turn) {
  return std::ranges::any_of(turn.agenda().places(Matter::OpenP0), [&turn](std::size_t place) {
    return holds_others_back(turn.state(), task_at(turn, place));
  });
}

/// Is nothing but a delay or the workers in its way?
bool may_go(const Turn& turn, const Workers& workers, const TaskRecord& task, bool p0_first) {
  const State& state = turn.state();
  if (task.state != TaskState::Waiting || !task.wanted || task.held) return false;
  if (!turn.is_free(task, Lane::Worktree)) return false;
  if (stop_of_kind(state, task) != nullptr || !limit_reached(state, task).empty()) return false;
  if (healing::pause_of(state, workers.kind_for(task)) != nullptr) return false;
  if (p0_first && task.plan.effective_priority != Priority::P0) return false;
  return needs_are_met(state, task) && holder_of_files(state, task) == nullptr &&
         !workers.is_kind_full(task);
}

/// A worker waits with its task for the next try; if something else is waited for, another task
/// gets it.
void free_idle_workers(Turn& turn, bool p0_first) {
  const Workers workers(turn);
  const RunRecord& run = turn.run();
  for (const std::size_t place : turn.agenda().places(Matter::AtWork)) {
    const TaskRecord& task = task_at(turn, place);
    const bool idle = task.state == TaskState::Waiting && turn.is_idle(task);
    const bool stays = run.phase == RunPhase::Running && task.worker <= run.rules.workers &&
                       may_go(turn, workers, task, p0_first);
    if (idle && !stays) turn.edit(task).worker = 0;
  }
}

}  // namespace

namespace {

/// Has it to keep its distance from the last start of its kind? The time for it is set; one task of
/// a kind is enough to be woken for.
bool keeps_distance(Turn& turn, const TaskRecord& task, const std::string& kind,
                    std::set<std::string>& apart) {
  const std::optional<Time> next = kinds::next_start(turn.state(), kind);
  if (!next || *next <= turn.now()) return false;
  if (apart.insert(kind).second) turn.edit(task).not_before = *next;
  return true;
}

}  // namespace

void start_what_can(Turn& turn) {
  const bool p0_first = is_p0_first(turn);
  free_idle_workers(turn, p0_first);
  if (turn.run().phase != RunPhase::Running) return;
  Workers workers(turn);
  std::set<std::string> apart;
  const bool is_short = !turn.run().memory_short.empty();
  bool any_at_work = is_short && admission::is_any_at_work(turn.state());
  const auto start = [&](const TaskRecord& task, int worker) {
    const std::string kind = workers.kind_for(task);
    if (task.worker == 0) workers.take(worker, kind);
    attempts::start(turn, turn.edit(task), worker, kind);
    any_at_work = true;
  };
  const auto is_ready = [&](const TaskRecord& task) {
    const bool has_room = !is_short || !any_at_work;
    return has_room && !task.not_before && may_go(turn, workers, task, p0_first) &&
           !keeps_distance(turn, task, workers.kind_for(task), apart);
  };
  for (const std::size_t place : turn.agenda().places(Matter::AtWork)) {
    const TaskRecord& task = task_at(turn, place);
    if (is_ready(task)) start(task, task.worker);
  }
  // What is started stays in the set until the agenda is asked for again.
  for (const Agenda::Rank& rank : turn.agenda().ready()) {
    const int worker = workers.next_free();
    const TaskRecord& task = task_at(turn, std::get<std::size_t>(rank));
    if (worker == 0 || (p0_first && task.plan.effective_priority != Priority::P0)) return;
    if (task.worker == 0 && is_ready(task)) start(task, worker);
  }
}

bool could_start_any(Turn& turn) {
  return std::ranges::any_of(turn.agenda().ready(), [&turn](const Agenda::Rank& rank) {
    const TaskRecord& task = task_at(turn, std::get<std::size_t>(rank));
    return turn.is_idle(task) && stop_of_kind(turn.state(), task) == nullptr &&
           limit_reached(turn.state(), task).empty() &&
           holder_of_files(turn.state(), task) == nullptr;
  });
}

bool waits_for_room(Turn& turn) {
  return !admission::why_not(turn.state()).empty() && could_start_any(turn);
}

int free_worker(Turn& turn, const TaskRecord& task) {
  if (task.plan.spec.coordinates()) return 0;
  if (task.worker != 0 && task.worker <= turn.run().rules.workers) return task.worker;
  return Workers(turn).next_free();
}

}  // namespace orch::dispatch
