// The calls of a repository, each handed to the part that does it, exclusively or at once.
#include "git/repository.hpp"

#include "git/bring_submodules.hpp"
#include "git/commit.hpp"
#include "git/discover.hpp"
#include "git/filters.hpp"
#include "git/follow.hpp"
#include "git/forecast.hpp"
#include "git/frozen.hpp"
#include "git/generated.hpp"
#include "git/heads.hpp"
#include "git/known_files.hpp"
#include "git/landing.hpp"
#include "git/left.hpp"
#include "git/lost.hpp"
#include "git/own_refs.hpp"
#include "git/pool.hpp"
#include "git/push.hpp"
#include "git/queries.hpp"
#include "git/remake.hpp"
#include "git/removal.hpp"
#include "git/rescue.hpp"
#include "git/reset.hpp"
#include "git/signing.hpp"
#include "git/slot_ahead.hpp"
#include "git/slot_ready.hpp"
#include "git/snapshot.hpp"
#include "git/sparse.hpp"
#include "git/stored.hpp"
#include "git/submodules.hpp"
#include "git/sweep.hpp"
#include "git/task_branch.hpp"
#include "git/test_checkout.hpp"
#include "git/work_change.hpp"
#include "git/worktrees.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

Job<RepositoryFacts> Repository::locate(loop::Loop& loop, loop::Children& children,
                                        fs::path folder) {
  return git::locate(loop, children, std::move(folder));
}

Job<RepositoryFacts> Repository::discover(loop::Loop& loop, loop::Children& children,
                                          fs::path folder) {
  return git::discover(loop, children, std::move(folder));
}

static RepositoryFacts ordinary(const fs::path& root, const fs::path& git_dir) {
  RepositoryFacts facts;
  facts.root = root;
  facts.git_dir = git_dir;
  facts.main = root;
  return facts;
}

/// More gits than there are processors only make each other slow.
static int places_at_once() {
  return std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
}

Repository::Repository(loop::Loop& loop, loop::Children& children, const RepositoryFacts& facts)
    : git_(loop, children, facts),
      landing_(loop, 1),
      tests_(loop, places_at_once()),
      follows_(loop, 1),
      begins_(loop, places_at_once()),
      ends_(loop, places_at_once()) {}

Repository::Repository(loop::Loop& loop, loop::Children& children, const fs::path& root,
                       const fs::path& git_dir)
    : Repository(loop, children, ordinary(root, git_dir)) {}

template <class T>
Job<T> Repository::in_lane(AsyncSemaphore& lane, Job<T> part) {
  const AsyncSemaphore::Lock lock = co_await lane.lock();
  co_return co_await part;
}

Job<bool> Repository::freeze(fs::path folder, Settings settings) {
  return frozen_.freeze(git_, std::move(folder), settings);
}

Status Repository::use_frozen(const fs::path& folder) {
  return frozen_.use(git_, folder);
}

Job<bool> Repository::use_plain(fs::path folder, fs::path common_dir) {
  return git::use_plain(git_, std::move(folder), std::move(common_dir));
}

Job<std::vector<std::string>> Repository::programs_since(fs::path folder) {
  return git::programs_since(git_, std::move(folder));
}

Status Repository::put_back_frozen() const {
  return frozen_.put_back(git_.git_dir);
}

Job<loop::Command> Repository::diff_for_terminal(std::vector<std::string> args, fs::path worktree) {
  return git::diff_for_terminal(git_, std::move(args), std::move(worktree));
}

Job<std::optional<CommitId>> Repository::resolve(std::string rev) {
  return git::resolve(git_, std::move(rev));
}

Job<std::vector<std::string>> Repository::changed_files(CommitId from, CommitId to) {
  return git::changed_files(git_, std::move(from), std::move(to));
}

Job<CommitId> Repository::with_generated(GeneratedRequest request) {
  return git::with_generated(git_, std::move(request));
}

Job<std::vector<std::string>> Repository::conflicting_files(CommitId one, CommitId other) {
  return git::conflicting_files(git_, std::move(one), std::move(other));
}

Job<WorkChange> Repository::work_change(CommitId onto, CommitId work) {
  return git::work_change(git_, std::move(onto), std::move(work));
}

Job<std::string> Repository::change_text(CommitId from, CommitId to) {
  return git::change_text(git_, std::move(from), std::move(to));
}

Job<std::string> Repository::tree_of(CommitId commit) {
  return git::tree_of(git_, std::move(commit));
}

Job<bool> Repository::has_all_objects(CommitId commit, std::vector<CommitId> known) {
  return git::has_all_objects(git_, std::move(commit), std::move(known));
}

Job<std::optional<LostCommits>> Repository::lost_commits(fs::path worktree, std::string branch,
                                                         std::vector<CommitId> known) {
  return git::lost_commits(git_, std::move(worktree), std::move(branch), std::move(known));
}

