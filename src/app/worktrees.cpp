// Effects on worktrees: make and set up, look at what was left, save, take away.
#include "agents/names.hpp"
#include "app/agent_files.hpp"
#include "app/agents.hpp"
#include "app/executor.hpp"
#include "app/find_work.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::app {
namespace {

std::string reason_for(const World& world, const TaskId& task) {
  return fmt::format("tmux-orch run={} task={}", world.info.id, slug(task.value));
}

std::string rescue_ref(const World& world, const TaskId& task, int attempt) {
  return fmt::format("refs/orch/rescue/{}/{}.{}", world.info.id, slug(task.value), attempt);
}

NameFields fields_of(const World& world, const CreateWorktree& effect) {
  NameFields fields{.id = effect.task, .agent = effect.agent, .attempt = effect.attempt};
  fields.run = world.info.id;
  for (std::size_t i = 0; i < world.state.tasks.size(); ++i) {
    if (world.state.tasks[i].id() != effect.task) continue;
    fields.num = static_cast<int>(i) + 1;
    fields.title = world.state.tasks[i].plan.spec.title;
  }
  return fields;
}

/// What git should make; a second branch pattern is taken where the first meets a folder of refs.
Result<git::WorktreeSpec> spec_for(const World& world, const CreateWorktree& effect,
                                   const std::string& pattern) {
  const NameFields fields = fields_of(world, effect);
  const Result<std::string> folder = folder_name(world.config.worktree, fields);
  if (!folder) return passed_on(folder);
  const Result<std::string> branch = branch_name(pattern, fields);
  if (!branch) return passed_on(branch);
  git::WorktreeSpec spec;
  spec.path =
      fs::path(*folder).is_absolute() ? fs::path(*folder) : world.places.repository() / *folder;
  spec.branch = *branch;
  spec.start = effect.from;
  spec.reason = reason_for(world, effect.task);
  spec.branch_ours = effect.attempt > 1;
  return spec;
}

/// Untracked files that a fresh checkout lacks; what is there already is left alone.
Status bring_files(const World& world, const fs::path& worktree) {
  const auto bring = [&](const std::string& name, bool link) -> Status {
    const fs::path from = fs::path(world.info.repository) / name;
    const fs::path to = worktree / name;
    std::error_code ec;
    if (!fs::exists(from, ec) || fs::exists(fs::symlink_status(to, ec))) return {};
    fs::create_directories(to.parent_path(), ec);
    if (link) {
      fs::create_symlink(from, to, ec);
    } else {
      fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, ec);
    }
    if (!ec) return {};
    return fail(ec == std::errc::no_space_on_device ? Fault::Full : Fault::Io,
                "cannot bring {} into {}: {}", name, worktree.string(), ec.message());
  };
  for (const std::string& name : world.config.worktree_setup.copy) {
    if (const Status brought = bring(name, false); !brought) return brought;
  }
  for (const std::string& name : world.config.worktree_setup.link) {
    if (const Status brought = bring(name, true); !brought) return brought;
  }
  return {};
}

loop::Job<Status> set_up(World& world, fs::path worktree) {
  if (Status brought = bring_files(world, worktree); !brought) co_return brought;
  for (const std::vector<std::string>& argv : world.config.worktree_setup.run) {
    loop::Command command;
    command.argv = argv;
    command.cwd = worktree.string();
    command.base_env = agent_environment(world, AgentProfile{}, {});
    command.timeout = world.config.worktree_setup.timeout;
    const Result<loop::Finished> finished = co_await world.children.run(std::move(command));
    if (!finished) co_return because(finished, "the worktree's set-up failed");
    if (!finished->ok()) {
      co_return hinted(
          fail(Fault::Refused, "the worktree's set-up failed: {}", finished->text(join(argv, " "))),
          "see [worktree_setup] in the configuration");
    }
  }
  co_return Status();
}

}  // namespace

