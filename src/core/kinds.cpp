// Kinds of agents: the first one alone, a gap between starts, and a stop after failed starts.
#include "core/kinds.hpp"

#include "core/attempts.hpp"
#include "core/healing.hpp"

#include <algorithm>
#include <utility>

namespace orch::kinds {

void begun_one(Turn& turn, const std::string& kind) {
  if (attempts::rules_of(turn.state(), kind).start_gap > Span{0})
    turn.edit_run().kinds[kind].started = turn.now();
}

void got_to_work(Turn& turn, const std::string& kind) {
  if (attempts::rules_of(turn.state(), kind).first_alone) turn.edit_run().kinds[kind].begun = true;
}

void works(Turn& turn, const std::string& kind) {
  got_to_work(turn, kind);
  const auto found = turn.run().kinds.find(kind);
  if (found != turn.run().kinds.end()) turn.edit_run().kinds[kind].failed_starts = 0;
}

bool is_failed_start(const Turn& turn, const TaskRecord& task, const AgentExited& event) {
  const AgentRun& agent = turn.agent_of(task);
  const AgentRules& rules = attempts::rules_of(turn.state(), agent.kind);
  return event.kind == ExitKind::Code && event.code != 0 && rules.done == DoneBy::Report &&
         !agent.reported && turn.now() - agent.began < rules.failed_start;
}

void failed_to_start(Turn& turn, const TaskRecord& task, const Reason& why) {
  const std::string& kind = turn.agent_of(task).kind;
  KindRecord& record = turn.edit_run().kinds[kind];
  if (++record.failed_starts < kFailedStarts || !record.stopped.empty()) return;
  record.stopped = because_of(ReasonKind::KindStopped, why);
  record.stopped.text = kind;
  record.stopped.number = record.failed_starts;
  turn.note(FactKind::TaskTrouble, task.id(), record.stopped);
}

void refused(Turn& turn, const std::string& kind, Reason why) {
  KindRecord& record = turn.edit_run().kinds[kind];
  if (!record.stopped.empty()) return;
  record.stopped = because_of(ReasonKind::KindRefused, std::move(why));
  record.stopped.text = kind;
  turn.note(FactKind::RunTrouble, {}, record.stopped);
}

namespace {

void try_again(KindRecord& record) {
  record.failed_starts = 0;
  record.stopped = {};
  healing::try_again(record);
}

}  // namespace

void try_again_for(Turn& turn, const TaskRecord& task) {
  const std::string& usual = attempts::usual_kind(turn.state(), task);
  for (auto& [kind, record] : turn.edit_run().kinds) {
    const bool may_be = kind == usual || std::ranges::find(task.choices, kind, &KindChoice::kind) !=
                                             task.choices.end();
    if (may_be) try_again(record);
  }
}

void try_all_again(Turn& turn) {
  for (auto& [kind, record] : turn.edit_run().kinds)
    try_again(record);
}

std::optional<Time> next_start(const State& state, const std::string& kind) {
  const Span gap = attempts::rules_of(state, kind).start_gap;
  const auto found = state.run.kinds.find(kind);
  if (gap <= Span{0} || found == state.run.kinds.end() || !found->second.started)
    return std::nullopt;
  return *found->second.started + gap;
}

}  // namespace orch::kinds