Job<bool> Repository::is_ancestor(CommitId ancestor, CommitId descendant) {
  return git::is_ancestor(git_, std::move(ancestor), std::move(descendant));
}

Job<bool> Repository::are_related(CommitId one, CommitId other) {
  return git::are_related(git_, std::move(one), std::move(other));
}

Job<std::optional<CommitId>> Repository::branch_tip(std::string branch) {
  return git::branch_tip(git_, std::move(branch));
}

Job<std::optional<CommitId>> Repository::ref(std::string name) {
  return git::ref(git_, std::move(name));
}

std::vector<Holder> Repository::checked_out_at(std::string_view branch) const {
  return git::checked_out_at(git_, branch);
}

Job<Identity> Repository::identity() {
  return git::identity(git_);
}

Job<CommittedWork> Repository::committed_work(CommitId from, CommitId to) {
  return git::committed_work(git_, std::move(from), std::move(to));
}

Job<std::optional<CommitId>> Repository::before_landing(CommitId landed) {
  return git::before_landing(git_, std::move(landed));
}

Job<std::vector<LandedCommit>> Repository::first_parents(CommitId from, CommitId to) {
  return git::first_parents(git_, std::move(from), std::move(to));
}

Job<std::optional<std::string>> Repository::show_file(CommitId commit, std::string path) {
  return git::show_file(git_, std::move(commit), std::move(path));
}

std::optional<Checkout> Repository::checkout_of(const fs::path& path) const {
  return git::checkout_of(git_, path);
}

Job<std::vector<StoredFile>> Repository::stored_files(CommitId commit, std::string path) {
  return git::stored_files(git_, std::move(commit), std::move(path));
}

Job<std::vector<std::string>> Repository::ids_on_disk(Checkout checkout,
                                                      std::vector<std::string> paths) {
  return git::ids_on_disk(git_, std::move(checkout), std::move(paths));
}

Job<IndexedPath> Repository::indexed(Checkout checkout, std::string path) {
  return git::indexed(git_, std::move(checkout), std::move(path));
}

Job<std::vector<Worktree>> Repository::list_worktrees() {
  return git::list_worktrees(git_);
}

Job<WorktreeStatus> Repository::status_of(fs::path worktree) {
  return git::status_of(git_, std::move(worktree));
}

Job<WorktreeStatus> Repository::look_at(fs::path worktree) {
  return git::look_at(git_, std::move(worktree));
}

Job<WorktreeStatus> Repository::look_and_watch(fs::path worktree) {
  return git::look_and_watch(git_, std::move(worktree));
}

Job<std::vector<std::string>> Repository::edited_in(fs::path checkout) {
  return git::edited_in(git_, std::move(checkout));
}

Job<bool> Repository::grown_here(fs::path worktree, std::vector<CommitId> known) {
  return git::grown_here(git_, std::move(worktree), std::move(known));
}

Job<Leftovers> Repository::left_in(fs::path worktree, CachePatterns caches,
                                   std::vector<std::string> ignored,
                                   std::vector<std::string> folders) {
  return git::left_in(git_, std::move(worktree), std::move(caches), std::move(ignored),
                      std::move(folders));
}

Job<std::string> Repository::tree_now(fs::path worktree, std::vector<std::string> keep) {
  return git::tree_now(git_, std::move(worktree), std::move(keep));
}

Job<bool> Repository::ensure_branch(std::string branch, CommitId commit) {
  return in_lane(landing_, git::ensure_branch(git_, std::move(branch), std::move(commit)));
}

Job<EnsuredWorktree> Repository::ensure_worktree(WorktreeSpec spec) {
  return in_lane(begins_, git::ensure_worktree(git_, std::move(spec)));
}

Job<CommitId> Repository::revive_branch(fs::path worktree, std::string branch, CommitId start) {
  return in_lane(
      ends_, git::revive_branch(git_, std::move(worktree), std::move(branch), std::move(start)));
}

Job<Removed> Repository::remove_worktree(RemoveRequest request) {
  return in_lane(ends_, git::remove_worktree(git_, std::move(request)));
}

bool Repository::has_slot(const PoolPlan& pool) const {
  return !usable_slots(git_, pool).empty();
}

Job<bool> Repository::prepare_slot(PoolPlan pool, SlotsAhead wanted, fs::path trash_folder) {
  return git::prepare_slot(git_, std::move(pool), wanted, std::move(trash_folder));
}

Job<std::size_t> Repository::shrink_pool(PoolPlan pool, fs::path trash_folder) {
  return in_lane(ends_, git::shrink_pool(git_, std::move(pool), std::move(trash_folder)));
}

Job<Reset> Repository::reset_worktree(ResetRequest request) {
  return in_lane(begins_, git::reset_worktree(git_, std::move(request)));
}

Job<BroughtBase> Repository::bring_base(BringRequest request) {
  return in_lane(begins_, git::bring_base(git_, std::move(request)));
}

