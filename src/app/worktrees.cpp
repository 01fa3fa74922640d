// Effects on worktrees.
#include "app/worktrees.hpp"

#include "app/agent_files.hpp"
#include "app/agents.hpp"
#include "app/bring.hpp"
#include "app/executor.hpp"
#include "app/find_work.hpp"
#include "app/git_settings.hpp"
#include "app/pool_keeper.hpp"
#include "app/pool_place.hpp"
#include "app/port_blocks.hpp"
#include "app/return_work.hpp"
#include "app/set_up_once.hpp"
#include "app/status_file.hpp"
#include "app/take_in.hpp"
#include "app/task_place.hpp"
#include "app/trash_place.hpp"
#include "config/names.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

/// What is said of things that went to the trash; nothing when none did.
std::string left_text(const RunContext& context, const git::TrashEntry& kept) {
  if (kept.name.empty()) return {};
  const fs::path shown = kept.folder.lexically_relative(context.paths.repository());
  const bool below = !shown.empty() && !shown.native().starts_with("..");
  return fmt::format("left {}; in {}, `tmux-orch rescue show {}`", git::describe(kept.left),
                     (below ? shown : kept.folder).native(), kept.name);
}

NameFields fields_of(const RunContext& context, const State& state, const CreateWorktree& effect) {
  NameFields fields{.id = effect.task, .agent = effect.agent, .attempt = effect.attempt};
  fields.run = context.info.id;
  for (std::size_t i = 0; i < state.tasks.size(); ++i) {
    if (state.tasks[i].id() != effect.task) continue;
    fields.num = static_cast<int>(i) + 1;
    fields.title = state.tasks[i].plan.spec.title;
  }
  return fields;
}

/// What git should make; a second branch pattern is taken where the first meets a folder of refs.
Result<git::WorktreeSpec> spec_for(const RunContext& context, const State& state,
                                   const CreateWorktree& effect, const std::string& pattern) {
  const NameFields fields = fields_of(context, state, effect);
  const Result<std::string> folder = folder_name(context.config.worktree, fields);
  if (!folder) return passed_on(folder);
  const Result<std::string> branch = branch_name(pattern, fields);
  if (!branch) return passed_on(branch);
  git::WorktreeSpec spec;
  spec.path =
      fs::path(*folder).is_absolute() ? fs::path(*folder) : context.paths.repository() / *folder;
  spec.branch = *branch;
  spec.start = effect.from;
  spec.reason = reason_for(context, effect.task);
  spec.branch_ours = effect.attempt > 1;
  spec.pool = pool_for(context, state);
  spec.sparse = context.config.worktrees.sparse;
  return spec;
}

/// The user has no copy of the submodule that its commit could be brought to. A checkout makes an
/// empty folder for it, in which git would find the repository around it.
std::string kept_text(const RunContext& context, const git::KeptSubmodule& submodule) {
  const std::string root = context.paths.repository().native();
  const std::string folder = shell_word(root + '/' + submodule.path);
  return fmt::format(
      "commit {0} of {1} is in no repository but yours, as {2}: `git init -q {3} && git -C {3} "
      "fetch {4} {2} && git -C {3} checkout -q {5}`",
      git::shortened(submodule.commit), one_line(submodule.path), submodule.ref, folder,
      shell_word(root), submodule.commit.value);
}

/// Nothing of a task would land: what it made is a git repository, of which git takes nothing.
NotDone all_in_a_repository(const CollectWork& effect, const std::string& name) {
  const std::string inner = shell_word((fs::path(effect.worktree) / name / ".git").native());
  const std::string next_to_it =
      shell_word(fmt::format("{}-{}.git", effect.worktree, fs::path(name).filename().native()));
  return NotDone{
      .why = fmt::format("all it made is in {}, a git repository of its own, and cannot land",
                         one_line(name, 100)),
      .hint = fmt::format("`mv {} {}` and `{}` land its files; or `{}`", inner, next_to_it,
                          call_about("merge", effect.task.value),
                          call_about("abort", effect.task.value)),
      .whole = true};
}

