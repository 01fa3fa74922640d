// Brings the user's branch forward, and the files of their checkout with it, but never at the price
// of a file of theirs: changed, untracked or ignored.
#include "git/follow.hpp"

#include "git/follow_edited.hpp"
#include "git/follow_guard.hpp"
#include "git/git_errors.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/registration.hpp"
#include "git/untouched.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kMergeTime = std::chrono::minutes(10);
/// Each but the last has met a user who switched branches in the same second.
constexpr int kMostTries = 3;

std::string name_of(const FollowRequest& request) {
  return request.target_name.empty() ? request.target.value : request.target_name;
}

/// What the user runs when ready: as careful with their files as follow() is.
std::string catch_up(const FollowRequest& request, const fs::path& checkout) {
  return fmt::format("git -C {} merge --ff-only --no-overwrite-ignore {}",
                     shell_word(checkout.native()), shell_word(name_of(request)));
}

/// The same for a branch that is checked out nowhere: git refuses it where that has changed.
std::string catch_up_unseen(const FollowRequest& request, const fs::path& root) {
  return fmt::format("git -C {} fetch . {}", shell_word(root.native()),
                     shell_word(name_of(request) + ":" + request.branch));
}

/// A free name for the folder, next to it.
fs::path free_name_for(const fs::path& folder) {
  fs::path place = folder.native() + ".saved";
  for (int number = 2; !is_missing(place); ++number)
    place = fmt::format("{}.saved-{}", folder.native(), number);
  return place;
}

/// git itself would delete a submodule's folder for a file, so the command moves it first.
NotSafe submodules_in_the_way(const FollowRequest& request, const fs::path& checkout,
                              const std::vector<ReplacedSubmodule>& submodules) {
  std::vector<std::string> names;
  std::string command;
  for (const ReplacedSubmodule& submodule : submodules) {
    names.push_back(submodule.path);
    command += fmt::format("mv {} {} && ", shell_word((checkout / submodule.path).native()),
                           shell_word(free_name_for(checkout / submodule.by).native()));
  }
  return NotSafe{fmt::format("your files in {} are in the way", listed(names)),
                 command + catch_up(request, checkout)};
}

/// What about the checkouts of the branch forbids to touch them.
std::optional<NotSafe> find_obstacle(const FollowRequest& request,
                                     const std::vector<Holder>& holders) {
  if (holders.empty()) return std::nullopt;
  const Holder& holder = holders.front();
  const std::string where = one_line(holder.path.native());
  const std::string command = catch_up(request, holder.path);
  if (holders.size() > 1)
    return NotSafe{fmt::format("branch '{}' is checked out in {} places", one_line(request.branch),
                               holders.size()),
                   command};
  if (holder.operation != Operation::None)
    return NotSafe{fmt::format("{} is in the middle of {}", where, to_text(holder.operation)),
                   command};
  if (is_missing(holder.path))
    return NotSafe{fmt::format("the checkout {} is gone", where), "git worktree prune"};
  return std::nullopt;
}

/// The branch alone, by compare-and-swap: it is checked out nowhere.
Job<FollowOutcome> move_branch(GitContext& git, FollowRequest request, Place place, CommitId tip) {
  const Status marked = set_mark(place.git_dir, StepMark::Following, "");
  if (!marked) co_return passed_on(marked);
  failpoint("git.follow");
  Call move = git.call({"update-ref", "-m", "tmux-orch: follow", "refs/heads/" + request.branch,
                        request.target.value, tip.value},
                       fmt::format("bring branch '{}' forward", one_line(request.branch)));
  move.place = place;
  const auto moved = co_await git.runner.run(move);
  const bool busy = !moved && moved.error().fault == Fault::Busy;
  // Ended by itself or never begun: either way nothing is half done. After a time-out it may be.
  if (moved || busy) {
    const Status cleared = clear_mark(place.git_dir, StepMark::Following);
    if (!cleared) co_return passed_on(cleared);
  }
  if (busy) co_return NotSafe{moved.error().what, catch_up_unseen(request, git.root)};
  if (!moved) co_return passed_on(moved);
  if (moved->ok()) co_return Moved{};
  const auto now = co_await branch_tip(git, request.branch);
  if (!now) co_return passed_on(now);
  if (*now && **now != tip) co_return Diverged{**now};
  co_return failed(move, *moved);
}

