#pragma once
// One repository as the supervisor uses it: worktrees for tasks, landings without a checkout,
// rescues before anything is taken away.
//
// Every operation is an "ensure": after a SIGKILL at any point, calling it again with the same
// arguments leads to the same end. Nothing here deletes what it did not make, and nothing resets a
// checkout that is the user's. What lands runs one at a time, in the order it was called. Of what
// makes worktrees, and of what saves and takes them away, as many are under way as there are
// processors: a landing waits for neither. Questions run at once.
//
// For those outside of this folder: its own parts are functions over a GitContext, know no
// Repository and take no lock.
#include "git/async_semaphore.hpp"
#include "git/bring_base.hpp"
#include "git/checkout.hpp"
#include "git/context.hpp"
#include "git/frozen.hpp"
#include "git/included.hpp"
#include "git/landing_values.hpp"
#include "git/made_by_set_up.hpp"
#include "git/registration.hpp"
#include "git/set_up_print.hpp"
#include "git/values.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

class Repository {
 public:
  /// What repository `folder` lies in, without what its checkout is like. Fault::NotFound: none;
  /// Fault::Refused: git does not trust its owner, or the folder is git's own.
  static Job<RepositoryFacts> locate(loop::Loop& loop, loop::Children& children,
                                     std::filesystem::path folder);
  /// All of it. Fault::NotFound also: no commit yet; Fault::Refused also: no worktree here, as the
  /// repository is bare.
  static Job<RepositoryFacts> discover(loop::Loop& loop, loop::Children& children,
                                       std::filesystem::path folder);

  /// Must outlive the jobs it hands out.
  Repository(loop::Loop& loop, loop::Children& children, const RepositoryFacts& facts);
  /// An ordinary repository, whose `root` is its main worktree.
  Repository(loop::Loop& loop, loop::Children& children, const std::filesystem::path& root,
             const std::filesystem::path& git_dir);

  const std::filesystem::path& root() const { return git_.root; }

  const std::filesystem::path& git_dir() const { return git_.git_dir; }

  /// From here on every git reads the repository's configuration as it was when this was first done
  /// with that folder, all of it or what runs nothing; see git/frozen.hpp.
  Job<bool> freeze(std::filesystem::path folder, Settings settings = Settings::All);
  /// The same for a folder that is frozen already; nothing if it is not.
  Status use_frozen(const std::filesystem::path& folder);
  /// From here on every git reads what of the configuration as it is now runs nothing, copied into
  /// that folder, and fetches nothing. `common_dir`: where the git folder is that of a linked
  /// worktree, the one it belongs to.
  Job<bool> use_plain(std::filesystem::path folder, std::filesystem::path common_dir = {});
  /// Before the first worktree with a WorktreeSpec::sparse.
  Job<bool> let_worktrees_be_sparse();
  /// Those that are no folders in the commit.
  Job<std::vector<std::string>> not_folders(CommitId commit, std::vector<std::string> paths);
  /// What may name a program in the configuration as it is now, and did not when `folder` was
  /// frozen; all of it where there is no such folder. Names of settings, `.git/info/attributes`.
  Job<std::vector<std::string>> programs_since(std::filesystem::path folder);
  /// Makes the frozen folder again where somebody removed it, with what was in it.
  Status put_back_frozen() const;

  /// The command that shows the user a difference, on the terminal: of commits; or, with the
  /// worktree it is in, between its files and a commit. Nobody watches it: Fault::Refused names
  /// what it would wait for.
  Job<loop::Command> diff_for_terminal(std::vector<std::string> args,
                                       std::filesystem::path worktree = {});

  // Questions. -----------------------------------------------------------------------------------

