// Finds the work of an attempt, or says what the user has to do.
#include "app/find_work.hpp"

#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::app {
namespace {

std::string in_worktree(const CollectWork& effect, std::string_view arguments) {
  return fmt::format("git -C {} {}", shell_word(effect.worktree), arguments);
}

std::string then_merge(const CollectWork& effect) {
  return fmt::format("then `tmux-orch merge {}`", shell_word(effect.task.value));
}

std::string retry(const CollectWork& effect) {
  return fmt::format("`tmux-orch retry {}`", shell_word(effect.task.value));
}

/// How the user completes each, and how they drop it.
std::string ways_out_of(const git::WorktreeStatus& status, const CollectWork& effect) {
  // Git goes on with nothing that has conflicts in it.
  std::string first;
  if (!status.unmerged.empty()) {
    std::vector<std::string> words;
    for (const std::string& path : status.unmerged)
      words.push_back(shell_word(path));
    const std::string add = "add -A -- " + join(words, " ");
    first = fmt::format("resolve the conflicts in {}, then `{}` and ",
                        one_line(join(status.unmerged, ", "), 200), in_worktree(effect, add));
  }
  const auto either = [&](std::string_view verb) {
    return fmt::format("{}`{}`; or `{}`; {}", first,
                       in_worktree(effect, fmt::format("{} --continue", verb)),
                       in_worktree(effect, fmt::format("{} --abort", verb)), then_merge(effect));
  };
  switch (status.operation) {
    case git::Operation::None: return {};
    case git::Operation::Rebase: return either("rebase");
    case git::Operation::Merge: return either("merge");
    case git::Operation::CherryPick: return either("cherry-pick");
    case git::Operation::Revert: return either("revert");
    case git::Operation::Bisect:
      return fmt::format("`{}`, {}", in_worktree(effect, "bisect reset"), then_merge(effect));
  }
  return {};
}

/// The folder was deleted: what was committed is on the branch, and only the user can say that this
/// was all.
loop::Job<Result<FoundWork>> without_worktree(git::Repository& git, CollectWork effect) {
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(effect.branch);
  if (!tip) co_return passed_on(tip);
  if (!*tip) {
    co_return hinted(fail(Fault::NeedsUser, "its worktree {} and its branch {} are gone",
                          effect.worktree, effect.branch),
                     retry(effect) + " starts it again");
  }
  if (!effect.as_is) {
    co_return hinted(
        fail(Fault::NeedsUser, "its worktree {} is gone", effect.worktree),
        fmt::format("`tmux-orch merge {}` lands what it committed on {}, {} starts it again",
                    shell_word(effect.task.value), effect.branch, retry(effect)));
  }
  co_return FoundWork{
      .head = **tip,
      .in_worktree = false,
      .note = fmt::format("its worktree is gone: what is on {} was taken", effect.branch)};
}

/// HEAD is not on the task's branch. It is the work all the same if it goes on from that branch and
/// nothing but the agent's own commits was added.
loop::Job<Result<FoundWork>> off_its_branch(git::Repository& git, const State& state,
                                            CollectWork effect, git::WorktreeStatus status) {
  const std::string where =
      status.branch.empty() ? "no branch" : "branch " + one_line(status.branch);
  std::vector<CommitId> known = {effect.start, state.run.integration};
  const Result<std::optional<CommitId>> tip = co_await git.branch_tip(effect.branch);
  if (!tip) co_return passed_on(tip);
  CommitId from = effect.start;
  if (*tip) from = **tip;
  known.push_back(from);
  const Result<std::optional<CommitId>> base = co_await git.branch_tip(state.run.rules.base);
  if (base && *base) known.push_back(**base);

  const Result<bool> goes_on = co_await git.is_ancestor(from, status.head);
  if (!goes_on) co_return passed_on(goes_on);
  if (!*goes_on) {
    const Result<bool> related = co_await git.are_related(from, status.head);
    if (!related) co_return passed_on(related);
    const std::string_view unrelated = *related ? "" : "--allow-unrelated-histories ";
    const std::string both =
        in_worktree(effect, fmt::format("merge {}{}", unrelated, shell_word(effect.branch)));
    // Its own branch has nothing of its own to land where it is still at the start.
    if (from == effect.start) {
      co_return hinted(fail(Fault::NeedsUser, "its worktree is on {}, which does not go on from {}",
                            where, effect.branch),
                       fmt::format("`{}`, {} lands it; {} starts it again and saves it", both,
                                   then_merge(effect), retry(effect)));
    }
    co_return hinted(
        fail(Fault::NeedsUser, "its worktree is on {} and not on {}, which has other commits",
             where, effect.branch),
        fmt::format("to land both: `{}`; to land {} alone: `{}`; {}", both, effect.branch,
                    in_worktree(effect, "switch " + shell_word(effect.branch)),
                    then_merge(effect)));
  }
  const Result<bool> own = co_await git.grown_here(effect.worktree, std::move(known));
  if (!own) co_return passed_on(own);
  if (!*own && !effect.as_is) {
    co_return hinted(
        fail(Fault::NeedsUser, "its worktree is on {}, with commits that are not the task's",
             where),
        fmt::format("`tmux-orch merge {}` lands them with its own; to land {} alone: `{}`, {}",
                    shell_word(effect.task.value), effect.branch,
                    in_worktree(effect, "switch " + shell_word(effect.branch)),
                    then_merge(effect)));
  }
  FoundWork found{
      .head = status.head, .changes = std::move(status.changes), .files = std::move(status.files)};
  found.note =
      fmt::format("worked on {} instead of {}: that is what was taken", where, effect.branch);
  co_return found;
}

/// As long as all that was committed can be read.
loop::Job<Result<FoundWork>> look_for_work(git::Repository& git, const State& state,
                                           CollectWork effect) {
  Result<git::WorktreeStatus> status = co_await git.look_and_watch(effect.worktree);
  if (!status) co_return passed_on(status);
  if (!status->exists) co_return co_await without_worktree(git, std::move(effect));
  if (status->operation != git::Operation::None) {
    co_return hinted(fail(Fault::NeedsUser, "its worktree is in the middle of {}",
                          git::to_text(status->operation)),
                     ways_out_of(*status, effect));
  }
  if (!status->head.empty() && status->branch != effect.branch) {
    co_return co_await off_its_branch(git, state, std::move(effect), std::move(*status));
  }
  if (status->head.empty() && status->branch != effect.branch) {
    co_return hinted(fail(Fault::NeedsUser, "its worktree is on branch {}, which has no commit",
                          one_line(status->branch)),
                     fmt::format("`{}`, {}",
                                 in_worktree(effect, "symbolic-ref HEAD " +
                                                         shell_word("refs/heads/" + effect.branch)),
                                 then_merge(effect)));
  }
  FoundWork found{.head = status->head};
  if (status->head.empty()) {
    const Result<CommitId> made =
        co_await git.revive_branch(effect.worktree, effect.branch, effect.start);
    if (!made) co_return passed_on(made);
    found.head = *made;
    found.note = fmt::format("its branch {} was deleted, and was made again at {}", effect.branch,
                             git::shortened(*made));
    status = co_await git.look_at(effect.worktree);
    if (!status) co_return passed_on(status);
  }
  found.changes = std::move(status->changes);
  found.files = std::move(status->files);
  co_return found;
}

/// What is committed with the files is looked at as it is made.
loop::Job<Result<bool>> is_whole(git::Repository& git, CollectWork effect, FoundWork found) {
  if (found.changes.count > 0 && effect.commit) co_return true;
  if (found.head == effect.start || found.head.empty()) co_return true;
  std::vector<CommitId> known = {effect.start};
  co_return co_await git.has_all_objects(found.head, std::move(known));
}

}  // namespace