std::string place_of(const git::LeftCommits& commits) {
  const std::string name = one_line(commits.name, 100);
  return commits.on_branch ? "branch " + name : fmt::format("no branch, kept as {}", name);
}

std::string elsewhere_text(const git::LeftCommits& commits) {
  return fmt::format("made commits that do not land, on {}: `git merge {}` lands them",
                     place_of(commits), shell_word(one_line(commits.name)));
}

/// Nothing of a task would land: its agent went away from what it had committed.
NotDone all_elsewhere(const CollectWork& effect, const git::LeftCommits& commits) {
  return NotDone{.why = fmt::format("all it committed is on {}, and nothing of it on {}",
                                    place_of(commits), effect.branch),
                 .hint = fmt::format(
                     "`git -C {} merge {}`, then `{}` lands it; the latter alone lands nothing",
                     shell_word(effect.worktree), shell_word(one_line(commits.name)),
                     call_about("merge", effect.task.value)),
                 .whole = true};
}

}  // namespace

Worktrees::Worktrees(loop::Loop& loop, loop::Children& children, git::Repository& git,
                     const State& state, const RunContext& context, Agents& agents,
                     PoolKeeper& pool)
    : loop_(loop),
      children_(children),
      git_(git),
      state_(state),
      context_(context),
      agents_(agents),
      pool_(pool) {}

/// `down` does not wait for what takes minutes; the next `up` begins it again.
bool Worktrees::is_stopping() const {
  return state_.run.phase == RunPhase::Stopping;
}

/// The commands of the set-up, one after the other.
loop::Job<Status> Worktrees::run_set_up(fs::path worktree) {
  if (context_.config.worktree_setup.run.empty()) co_return Status();
  std::vector<std::string> environment = agent_environment(context_, AgentProfile{}, {});
  const std::vector<std::string> ports = co_await port_variable(loop_, context_, worktree);
  environment.insert(environment.end(), ports.begin(), ports.end());
  for (const std::vector<std::string>& argv : context_.config.worktree_setup.run) {
    if (is_stopping()) co_return fail(Fault::Busy, "the worktree's set-up was stopped");
    loop::Command command;
    command.argv = argv;
    command.stoppable = true;
    command.cwd = worktree.string();
    command.base_env = environment;
    command.timeout = context_.config.worktree_setup.timeout;
    const Result<loop::Finished> finished = co_await children_.run(std::move(command));
    if (!finished) co_return because(finished, "the worktree's set-up failed");
    if (!finished->ok() && is_stopping())
      co_return fail(Fault::Busy, "the worktree's set-up was stopped");
    if (!finished->ok()) {
      co_return hinted(
          fail(Fault::Refused, "the worktree's set-up failed: {}", finished->text(join(argv, " "))),
          "see [worktree_setup] in the configuration");
    }
  }
  co_return Status();
}

/// What `.worktreeinclude` names in the checkout that the run works for.
loop::Job<Result<git::Included>> Worktrees::included_here() {
  const fs::path checkout = context_.info.repository;
  const fs::path trash = trash_folder(context_.paths.repository(), context_.config.worktree);
  std::vector<std::string> ours;
  ours.push_back(context_.paths.home().lexically_relative(checkout).native());
  ours.push_back(trash.parent_path().lexically_relative(checkout).native());
  return git_.included_files(checkout, std::move(ours));
}

