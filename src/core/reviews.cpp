// Before the landing queue moves on: which review is next, and what a verdict leads to.
#include "core/reviews.hpp"

#include "core/endings.hpp"
#include "core/outbox.hpp"
#include "core/returns.hpp"
#include "orch/base/text.hpp"

#include <utility>

namespace orch::reviews {
namespace {

constexpr std::size_t kIssuesTold = 5;

const ReviewRule& next_rule(const State& state, const TaskRecord& task) {
  return state.run.rules.reviews[static_cast<std::size_t>(task.reviewed)];
}

std::string told(const Reviewed& answer) {
  std::vector<std::string> issues = answer.issues;
  if (issues.empty()) return "it named no issue";
  const std::size_t more = issues.size() > kIssuesTold ? issues.size() - kIssuesTold : 0;
  if (more > 0) issues.resize(kIssuesTold);
  return join(issues, "; ") + (more > 0 ? "; and " + std::to_string(more) + " more" : "");
}

void say(Turn& turn, const TaskRecord& task, const std::string& review, std::string text) {
  turn.note(FactKind::TaskReviewed, task.id(),
            {.kind = ReasonKind::ReviewSays, .text = std::move(text), .names = {review}});
}

void passed(Turn& turn, TaskRecord& task) {
  ++task.reviewed;
  if (!is_due(turn.state(), task)) task.why = {ReasonKind::LandingTurn};
}

void blocked(Turn& turn, TaskRecord& task, const std::string& review, const Reviewed& answer) {
  ++turn.edit_run().gate_blocks;
  Reason why{.kind = ReasonKind::ReviewBlocks,
             .text = told(answer),
             .path = answer.log,
             .names = {review}};
  const CommitId onto = turn.run().integration;
  if (returns::may_be_mended(turn, task, onto, why))
    return returns::begin(turn, task, onto, std::move(why));
  endings::begin(turn, task, Ending::GiveUp, returns::for_user(task, std::move(why)));
}

void unanswered(Turn& turn, TaskRecord& task, const ReviewRule& rule, const Reviewed& answer) {
  if (!rule.needed) {
    say(turn, task, rule.name, "gave no verdict: " + answer.why);
    return passed(turn, task);
  }
  endings::begin(turn, task, Ending::Block,
                 {.kind = ReasonKind::Unreviewed,
                  .text = answer.why,
                  .path = answer.log,
                  .names = {rule.name}});
}

void answered(Turn& turn, TaskRecord& task, const ReviewRule& rule, const Reviewed& answer) {
  switch (answer.verdict) {
    case Verdict::Pass:
      if (!answer.log.empty()) say(turn, task, rule.name, "lets it pass");
      return passed(turn, task);
    case Verdict::Warn:
      say(turn, task, rule.name, "lets it pass, and warns: " + told(answer));
      return passed(turn, task);
    case Verdict::Block: return blocked(turn, task, rule.name, answer);
    case Verdict::None: return unanswered(turn, task, rule, answer);
  }
}

}  // namespace

bool is_due(const State& state, const TaskRecord& task) {
  const auto count = static_cast<int>(state.run.rules.reviews.size());
  return task.reviewed < count && task.changed && !task.returned.as_is;
}

void begin_next(Turn& turn) {
  const RunRecord& run = turn.run();
  if (run.rules.reviews.empty() || run.phase != RunPhase::Running) return;
  for (const std::size_t place : turn.agenda().places(Matter::Queued)) {
    const TaskRecord& known = turn.state().tasks[place];
    const bool may_begin = is_due(turn.state(), known) && turn.is_idle(known) &&
                           turn.is_free(known, Lane::Review) && !known.not_before;
    if (!may_begin) continue;
    TaskRecord& task = turn.edit(known);
    const std::string& review = next_rule(turn.state(), task).name;
    task.why = {.kind = ReasonKind::Reviewing, .names = {review}};
    outbox::emit(turn, ReviewWork{task.id(), task.attempts, task.work, review});
  }
}

void on(Turn& turn, const ReviewWork& effect, const ReviewWork::Ends& end) {
  TaskRecord& task = *turn.edit(effect.task);
  const bool is_asked = task.state == TaskState::Queued && task.work == effect.work &&
                        is_due(turn.state(), task) && turn.run().phase == RunPhase::Running;
  // Its work is another one by now, or it is not to land.
  if (!is_asked || next_rule(turn.state(), task).name != effect.review) return;
  const ReviewRule rule = next_rule(turn.state(), task);
  if (const auto* failure = std::get_if<NotDone>(&end))
    return unanswered(turn, task, rule, Reviewed{.why = failure->why});
  answered(turn, task, rule, std::get<Reviewed>(end));
}

}  // namespace orch::reviews
