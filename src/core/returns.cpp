// Gives work back, so often as the rules say.
#include "core/returns.hpp"

#include "core/attempts.hpp"
#include "core/dispatch.hpp"
#include "core/endings.hpp"
#include "core/messages.hpp"
#include "core/outbox.hpp"

#include <utility>
#include <variant>

namespace orch::returns {
namespace {

bool is_of_what_landed_since(const TaskRecord& task, const CommitId& onto, const Reason& why) {
  const CommitId& before = task.returned.onto;
  return why.kind == ReasonKind::Conflicting && !before.empty() && before != onto;
}

/// Does its agent wait in its window, where texts can be typed?
bool is_at_hand(const Turn& turn, const TaskRecord& task) {
  const AgentRun& agent = turn.agent_of(task);
  return turn.run().phase == RunPhase::Running && agent.phase == AgentPhase::Live &&
         attempts::rules_of(turn.state(), agent.kind).seen && turn.is_free(task, Lane::Agent) &&
         turn.is_free(task, Lane::Worktree);
}

void begin_anew(Turn& turn, TaskRecord& task) {
  endings::begin(turn, task, Ending::Return, task.returned.why);
}

}  // namespace

bool may_be_mended(const Turn& turn, const TaskRecord& task, const CommitId& onto,
                   const Reason& why) {
  const int rounds = turn.run().rules.rounds;
  return rounds > 0 && !task.returned.as_is &&
         (task.returned.rounds < rounds || is_of_what_landed_since(task, onto, why));
}

void begin(Turn& turn, TaskRecord& task, const CommitId& onto, Reason why) {
  if (!is_of_what_landed_since(task, onto, why)) ++task.returned.rounds;
  task.returned.why = std::move(why);
  task.returned.work = task.work;
  task.returned.onto = onto;
  turn.note(FactKind::TaskReturned, task.id(), because_of(ReasonKind::Returned, task.returned.why));
  if (!is_at_hand(turn, task)) return begin_anew(turn, task);
  const AgentRun& agent = turn.agent_of(task);
  task.why = because_of(ReasonKind::Returned, task.returned.why);
  outbox::emit(turn, ReturnWork{.task = task.id(),
                                .attempt = agent.attempt,
                                .agent = agent.kind,
                                .worktree = agent.worktree,
                                .branch = agent.branch,
                                .work = task.work,
                                .base = turn.run().integration,
                                .untouched = agent.control == Control::User,
                                .why = task.returned.why});
}

Reason for_user(const TaskRecord& task, Reason why) {
  const bool is_conflict = why.kind == ReasonKind::Conflicting || why.kind == ReasonKind::MarksLeft;
  if (is_conflict) why.kind = ReasonKind::Conflicts;
  if (task.returned.rounds == 0) return why;
  Reason often = because_of(ReasonKind::ReturnedOften, std::move(why));
  often.number = task.returned.rounds;
  return often;
}

void nothing_mended(Turn& turn, TaskRecord& task) {
  Reason why = because_of(ReasonKind::NothingMended, task.returned.why);
  if (!task.rescues.empty()) why.path = task.rescues.back();
  endings::begin(turn, task, Ending::Block, std::move(why));
}

void not_told(Turn& turn, TaskRecord& task) {
  if (task.state == TaskState::Running) begin_anew(turn, task);
}

void on(Turn& turn, const ReturnWork& effect, const ReturnWork::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  if (task.state != TaskState::Landing && task.state != TaskState::Queued) return;
  const auto* returned = std::get_if<WorkReturned>(&end);
  if (returned == nullptr || !is_at_hand(turn, task)) return begin_anew(turn, task);
  // It counts as a worker again if there is one to be had.
  task.worker = dispatch::free_worker(turn, task);
  task.reported = {};
  turn.enter(task, Step::Return, because_of(ReasonKind::Returned, task.returned.why));
  messages::give_back(turn, task, returned->text);
}

}  // namespace orch::returns