/// Says what of it could not be brought, or nothing. `fresh`: no agent has worked there, so all
/// that is new there is of the set-up, or of an earlier one.
loop::Job<Result<std::string>> Worktrees::set_up(fs::path worktree, bool fresh) {
  const WorktreeSetup& wanted = context_.config.worktree_setup;
  std::vector<std::string> missed;
  if (fresh && wanted.submodules) {
    git::SubmoduleRequest submodules{worktree, submodules_of(context_)};
    Result<std::vector<std::string>> failed = co_await git_.bring_submodules(std::move(submodules));
    if (!failed) co_return passed_on(failed);
    for (const std::string& submodule : *failed)
      missed.push_back("submodule " + submodule);
  }
  const Result<git::Included> included = co_await included_here();
  if (!included) co_return passed_on(included);
  MadeBefore before;
  if (fresh) {
    Result<MadeBefore> looked = co_await made_before(git_, context_, worktree, included->files);
    if (!looked) co_return passed_on(looked);
    before = std::move(*looked);
  }
  const bool brings = !wanted.copy.empty() || !wanted.link.empty() || !included->files.empty();
  if (!included->note.empty()) missed.push_back(included->note);
  if (!brings && wanted.run.empty()) co_return join(missed, "; ");
  Result<std::vector<std::string>> notes =
      co_await bring_files(children_, context_, worktree, included->files);
  if (!notes) co_return passed_on(notes);
  notes->insert(notes->end(), missed.begin(), missed.end());
  notes->insert(notes->end(), before.notes.begin(), before.notes.end());
  const bool makes_to_keep = !before.print.empty() && !before.is_there;
  if (makes_to_keep) {
    const Status begun = co_await begin_making(git_, context_, worktree, included->files);
    if (!begun) co_return passed_on(begun);
  }
  if (!before.is_there) {
    const Status ran = co_await run_set_up(worktree);
    if (!ran) co_return passed_on(ran);
  }
  if (!fresh) co_return std::string();
  if (makes_to_keep) {
    const Result<std::string> why_not =
        co_await keep_made(git_, context_, worktree, std::move(before.print), included->files);
    if (!why_not) co_return passed_on(why_not);
    if (!why_not->empty() && !std::exchange(told_of_made_, true)) notes->push_back(*why_not);
  }
  std::vector<std::string> links = wanted.link;
  const Result<bool> noted = co_await git_.note_set_up(worktree, std::move(links));
  if (!noted) co_return passed_on(noted);
  co_return join(*notes, "; ");
}

loop::Job<CreateWorktree::Ends> Worktrees::create(const CreateWorktree& effect) {
  Result<git::WorktreeSpec> spec = spec_for(context_, state_, effect, context_.config.branch);
  if (!spec) co_return not_done(spec.error());
  const Status room = check_free_space(spec->path, context_.config.worktrees);
  if (!room) co_return not_done(room.error());
  if (effect.attempt == 1) co_await pool_.slot_to_come();
  Result<git::EnsuredWorktree> made = co_await git_.ensure_worktree(*spec);
  if (!made && made.error().fault == Fault::Conflict) {
    // A branch of the user's has the name of our folder of branches: another prefix is needed.
    spec = spec_for(context_, state_, effect, "tmux-orch-" + context_.config.branch);
    if (!spec) co_return not_done(spec.error());
    made = co_await git_.ensure_worktree(*spec);
  }
  if (!made) co_return not_done(made.error());
  WorktreeReady worktree{spec->path.string(), spec->branch, effect.from, {}};
  if (effect.fresh) {
    // What the attempt before left was saved when it ended; this finds it saved, or saves it now.
    git::RescueRequest rescue;
    rescue.worktree = spec->path;
    rescue.branch = spec->branch;
    rescue.ref = rescue_ref(context_, effect.task, effect.attempt - 1);
    rescue.known = {effect.from};
    const Result<git::Rescue> saved = co_await git_.rescue(rescue);
    if (!saved) co_return not_done(saved.error());
    git::ResetRequest reset;
    reset.path = spec->path;
    reset.branch = spec->branch;
    reset.reason = spec->reason;
    reset.commit = effect.from;
    reset.expected = saved->commit.empty() ? made->head : saved->commit;
    reset.trash = trash_for(context_, effect.task, effect.attempt - 1, "a new attempt began");
    const Result<git::Reset> done = co_await git_.reset_worktree(reset);
    if (!done) co_return not_done(done.error());
    worktree.note = left_text(context_, done->kept);
    (void)co_await git_.delete_gone(reset.trash.folder);  // tried again with the next one
  } else if (!effect.began.empty()) {
    worktree.start = effect.began;
  }
  const bool fresh = effect.fresh || effect.attempt == 1;
  const Result<std::string> missed = co_await set_up(spec->path, fresh);
  if (!missed) co_return not_done(missed.error());
  if (!missed->empty()) {
    if (!worktree.note.empty()) worktree.note += "; ";
    worktree.note += "set up: " + *missed;
  }
  co_return worktree;
}