  /// Any way git knows to name a commit; nothing if there is none of that name.
  Job<std::optional<CommitId>> resolve(std::string rev);
  /// The tree's id.
  Job<std::string> tree_of(CommitId commit);
  /// Paths from the root, sorted.
  Job<std::vector<std::string>> changed_files(CommitId from, CommitId to);
  /// The candidate with the files of it that were made anew.
  Job<CommitId> with_generated(GeneratedRequest request);
  /// The files in which the works conflict; none: they merge.
  Job<std::vector<std::string>> conflicting_files(CommitId one, CommitId other);
  /// What `work` changes, where it is to land on `onto`.
  Job<WorkChange> work_change(CommitId onto, CommitId work);
  /// The difference as text. Fault::Full: it is larger than 16 MB.
  Job<std::string> change_text(CommitId from, CommitId to);
  /// Are all objects there that the commit has beyond those of the known ones?
  Job<bool> has_all_objects(CommitId commit, std::vector<CommitId> known);
  /// Commits that HEAD of the worktree or the branch name and of which objects are gone, as far as
  /// they go beyond `known`, of which the first is the start; nothing where all is there.
  Job<std::optional<LostCommits>> lost_commits(std::filesystem::path worktree, std::string branch,
                                               std::vector<CommitId> known);
  /// A commit is its own ancestor.
  Job<bool> is_ancestor(CommitId ancestor, CommitId descendant);
  /// Do they have a commit in common?
  Job<bool> are_related(CommitId one, CommitId other);
  Job<std::optional<CommitId>> branch_tip(std::string branch);
  /// The id a full ref name holds.
  Job<std::optional<CommitId>> ref(std::string name);
  /// Every worktree that has the branch checked out or will move it (a rebase, a bisect).
  /// Read from git's files: no process.
  std::vector<Holder> checked_out_at(std::string_view branch) const;
  Job<Identity> identity();
  /// What the commits up to `to` have added that are not in `from`.
  Job<CommittedWork> committed_work(CommitId from, CommitId to);
  /// The commits that a branch was at on its way from the one, left out, to the other, newest
  /// first.
  Job<std::vector<LandedCommit>> first_parents(CommitId from, CommitId to);
  /// What the branch was at before that landed; nothing: it was at no commit.
  Job<std::optional<CommitId>> before_landing(CommitId landed);
  /// The file as it is stored in that commit; nothing if it is not a plain file there.
  Job<std::optional<std::string>> show_file(CommitId commit, std::string path);
  /// The checkout that a path lies in: of this repository, or of one inside or around it. Read from
  /// git's files: no process.
  std::optional<Checkout> checkout_of(const std::filesystem::path& path) const;
  /// The plain file at that path in the commit, or those directly in the folder there; none: [].
  Job<std::vector<StoredFile>> stored_files(CommitId commit, std::string path);
  /// The ids that the files would be stored under, in that order. Paths are relative to the work
  /// tree and have no newline; a file that is gone is an error.
  Job<std::vector<std::string>> ids_on_disk(Checkout checkout, std::vector<std::string> paths);
  /// The file, or all files of the folder, at that path in a checkout's index.
  Job<IndexedPath> indexed(Checkout checkout, std::string path);
  /// Paths that differ between two commits, sorted by git.
  Job<std::vector<Worktree>> list_worktrees();
  Job<WorktreeStatus> status_of(std::filesystem::path worktree);
  /// The same, with each file by itself and the ignored ones: all that is needed to save, commit
  /// and put away what is there.
  Job<WorktreeStatus> look_at(std::filesystem::path worktree);
  /// The same; as long as nothing happens in it, a rescue has not to look once more.
  Job<WorktreeStatus> look_and_watch(std::filesystem::path worktree);
  /// Tracked files that a worktree has other than its index.
  Job<std::vector<std::string>> edited_in(std::filesystem::path checkout);
  /// Did HEAD of that worktree get to where it is by commits made there, from places within
  /// `known`? After a checkout of somebody else's branch its commits are not the task's. By git's
  /// log of HEAD; false where there is none.
  Job<bool> grown_here(std::filesystem::path worktree, std::vector<CommitId> known);
  /// What is in the worktree and will be in no commit: ignored files, less caches and what the
  /// set-up brought; and repositories of their own, there and below `folders`. Only looks, and not
  /// at more than some ten thousand folders.
  /// `ignored`: as SeenFiles has them.
  Job<Leftovers> left_in(std::filesystem::path worktree, CachePatterns caches,
                         std::vector<std::string> ignored, std::vector<std::string> folders);
  /// The tree of the files as they are, ignored ones and `keep` left out.
  Job<std::string> tree_now(std::filesystem::path worktree, std::vector<std::string> keep);

