// A revert that is a candidate like any other.
#include "app/undo.hpp"

#include "app/candidate.hpp"
#include "app/executor.hpp"
#include "app/task_marks.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace orch::app {
namespace {

/// For the user, in their checkout.
loop::Job<Result<std::string>> command_by_hand(git::Repository& git, CommitId landed) {
  std::string second = landed.value + "^2";
  const Result<std::optional<CommitId>> merged = co_await git.resolve(std::move(second));
  if (!merged) co_return passed_on(merged);
  if (*merged) co_return fmt::format("git revert -m 1 {}", git::shortened(landed));
  const Result<std::optional<CommitId>> before = co_await git.before_landing(landed);
  if (!before) co_return passed_on(before);
  if (!*before) co_return fmt::format("git revert {}", git::shortened(landed));
  co_return fmt::format("git revert {}..{}", git::shortened(**before), git::shortened(landed));
}

}  // namespace

loop::Job<PrepareLanding::Ends> prepare_undo(git::Repository& git, const State& state,
                                             const RunContext& context, TaskMarks& marks,
                                             PrepareLanding effect) {
  const Result<bool> there = co_await git.is_ancestor(effect.work, effect.onto);
  if (!there) co_return not_done(there.error());
  if (!*there)
    co_return NotDone{
        .why = fmt::format("{} is not in what has landed any more", git::shortened(effect.work))};
  const Result<git::Identity> identity = co_await git.identity();
  if (!identity) co_return not_done(identity.error());
  git::LandingRequest request;
  request.onto = effect.onto;
  request.branch = effect.work;
  request.revert = true;
  request.message = message_of_undo(state, context.info.id, effect.undo, effect.work);
  request.identity = *identity;
  request.candidate_ref = candidate_ref(context, effect.task);
  auto ask_file = marks.undo_file(effect.undo);
  request.task_file = co_await ask_file;
  const Result<git::Landing> landing = co_await git.prepare_landing(std::move(request));
  if (!landing) co_return not_done(landing.error());
  if (const auto* made = std::get_if<git::Candidate>(&*landing))
    co_return LandingPrepared{made->commit};
  const auto* conflict = std::get_if<git::MergeConflict>(&*landing);
  if (conflict == nullptr) co_return NotDone{.why = "it would change files of tmux-orch's"};
  auto ask_command = command_by_hand(git, effect.work);
  const Result<std::string> command = co_await ask_command;
  if (!command) co_return not_done(command.error());
  LandingConflicts conflicts;
  for (const std::string& file : conflict->files)
    conflicts.files.push_back(one_line(file, 200));
  conflicts.command = fmt::format("`{}` does it by hand", *command);
  co_return conflicts;
}

}  // namespace orch::app