loop::Job<CollectWork::Ends> Worktrees::collect(const CollectWork& effect) {
  std::string saved_as = rescue_ref(context_, effect.task, effect.attempt);
  const Result<FoundWork> found = co_await find_work(git_, state_, effect, std::move(saved_as));
  if (!found) co_return not_done(found.error());
  WorkCollected collected;
  const bool as_reported = !effect.reported.empty() && !found->files_are_all;
  collected.work = as_reported ? effect.reported : found->head;
  std::vector<std::string> notes;
  if (!found->note.empty()) notes.push_back(found->note);
  if (found->changes.count > 0 && (effect.commit || found->files_are_all)) {
    const TaskRecord* task = state_.find(effect.task);
    const std::string title = task == nullptr ? "" : one_line(task->plan.spec.title, 60);
    const std::string message =
        fmt::format("{}: {}\n\nOrch-Run: {}\nOrch-Task: {}\n", one_line(effect.task.value, 40),
                    title, context_.info.id, one_line(effect.task.value));
    const Result<git::Identity> identity = co_await git_.identity();
    if (!identity) co_return not_done(identity.error());
    const Result<git::SignWhen> sign = co_await git_.signing();
    if (!sign) co_return not_done(sign.error());
    git::CommitRequest commit;
    commit.worktree = effect.worktree;
    commit.message = message;
    commit.identity = *identity;
    commit.is_signed = *sign == git::SignWhen::AtLanding;
    commit.seen = found->files;
    const Result<CommitId> committed = co_await git_.commit_all(std::move(commit));
    if (!committed) co_return not_done(committed.error());
    collected.work = *committed;
  } else if (found->changes.count > 0) {
    notes.push_back(fmt::format("left {} files uncommitted: {}", found->changes.count,
                                one_line(join(found->changes.names, ", "), 200)));
  }
  const std::string programs = co_await changed_configuration(git_, context_.run.git());
  if (!programs.empty() && !std::exchange(told_of_programs_, true)) notes.push_back(programs);
  collected.changed = collected.work != effect.start;
  std::vector<CommitId> lands = {effect.start, collected.work, state_.run.integration};
  std::string keep_as = rescue_ref(context_, effect.task, effect.attempt);
  const Result<std::vector<git::LeftCommits>> elsewhere =
      co_await git_.left_commits(effect.worktree, std::move(lands), std::move(keep_as));
  if (!elsewhere) co_return not_done(elsewhere.error());
  if (!collected.changed && !elsewhere->empty() && !effect.as_is)
    co_return all_elsewhere(effect, elsewhere->front());
  for (const git::LeftCommits& commits : *elsewhere)
    notes.push_back(elsewhere_text(commits));
  std::string key =
      fmt::format("{}/{}", context_.info.id, attempt_key(effect.task, effect.attempt));
  const Result<std::vector<git::KeptSubmodule>> kept =
      co_await git_.keep_submodules(effect.worktree, effect.start, collected.work, std::move(key));
  if (!kept) co_return not_done(kept.error());
  for (const git::KeptSubmodule& submodule : *kept) {
    if (!submodule.in_submodule) notes.push_back(kept_text(context_, submodule));
  }
  collected.note = join(notes, "; ");
  if (!found->in_worktree || !found->files) co_return collected;
  std::vector<std::string> ignored = found->files->ignored;
  std::erase(ignored, kStatusFile);
  std::vector<std::string> folders;
  for (const std::string& name : found->files->untracked) {
    if (effect.commit && name.ends_with('/')) folders.push_back(name);
  }
  git::CachePatterns caches = caches_of(context_);
  const Result<git::Leftovers> left = co_await git_.left_in(effect.worktree, std::move(caches),
                                                            std::move(ignored), std::move(folders));
  if (!left) co_return not_done(left.error());
  if (!collected.changed && !left->repositories.empty()) {
    co_return all_in_a_repository(effect, left->repositories.front());
  }
  if (!left->empty()) {
    if (!collected.note.empty()) collected.note += "; ";
    collected.note += "left " + git::describe_ignored(*left);
  }
  co_return collected;
}