loop::Job<Outcome> Executor::create_worktree(const CreateWorktree& effect) {
  Result<git::WorktreeSpec> spec = spec_for(world_, effect, world_.config.branch);
  if (!spec) co_return not_done(spec.error());
  Result<git::EnsuredWorktree> made = co_await world_.git.ensure_worktree(*spec);
  if (!made && made.error().fault == Fault::Conflict) {
    // A branch of the person's has the name of our folder of branches: take another prefix.
    spec = spec_for(world_, effect, "tmux-orch-" + world_.config.branch);
    if (!spec) co_return not_done(spec.error());
    made = co_await world_.git.ensure_worktree(*spec);
  }
  if (!made) co_return not_done(made.error());
  CommitId start = effect.from;
  if (effect.fresh) {
    // What the attempt before left was saved when it ended; this finds it saved, or saves it now.
    git::RescueRequest rescue;
    rescue.worktree = spec->path;
    rescue.branch = spec->branch;
    rescue.ref = rescue_ref(world_, effect.task, effect.attempt - 1);
    rescue.known = {effect.from};
    const Result<git::Rescue> saved = co_await world_.git.rescue(rescue);
    if (!saved) co_return not_done(saved.error());
    git::ResetRequest reset;
    reset.path = spec->path;
    reset.branch = spec->branch;
    reset.reason = spec->reason;
    reset.commit = effect.from;
    reset.expected = saved->commit.empty() ? made->head : saved->commit;
    const Result<CommitId> done = co_await world_.git.reset_worktree(reset);
    if (!done) co_return not_done(done.error());
  } else if (!effect.began.empty()) {
    start = effect.began;
  }
  const Status ready = co_await set_up(world_, spec->path);
  if (!ready) co_return not_done(ready.error());
  co_return WorktreeReady{spec->path.string(), spec->branch, start};
}

loop::Job<Outcome> Executor::collect_work(const CollectWork& effect) {
  const Result<FoundWork> found = co_await find_work(world_, effect);
  if (!found) co_return not_done(found.error());
  WorkCollected collected;
  collected.work = effect.reported.empty() ? found->head : effect.reported;
  std::vector<std::string> notes;
  if (!found->note.empty()) notes.push_back(found->note);
  if (found->changes.count > 0 && effect.commit) {
    const TaskRecord* task = world_.state.find(effect.task);
    const std::string title = task == nullptr ? "" : one_line(task->plan.spec.title, 60);
    const std::string message =
        fmt::format("{}: {}\n\nOrch-Run: {}\nOrch-Task: {}\n", one_line(effect.task.value, 40),
                    title, world_.info.id, one_line(effect.task.value));
    const Result<git::Identity> identity = co_await world_.git.identity();
    if (!identity) co_return not_done(identity.error());
    const Result<git::SignWhen> sign = co_await world_.git.signing();
    if (!sign) co_return not_done(sign.error());
    const Result<CommitId> committed = co_await world_.git.commit_all(
        effect.worktree, message, *identity, *sign == git::SignWhen::AtLanding);
    if (!committed) co_return not_done(committed.error());
    collected.work = *committed;
  } else if (found->changes.count > 0) {
    notes.push_back(fmt::format("left {} files uncommitted: {}", found->changes.count,
                                one_line(join(found->changes.names, ", "), 200)));
  }
  collected.note = join(notes, "; ");
  collected.changed = collected.work != effect.start;
  co_return collected;
}

loop::Job<Outcome> Executor::rescue_work(const RescueWork& effect) {
  git::RescueRequest rescue;
  rescue.worktree = effect.worktree;
  rescue.branch = effect.branch;
  rescue.ref = rescue_ref(world_, effect.task, effect.attempt);
  rescue.known = {effect.start};
  const Result<git::Rescue> saved = co_await world_.git.rescue(rescue);
  if (!saved) co_return not_done(saved.error());
  co_return WorkRescued{saved->ref};
}

loop::Job<Outcome> Executor::clean_up(const CleanUp& effect) {
  co_await agents_.close_windows(effect.task);
  if (effect.worktree.empty()) co_return Done{};
  git::RescueRequest rescue;
  rescue.worktree = effect.worktree;
  rescue.branch = effect.branch;
  rescue.ref = rescue_ref(world_, effect.task, effect.attempt);
  rescue.known = {effect.landed, world_.state.run.integration};
  const Result<git::Rescue> saved = co_await world_.git.rescue(rescue);
  if (!saved) co_return not_done(saved.error());
  git::RemoveRequest remove;
  remove.path = effect.worktree;
  remove.branch = effect.branch;
  remove.reason = reason_for(world_, effect.task);
  remove.safe = {effect.landed, world_.state.run.integration};
  if (!saved->commit.empty()) remove.safe.push_back(saved->commit);
  const Result<git::Removed> removed = co_await world_.git.remove_worktree(remove);
  if (!removed) co_return not_done(removed.error());
  co_return WorkRescued{saved->ref};
}

}  // namespace orch::app