loop::Job<Result<FoundWork>> find_work(git::Repository& git, const State& state, CollectWork effect,
                                       std::string rescue_ref) {
  Result<FoundWork> found = co_await look_for_work(git, state, effect);
  if (!found && found.error().fault != Fault::Io) co_return found;
  if (found) {
    const Result<bool> whole = co_await is_whole(git, effect, *found);
    if (!whole) co_return passed_on(whole);
    if (*whole) co_return found;
  }
  std::vector<CommitId> known = {effect.start};
  const Result<std::optional<git::LostCommits>> lost =
      co_await git.lost_commits(effect.worktree, effect.branch, known);
  if (!lost) co_return passed_on(lost);
  if (!*lost) co_return found;
  const std::string shown(git::shortened((*lost)->commits.front()));
  // Its files may be all of what an agent committed, or not: only the user can tell.
  if (!(*lost)->ours && !effect.as_is) {
    co_return hinted(
        fail(Fault::NeedsUser, "objects of its commit {} are gone, as after `git gc --prune=now`",
             shown),
        fmt::format("{}`tmux-orch merge {}` lands the files of its worktree, {} starts it again "
                    "and saves them",
                    effect.commit ? "" : "commit them anew, then ", shell_word(effect.task.value),
                    retry(effect)));
  }
  git::RescueRequest rescue;
  rescue.worktree = effect.worktree;
  rescue.branch = effect.branch;
  rescue.ref = std::move(rescue_ref);
  rescue.known = std::move(known);
  const Result<git::Rescue> saved = co_await git.rescue(std::move(rescue));
  if (!saved) co_return passed_on(saved);
  found = co_await look_for_work(git, state, std::move(effect));
  if (!found) co_return found;
  found->files_are_all = true;
  if (!found->note.empty()) found->note += "; ";
  found->note += fmt::format("lost objects of commit {}: its files were taken, on top of {}", shown,
                             git::shortened((*lost)->good));
  co_return found;
}

}  // namespace orch::app