  // Worktrees. -----------------------------------------------------------------------------------

  /// Creates the branch at `commit` unless it exists, wherever it is. Fault::Conflict: its name
  /// collides with the folder of another branch, so that another prefix is needed.
  Job<bool> ensure_branch(std::string branch, CommitId commit);
  /// Fault::Refused: the path or the branch is somebody else's; Fault::Conflict as above.
  Job<EnsuredWorktree> ensure_worktree(WorktreeSpec spec);
  /// Makes the branch of a worktree of ours again where somebody deleted it, at the last commit
  /// after `start` that HEAD was at there; its tip where it exists.
  Job<CommitId> revive_branch(std::filesystem::path worktree, std::string branch, CommitId start);
  /// Takes it away, or parks it in the pool for another task. What is in no commit goes to the
  /// trash. Fault::Refused: commits would be lost.
  Job<Removed> remove_worktree(RemoveRequest request);
  /// Is one parked that a task can have, at whatever commit?
  bool has_slot(const PoolPlan& pool) const;
  /// Makes one slot ready before a task wants it. True: it did; there may be more to do.
  Job<bool> prepare_slot(PoolPlan pool, SlotsAhead wanted, std::filesystem::path trash_folder);
  /// Removes parked worktrees until no more than pool.most are left; how many went.
  Job<std::size_t> shrink_pool(PoolPlan pool, std::filesystem::path trash_folder);
  /// For a fresh attempt, after a rescue: branch and files become exactly that commit, and
  /// what is not saved goes to the trash. Fault::Refused: commits would be lost.
  Job<Reset> reset_worktree(ResetRequest request);
  /// Frees the space of what was deleted from worktrees and the trash; may take long, holds up
  /// nothing.
  Job<bool> delete_gone(std::filesystem::path trash_folder);
  /// Filters that the attributes at the root of the commit name and that git has no command for.
  Job<std::vector<std::string>> filters_without_program(CommitId commit);
  /// Says which submodules could not be checked out. Of a worktree in which no agent has worked:
  /// git goes by the configuration of what is checked out there.
  Job<std::vector<std::string>> bring_submodules(SubmoduleRequest request);
  /// Of the submodules of a commit, the paths of those of which the checkout has no copy, or one
  /// without what the commit names.
  Job<std::vector<std::string>> submodules_not_here(std::filesystem::path checkout,
                                                    CommitId commit);
  /// Saves commits of submodules, checked out in the worktree, that `work` names and `start` does
  /// not: they are nowhere else. `ref` is what the refs for them are called after.
  Job<std::vector<KeptSubmodule>> keep_submodules(std::filesystem::path worktree, CommitId start,
                                                  CommitId work, std::string ref);
  /// Writes down what untracked files are there before an agent begins, and what is linked in at
  /// `links`: unchanged, they are no work of the agent's and not kept in the trash.
  Job<bool> note_set_up(std::filesystem::path worktree, std::vector<std::string> links);
  /// Files that the checkout's `.worktreeinclude` has copied into its worktrees.
  Job<Included> included_files(std::filesystem::path checkout, std::vector<std::string> left_out);
  /// Of the files that decide what a set-up makes.
  Job<SetUpPrint> print_set_up(SetUpPrintRequest request);
  /// Lists what a set-up made, so that it may stay in the worktree from one task to the next.
  Job<Made> list_made(MadeRequest request);
  /// Is what an earlier set-up made there, untouched, and made from the same? What there is of it
  /// is thrown away otherwise. For a worktree in which no agent has worked since.
  Job<bool> has_made(std::filesystem::path worktree, std::string print,
                     std::filesystem::path trash_folder);
  /// Tracked and untracked changes become a commit on the current branch; HEAD when there are none.
  Job<CommitId> commit_all(CommitRequest request);
  /// Commits that were made in the worktree since its attempt began, and that it went away from:
  /// those that are within neither `known` nor a rescue. Where no branch has them either, they are
  /// kept under `ref`, or that with a number.
  Job<std::vector<LeftCommits>> left_commits(std::filesystem::path worktree,
                                             std::vector<CommitId> known, std::string ref);
  /// Saves under a ref what is neither committed nor known to be safe. Changes nothing else, unless
  /// HEAD or the branch name commits of which objects are gone: these go back to the last one that
  /// can be read, and the files are saved on top of that.
  Job<Rescue> rescue(RescueRequest request);