loop::Job<bool> Worktrees::shrink_pool() {
  const fs::path trash = trash_folder(context_.paths.repository(), context_.config.worktree);
  const Result<std::size_t> gone = co_await git_.shrink_pool(pool_at_rest(context_), trash);
  if (gone && *gone > 0) (void)co_await git_.delete_gone(trash);  // done again by the next run
  co_return gone.has_value();
}

loop::Job<RescueWork::Ends> Worktrees::rescue(const RescueWork& effect) {
  put_away_status_file(context_.run.attempt(effect.task, effect.attempt), effect.worktree);
  git::RescueRequest rescue;
  rescue.worktree = effect.worktree;
  rescue.branch = effect.branch;
  rescue.ref = rescue_ref(context_, effect.task, effect.attempt);
  rescue.known = {effect.start};
  const Result<git::Rescue> saved = co_await git_.rescue(rescue);
  if (!saved) co_return not_done(saved.error());
  co_return WorkRescued{saved->ref, {}};
}

loop::Job<ReturnWork::Ends> Worktrees::give_back(const ReturnWork& effect) {
  return return_work(git_, state_, context_, effect);
}

loop::Job<TakeIn::Ends> Worktrees::take_in(const TakeIn& effect) {
  return app::take_in(git_, state_, context_, effect);
}

loop::Job<CleanUp::Ends> Worktrees::clean_up(const CleanUp& effect) {
  co_await agents_.close_windows(effect.task);
  if (effect.worktree.empty()) co_return Done{};
  put_away_status_file(context_.run.attempt(effect.task, effect.attempt), effect.worktree);
  git::RescueRequest rescue;
  rescue.worktree = effect.worktree;
  rescue.branch = effect.branch;
  rescue.ref = rescue_ref(context_, effect.task, effect.attempt);
  rescue.known = {effect.landed, state_.run.integration};
  const Result<git::Rescue> saved = co_await git_.rescue(rescue);
  if (!saved) co_return not_done(saved.error());
  git::RemoveRequest remove;
  remove.path = effect.worktree;
  remove.branch = effect.branch;
  remove.reason = reason_for(context_, effect.task);
  remove.safe = {effect.landed, state_.run.integration};
  if (!saved->commit.empty()) remove.safe.push_back(saved->commit);
  remove.saved = saved->commit;
  remove.trash = trash_for(context_, effect.task, effect.attempt, "its task is merged");
  remove.pool = pool_for(context_, state_);
  remove.seen = saved->seen;
  const Result<git::Removed> removed = co_await git_.remove_worktree(remove);
  if (!removed) co_return not_done(removed.error());
  (void)co_await git_.delete_gone(remove.trash.folder);  // tried again with the next one
  WorkRescued outcome;
  outcome.ref = saved->ref;
  outcome.note = left_text(context_, removed->kept);
  co_return outcome;
}

}  // namespace orch::app