Job<std::vector<ConflictSides>> Repository::sides_of(CommitId work, CommitId base,
                                                     std::vector<std::string> paths,
                                                     std::size_t most, std::size_t lines) {
  return git::sides_of(git_, std::move(work), std::move(base), std::move(paths), most, lines);
}

Job<bool> Repository::delete_gone(fs::path trash_folder) {
  return git::delete_gone(git_, std::move(trash_folder));
}

Job<std::vector<std::string>> Repository::filters_without_program(CommitId commit) {
  return git::filters_without_program(git_, std::move(commit));
}

Job<std::vector<std::string>> Repository::bring_submodules(SubmoduleRequest request) {
  return in_lane(begins_, git::bring_submodules(git_, std::move(request)));
}

Job<std::vector<std::string>> Repository::submodules_not_here(fs::path checkout, CommitId commit) {
  return git::submodules_not_here(git_, std::move(checkout), std::move(commit));
}

Job<std::vector<KeptSubmodule>> Repository::keep_submodules(fs::path worktree, CommitId start,
                                                            CommitId work, std::string ref) {
  return git::keep_submodules(git_, std::move(worktree), std::move(start), std::move(work),
                              std::move(ref));
}

Job<bool> Repository::let_worktrees_be_sparse() {
  return git::let_worktrees_be_sparse(git_);
}

Job<std::vector<std::string>> Repository::not_folders(CommitId commit,
                                                      std::vector<std::string> paths) {
  return git::not_folders(git_, std::move(commit), std::move(paths));
}

Job<bool> Repository::note_set_up(fs::path worktree, std::vector<std::string> links) {
  return git::note_set_up(git_, std::move(worktree), std::move(links));
}

Job<Included> Repository::included_files(fs::path checkout, std::vector<std::string> left_out) {
  return git::included_files(git_, std::move(checkout), std::move(left_out));
}

Job<SetUpPrint> Repository::print_set_up(SetUpPrintRequest request) {
  return git::print_set_up(git_, std::move(request));
}

Job<Made> Repository::list_made(MadeRequest request) {
  return git::list_made(git_, std::move(request));
}

Job<bool> Repository::has_made(fs::path worktree, std::string print, fs::path trash_folder) {
  return git::has_made(git_, std::move(worktree), std::move(print), std::move(trash_folder));
}

Job<CommitId> Repository::commit_all(CommitRequest request) {
  return in_lane(ends_, git::commit_all(git_, std::move(request)));
}

Job<std::vector<LeftCommits>> Repository::left_commits(fs::path worktree,
                                                       std::vector<CommitId> known,
                                                       std::string ref) {
  return git::left_commits(git_, std::move(worktree), std::move(known), std::move(ref));
}

Job<Rescue> Repository::rescue(RescueRequest request) {
  return in_lane(ends_, git::rescue(git_, std::move(request)));
}

Job<Landing> Repository::prepare_landing(LandingRequest request) {
  return git::prepare_landing(git_, std::move(request));
}

Job<LandOutcome> Repository::land(std::string ref, CommitId candidate, CommitId onto) {
  return in_lane(landing_, git::land(git_, std::move(ref), std::move(candidate), std::move(onto)));
}

Job<bool> Repository::push(PushRequest request) {
  return git::push(git_, std::move(request));
}

Job<FollowOutcome> Repository::follow(FollowRequest request) {
  return in_lane(follows_, git::follow(git_, std::move(request)));
}

Job<SignWhen> Repository::signing() {
  return git::signing(git_);
}

Job<bool> Repository::try_signing(CommitId like) {
  return git::try_signing(git_, std::move(like));
}

Job<bool> Repository::set_signing(std::string when) {
  return git::set_signing(git_, std::move(when));
}

Job<CommitId> Repository::made_on_tip(RemakeRequest request) {
  return git::made_on_tip(git_, std::move(request));
}

Job<CommitId> Repository::signed_candidate(CommitId candidate, std::string candidate_ref,
                                           std::string branch_ref) {
  return git::signed_candidate(git_, std::move(candidate), std::move(candidate_ref),
                               std::move(branch_ref));
}

Job<std::string> Repository::check_out_for_review(TestCheckoutRequest request) {
  return git::check_out_for_tests(git_, std::move(request));
}

Job<std::string> Repository::check_out_for_tests(TestCheckoutRequest request) {
  return in_lane(tests_, git::check_out_for_tests(git_, std::move(request)));
}

Job<std::vector<OwnRef>> Repository::own_refs(std::vector<std::string> patterns, CommitId base) {
  return git::own_refs(git_, std::move(patterns), std::move(base));
}

Job<std::size_t> Repository::drop_refs(std::vector<OwnRef> refs) {
  return in_lane(landing_, git::drop_refs(git_, std::move(refs)));
}

}  // namespace orch::git