  /// Merges the base into the worktree of work that did not land on it, if its files are as
  /// committed and HEAD is that work; with marks in the files where they conflict. What HEAD was is
  /// under a ref before.
  Job<BroughtBase> bring_base(BringRequest request);
  /// What the work and the base have made of files in which they conflict.
  Job<std::vector<ConflictSides>> sides_of(CommitId work, CommitId base,
                                           std::vector<std::string> paths, std::size_t most,
                                           std::size_t lines);

  // Landing. -------------------------------------------------------------------------------------

  /// Merges without a checkout; the candidate is under its ref before it is returned.
  /// Fault::Corrupt: objects of the branch are gone.
  Job<Landing> prepare_landing(LandingRequest request);
  /// Compare-and-swap of a full ref from `onto` to `candidate`. Fault::Corrupt: objects of the
  /// candidate are gone. Fault::Refused while the ref's
  /// branch is checked out, as the files there would stay as they were.
  Job<LandOutcome> land(std::string ref, CommitId candidate, CommitId onto);
  /// To a branch of a remote, never by force. The error is what git said: Fault::Refused where that
  /// branch has commits that ours does not have, Fault::TimedOut where nothing answers.
  Job<bool> push(PushRequest request);
  /// Brings the user's branch forward to `target`, and the files of its checkout along if git
  /// can do so without losing a change.
  Job<FollowOutcome> follow(FollowRequest request);
  /// Fault::BadInput: git's configuration says nonsense about it.
  Job<SignWhen> signing();
  /// Signs a commit that nobody keeps, with no longer than 10 s for it: does the signer work
  /// without the user? The error says what it said.
  Job<bool> try_signing(CommitId like);
  /// Sets `tmux-orch.sign` in the repository's configuration.
  Job<bool> set_signing(std::string when);
  /// A commit on `onto` with the tree of a candidate that was not made on it, made once:
  /// `candidate_ref` holds it then.
  Job<CommitId> made_on_tip(RemakeRequest request);
  /// The candidate with a signature, made once: `candidate_ref` holds it then. The candidate itself
  /// where that landed on `branch_ref` already.
  Job<CommitId> signed_candidate(CommitId candidate, std::string candidate_ref,
                                 std::string branch_ref);
  /// The worktree for tests: exactly that commit, detached, made if missing. Returns its tree.
  Job<std::string> check_out_for_tests(TestCheckoutRequest request);
  /// The same for whoever looks at one: no landing waits for it.
  Job<std::string> check_out_for_review(TestCheckoutRequest request);

  // What runs leave. ------------------------------------------------------------------------------

  /// The refs that match `patterns` as for git-for-each-ref(1), sorted by name. Only for names that
  /// runs make: what is found may be dropped.
  Job<std::vector<OwnRef>> own_refs(std::vector<std::string> patterns, CommitId base);
  /// Drops them in one step, less branches that are checked out; how many went. Fault::Io: one of
  /// them moved meanwhile, and none went.
  Job<std::size_t> drop_refs(std::vector<OwnRef> refs);

 private:
  /// Begins the part when the lane has room for it.
  template <class T>
  Job<T> in_lane(AsyncSemaphore& lane, Job<T> part);

  GitContext git_;
  FrozenFolder frozen_;
  AsyncSemaphore landing_;  ///< one at a time, and behind nothing else
  AsyncSemaphore tests_;    ///< checkouts for tests, which no landing waits for
  AsyncSemaphore follows_;  ///< of the user's checkout, which the next landing does not wait for
  AsyncSemaphore begins_;   ///< worktrees for tasks that begin
  AsyncSemaphore ends_;     ///< work of those that are over
};

}  // namespace orch::git
