// When it is pushed, and what of that the user is told.
#include "core/pushes.hpp"

#include "core/outbox.hpp"

#include <string>
#include <utility>

namespace orch::pushes {
namespace {

/// What the user's branch has; where it never follows, what has landed.
const CommitId& target(const RunRecord& run) {
  return run.rules.follow == Follow::Never ? run.integration : run.followed;
}

/// Is the remote that the user names now where it was pushed to?
bool is_there(const RunRecord& run) {
  return run.pushed == target(run) && run.pushed_to == run.rules.push_to;
}

bool is_new(const RunRecord& run) {
  const CommitId& tip = target(run);
  return run.rules.push != PushWhen::Never && tip != run.base_start && !is_there(run) &&
         tip != run.push_tried;
}

bool is_under_way(const State& state) {
  return state.pending.in({}, Lane::Push) != nullptr;
}

Reason about_remote(const RunRecord& run, ReasonKind kind, Reason cause = {}) {
  Reason reason = because_of(kind, std::move(cause));
  reason.names = {run.rules.push_remote};
  return reason;
}

void not_pushed(Turn& turn, Reason why, std::string command) {
  RunRecord& run = turn.edit_run();
  run.push_why = std::move(why);
  run.push_command = std::move(command);
  turn.note(FactKind::RunNotPushed, {}, run.push_why);
}

}  // namespace

void push_if_due(Turn& turn) {
  const RunRecord& run = turn.run();
  const bool due = run.rules.push == PushWhen::Landing && run.phase == RunPhase::Running &&
                   is_new(run) && !is_under_way(turn.state());
  if (due) outbox::emit(turn, PushBranch{target(run), run.rules.push_to});
}

bool push_at_end(Turn& turn) {
  RunRecord& run = turn.edit_run();
  if (is_new(run)) {
    outbox::emit(turn, PushBranch{target(run), run.rules.push_to});
    return true;
  }
  const bool is_due = run.rules.push != PushWhen::Never && run.rules.push_command &&
                      is_there(run) && !run.pushed.empty() && run.commanded != run.pushed;
  if (!is_due) return false;
  run.commanded = run.pushed;
  outbox::emit(turn, RunPushCommand{run.pushed, run.pushed_to});
  return true;
}

bool is_outdated(const RunRecord& run, const CommitId& effect_target, const std::string& to) {
  return effect_target != target(run) || to != run.rules.push_to;
}

void begin_anew(RunRecord& run) {
  run.push_tried = {};
  run.push_why = {};
  run.push_command.clear();
}

void on(Turn& turn, const PushBranch& effect, const PushBranch::Ends& end) {
  RunRecord& run = turn.edit_run();
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    run.push_tried = effect.target;
    return not_pushed(turn, about_remote(run, ReasonKind::NotPushed, quoted(failure->why)),
                      failure->hint);
  }
  // The command is for what was pushed there. In a run of an earlier version it is not known where.
  if (!run.pushed_to.empty() && run.pushed_to != effect.to) run.commanded = {};
  run.pushed = effect.target;
  run.pushed_to = effect.to;
  run.push_why = {};
  run.push_command.clear();
  turn.note(FactKind::RunPushed, {}, about_remote(run, ReasonKind::Pushed));
}

void on(Turn& turn, const RunPushCommand&, const RunPushCommand::Ends& end) {
  if (const auto* failure = std::get_if<NotDone>(&end)) {
    return not_pushed(turn, because_of(ReasonKind::PushCommandFailed, quoted(failure->why)),
                      failure->hint);
  }
  turn.note(FactKind::RunPushed, {}, {ReasonKind::PushCommandDone});
}

}  // namespace orch::pushes