/// git moves whatever is checked out when it begins. Where the user switched at that very moment it
/// was something else: that goes back to where it was, with its files.
Job<std::optional<FollowOutcome>> settle_switched(GitContext& git, FollowRequest request,
                                                  Place place) {
  const auto now = co_await branch_tip(git, request.branch);
  if (!now) co_return passed_on(now);
  if (*now && **now == request.target) co_return Moved{place.work_tree};
  Call ask = git.call({"rev-parse", "--verify", "--quiet", "HEAD"}, "read HEAD");
  ask.place = place;
  const auto head = co_await git.line(std::move(ask));
  if (!head) co_return passed_on(head);
  if (*head != request.target.value) co_return std::nullopt;  // the user has gone on
  // Refuses where a file that differs has changed since: nothing of the user's is written over.
  Call undo = git.call({"reset", "--keep", "--quiet", "ORIG_HEAD"}, "undo a fast-forward");
  undo.place = place;
  undo.timeout = kMergeTime;
  const auto undone = co_await git.runner.run(undo);
  if (!undone) co_return passed_on(undone);
  if (undone->ok()) co_return std::nullopt;
  co_return NotSafe{
      fmt::format("{} was switched while '{}' was brought forward there, and is at "
                  "its new commits now",
                  one_line(place.work_tree.native()), one_line(request.branch)),
      fmt::format("git -C {} reset --keep ORIG_HEAD", shell_word(place.work_tree.native()))};
}

bool is_checked_out_at(const GitContext& git, std::string_view branch, const Place& place) {
  const std::vector<Holder> holders = checked_out_at(git, branch);
  return holders.size() == 1 && holders.front().path == place.work_tree;
}

/// Marks the checkout as being moved. Not nothing: it may not be.
Job<std::optional<FollowOutcome>> begin_move(GitContext& git, FollowRequest request, Place place,
                                             CommitId tip) {
  const auto repaired = co_await repair_checkout(git, place, tip);
  if (!repaired) co_return passed_on(repaired);
  const auto outlook = co_await look_ahead(git, place, tip, request.target);
  if (!outlook) co_return passed_on(outlook);
  if (!outlook->submodules.empty()) {
    const Status cleared = clear_mark(place.git_dir, StepMark::Following);
    if (!cleared) co_return passed_on(cleared);
    co_return submodules_in_the_way(request, place.work_tree, outlook->submodules);
  }
  const Status marked = set_mark(place.git_dir, StepMark::Following, outlook->mark);
  if (!marked) co_return passed_on(marked);
  failpoint("git.follow");
  co_return std::nullopt;
}

/// How git's fast-forward ended; nothing: it was not begun, as the user had switched the checkout.
using Move = std::optional<Result<loop::Finished>>;

bool is_done(const Move& move) {
  return move && *move && (*move)->ok();
}

bool is_busy(const Move& move) {
  return move && !*move && move->error().fault == Fault::Busy;
}

/// By default git takes what it ignores for expendable; but it is the user's.
Call fast_forward(GitContext& git, const FollowRequest& request, const Place& place) {
  Call merge = git.call(
      {"merge", "--ff-only", "--no-overwrite-ignore", "--no-stat", "--quiet", request.target.value},
      fmt::format("bring branch '{}' forward", one_line(request.branch)));
  merge.place = place;
  merge.timeout = kMergeTime;
  return merge;
}

Job<Move> try_to_move(GitContext& git, FollowRequest request, Place place, Call merge) {
  Move move;
  if (!is_checked_out_at(git, request.branch, place)) co_return move;
  move = co_await git.runner.run(merge);
  if (!*move || (*move)->ok()) co_return move;
  auto past = co_await merge_past_untouched(git, merge, files_named((*move)->err));
  if (!past) co_return passed_on(past);
  if (*past) move = std::move(**past);
  co_return move;
}

/// The mark goes where nothing can be half done.
Job<bool> end_move(GitContext& git, Place place, CommitId tip, Move move) {
  const bool ended = move && *move;
  if (ended && !is_done(move) && files_named((*move)->err).empty()) {
    // It did not refuse but failed, as on a full disk. Where that is still so the mark stays.
    const auto put_back = co_await repair_checkout(git, place, tip);
    if (!put_back) co_return passed_on(put_back);
  }
  // Refused, put back or never begun: nothing is half done. After a time-out it may be.
  if (!move || ended || is_busy(move)) {
    const Status cleared = clear_mark(place.git_dir, StepMark::Following);
    if (!cleared) co_return passed_on(cleared);
  }
  co_return true;
}

