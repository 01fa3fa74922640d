// A revert that is a candidate like any other.
#include "app/undo.hpp"

#include "app/candidate.hpp"
#include "app/executor.hpp"
#include "app/regeneration.hpp"
#include "app/task_marks.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace orch::app {
namespace {

/// All that the task has landed as, the newest first.
std::vector<CommitId> landings_of(const PrepareLanding& effect) {
  std::vector<CommitId> landings = {effect.work};
  landings.insert(landings.end(), effect.parts.rbegin(), effect.parts.rend());
  return landings;
}

loop::Job<Result<std::string>> command_for(git::Repository& git, CommitId landed) {
  std::string second = landed.value + "^2";
  const Result<std::optional<CommitId>> merged = co_await git.resolve(std::move(second));
  if (!merged) co_return passed_on(merged);
  if (*merged) co_return fmt::format("git revert -m 1 {}", git::shortened(landed));
  const Result<std::optional<CommitId>> before = co_await git.before_landing(landed);
  if (!before) co_return passed_on(before);
  if (!*before) co_return fmt::format("git revert {}", git::shortened(landed));
  co_return fmt::format("git revert {}..{}", git::shortened(**before), git::shortened(landed));
}

/// For the user, in their checkout.
loop::Job<Result<LandingConflicts>> by_hand(git::Repository& git, std::vector<CommitId> landings,
                                            git::MergeConflict conflict) {
  std::vector<std::string> commands;
  for (const CommitId& landed : landings) {
    auto ask_command = command_for(git, landed);
    const Result<std::string> command = co_await ask_command;
    if (!command) co_return passed_on(command);
    commands.push_back(*command);
  }
  LandingConflicts conflicts;
  for (const std::string& file : conflict.files)
    conflicts.files.push_back(one_line(file, 200));
  conflicts.command = fmt::format("`{}` does it by hand", join(commands, " && "));
  co_return conflicts;
}

/// The one that is not in `onto`; nothing: all are.
loop::Job<Result<std::optional<CommitId>>> missing(git::Repository& git,
                                                   std::vector<CommitId> landings, CommitId onto) {
  for (const CommitId& landed : landings) {
    const Result<bool> there = co_await git.is_ancestor(landed, onto);
    if (!there) co_return passed_on(there);
    if (!*there) co_return landed;
  }
  co_return std::nullopt;
}

/// What reverts them, one on the other.
struct Reverted {
  CommitId candidate;
  std::vector<std::string> generated{};          ///< files to be made anew
  std::optional<git::MergeConflict> conflict{};  ///< nothing was made
};

loop::Job<Result<Reverted>> reverted(git::Repository& git, git::LandingRequest request,
                                     std::vector<CommitId> landings) {
  Reverted all{.candidate = request.onto};
  for (const CommitId& landed : landings) {
    request.onto = all.candidate;
    request.branch = landed;
    Result<git::Landing> landing = co_await git.prepare_landing(request);
    if (!landing) co_return passed_on(landing);
    if (auto* conflict = std::get_if<git::MergeConflict>(&*landing)) {
      all.conflict = std::move(*conflict);
      co_return all;
    }
    const auto* made = std::get_if<git::Candidate>(&*landing);
    if (made == nullptr) co_return fail(Fault::Refused, "it would change files of tmux-orch's");
    all.candidate = made->commit;
    all.generated.insert(all.generated.end(), made->generated.begin(), made->generated.end());
  }
  co_return all;
}

/// As one commit on what they were made on.
loop::Job<Result<CommitId>> as_one(git::Repository& git, git::LandingRequest request,
                                   CommitId candidate) {
  git::RemakeRequest remake;
  remake.candidate = std::move(candidate);
  remake.onto = request.onto;
  remake.identity = request.identity;
  remake.candidate_ref = request.candidate_ref;
  co_return co_await git.made_on_tip(std::move(remake));
}

}  // namespace

loop::Job<PrepareLanding::Ends> prepare_undo(git::Repository& git, const State& state,
                                             const RunContext& context, TaskMarks& marks,
                                             Regeneration& regeneration, PrepareLanding effect) {
  const std::vector<CommitId> landings = landings_of(effect);
  auto ask_missing = missing(git, landings, effect.onto);
  const Result<std::optional<CommitId>> gone = co_await ask_missing;
  if (!gone) co_return not_done(gone.error());
  if (*gone)
    co_return NotDone{
        .why = fmt::format("{} is not in what has landed any more", git::shortened(**gone))};
  const Result<git::Identity> identity = co_await git.identity();
  if (!identity) co_return not_done(identity.error());
  git::LandingRequest request;
  request.revert = true;
  request.message = message_of_undo(state, context.info.id, effect.undo, landings);
  request.identity = *identity;
  request.candidate_ref = candidate_ref(context, effect.task);
  auto ask_file = marks.undo_file(effect.undo);
  request.task_file = co_await ask_file;
  request.is_generated = [&regeneration](const std::string& path) {
    return regeneration.makes(path);
  };
  request.onto = effect.onto;
  auto ask_reverts = reverted(git, request, landings);
  Result<Reverted> reverts = co_await ask_reverts;
  if (!reverts) co_return not_done(reverts.error());
  if (reverts->conflict) {
    auto ask_command = by_hand(git, landings, *reverts->conflict);
    const Result<LandingConflicts> conflicts = co_await ask_command;
    if (!conflicts) co_return not_done(conflicts.error());
    co_return *conflicts;
  }
  CommitId candidate = reverts->candidate;
  if (landings.size() > 1) {
    auto ask_one = as_one(git, request, candidate);
    const Result<CommitId> one = co_await ask_one;
    if (!one) co_return not_done(one.error());
    candidate = *one;
  }
  if (reverts->generated.empty()) co_return LandingPrepared{candidate};
  git::GeneratedRequest anew;
  anew.candidate = candidate;
  anew.files = std::move(reverts->generated);
  anew.identity = *identity;
  anew.candidate_ref = request.candidate_ref;
  const Result<CommitId> with_files = co_await regeneration.run(std::move(anew));
  if (!with_files) co_return not_done(with_files.error());
  co_return LandingPrepared{*with_files};
}

}  // namespace orch::app