Job<std::optional<FollowOutcome>> outcome_of(GitContext& git, FollowRequest request, Place place,
                                             Call merge, Move move) {
  if (!move) co_return std::nullopt;
  if (is_busy(move)) co_return NotSafe{move->error().what, catch_up(request, place.work_tree)};
  if (!*move) co_return passed_on(*move);
  const bool is_here = is_checked_out_at(git, request.branch, place);
  if (is_done(move) && is_here) co_return Moved{place.work_tree};
  if (is_done(move)) co_return co_await settle_switched(git, request, place);
  if (!is_here) co_return std::nullopt;
  const Result<bool> why = failed(merge, **move);
  if (why.error().fault == Fault::Full) co_return passed_on(why);
  co_return NotSafe{why_refused((*move)->err), catch_up(request, place.work_tree)};
}

/// The branch and the files of the checkout that has it, by a fast-forward of git's. Nothing: the
/// user switched that checkout to something else meanwhile.
Job<std::optional<FollowOutcome>> move_checkout(GitContext& git, FollowRequest request, Place place,
                                                CommitId tip) {
  auto unsafe = co_await begin_move(git, request, place, tip);
  if (!unsafe || *unsafe) co_return unsafe;
  auto edited = co_await join_edited(git, request, place, tip);
  if (!edited) {
    const Status cleared = clear_mark(place.git_dir, StepMark::Following);
    co_return cleared ? passed_on(edited) : passed_on(cleared);
  }
  const Call merge = fast_forward(git, request, place);
  const auto move = co_await try_to_move(git, request, place, merge);
  if (!move) co_return passed_on(move);
  if (!edited->empty()) {
    const auto settled = co_await settle_edited(git, *std::move(edited), place, is_done(*move));
    if (!settled) co_return passed_on(settled);
  }
  const auto ended = co_await end_move(git, place, tip, *move);
  if (!ended) co_return passed_on(ended);
  co_return co_await outcome_of(git, request, place, merge, *move);
}

/// One try. Nothing: the user switched the checkout meanwhile.
Job<std::optional<FollowOutcome>> follow_once(GitContext& git, FollowRequest request) {
  const auto tip = co_await branch_tip(git, request.branch);
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return fail(Fault::NotFound, "there is no branch '{}'", one_line(request.branch));
  const std::vector<Holder> holders = checked_out_at(git, request.branch);
  Place place{git.git_dir, git.root};
  const bool nowhere = !holders.empty() && holders.front().path.empty();
  if (nowhere)
    co_return NotSafe{
        fmt::format("branch '{}' is checked out in the main worktree, and git does not "
                    "know where that is",
                    one_line(request.branch)),
        fmt::format("git merge --ff-only {}", shell_word(request.target_name))};
  if (!holders.empty()) {
    const Result<Place> checkout = git.place_of(holders.front().path);
    if (!checkout) co_return passed_on(checkout);
    place = *checkout;
  }
  if (has_mark(place.git_dir, StepMark::Following)) {
    const auto cleared = co_await clear_interrupted(git, place, request);
    if (!cleared) co_return passed_on(cleared);
    if (!*cleared)
      co_return NotSafe{
          fmt::format("another git is at work in {}", one_line(place.work_tree.native())),
          holders.empty() ? catch_up_unseen(request, git.root)
                          : catch_up(request, place.work_tree)};
  }
  const auto has_it = co_await is_ancestor(git, request.target, **tip);
  if (!has_it) co_return passed_on(has_it);
  if (*has_it) {
    const auto settled = co_await settle_interrupted(git, place);
    if (!settled) co_return passed_on(settled);
    const Status cleared = clear_mark(place.git_dir, StepMark::Following);
    if (!cleared) co_return passed_on(cleared);
    co_return AlreadyThere{};
  }
  const auto forward = co_await is_ancestor(git, **tip, request.target);
  if (!forward) co_return passed_on(forward);
  if (!*forward) co_return Diverged{**tip};
  if (auto unsafe = find_obstacle(request, holders)) co_return *std::move(unsafe);
  if (!holders.empty())
    co_return co_await move_checkout(git, std::move(request), std::move(place), **tip);
  auto moved = co_await move_branch(git, std::move(request), std::move(place), **tip);
  if (!moved) co_return passed_on(moved);
  co_return *std::move(moved);
}

}  // namespace

Job<FollowOutcome> follow(GitContext& git, FollowRequest request) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    auto outcome = co_await follow_once(git, request);
    if (!outcome) co_return passed_on(outcome);
    if (*outcome) co_return **std::move(outcome);
  }
  co_return NotSafe{"the checkout is switched again and again",
                    fmt::format("git merge --ff-only {}", shell_word(name_of(request)))};
}

}  // namespace orch::git
