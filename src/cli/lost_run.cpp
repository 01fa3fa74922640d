// Finds agents by their processes and worktrees by the reason of their lock.
#include "cli/lost_run.hpp"

#include "app/our_processes.hpp"
#include "cli/open_git.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"
#include "store/store.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

namespace orch::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A shim gives its agent 5 s, and its leftovers some more.
constexpr Span kEndTimeout = 10s;
constexpr Span kKillTimeout = 5s;
constexpr Span kLook = 20ms;
constexpr std::string_view kReason = "tmux-orch run=";

bool all_end(const std::vector<ProcessId>& processes, Span timeout) {
  const std::int64_t deadline = loop::Loop::boottime_ms() + timeout.count();
  while (std::ranges::any_of(processes, is_alive)) {
    if (loop::Loop::boottime_ms() > deadline) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

Status end_agents(const std::vector<ProcessId>& shims) {
  std::vector<ProcessId> all = shims;
  for (const ProcessId& shim : shims) {
    for (const ProcessId& child : descendants_of(shim.pid))
      all.push_back(child);
  }
  for (const ProcessId& shim : shims)
    signal_process(shim, SIGTERM);
  if (all_end(all, kEndTimeout)) return {};
  for (const ProcessId& process : all)
    signal_process(process, SIGKILL);
  if (all_end(all, kKillTimeout)) return {};
  return fail(Fault::TimedOut, "an agent of a run whose records were removed does not end");
}

/// The runs that the database knows; no database knows none. An Error: it cannot be read now.
Result<std::set<std::string>> known_runs(const app::Paths& paths) {
  std::set<std::string> known;
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store && store.error().fault == Fault::NotFound) return known;
  if (!store) return passed_on(store);
  const Result<std::vector<store::RunInfo>> runs = store->runs();
  if (!runs) return passed_on(runs);
  for (const store::RunInfo& run : *runs)
    known.insert(run.id);
  return known;
}

/// `run` and `task` of "tmux-orch run=RUN task=TASK"; empty: of something else.
std::pair<std::string, std::string> names_in(std::string_view reason) {
  constexpr std::string_view kTask = " task=";
  if (!reason.starts_with(kReason)) return {};
  reason.remove_prefix(kReason.size());
  const std::size_t blank = reason.find(kTask);
  if (blank == std::string_view::npos) return {};
  return {std::string(reason.substr(0, blank)), std::string(reason.substr(blank + kTask.size()))};
}

/// The run of an attempt's folder: .../runs/RUN/attempts/KEY.
std::string run_of(const fs::path& attempt) {
  return attempt.parent_path().parent_path().filename().string();
}

/// Saves what is in the worktree and takes it away; the ref, empty when there was nothing to save.
loop::Job<Result<std::string>> save_and_remove(git::Repository& repository, git::Worktree worktree,
                                               CommitId base) {
  const auto [run, task] = names_in(worktree.lock_reason);
  git::RescueRequest rescue;
  rescue.worktree = worktree.path;
  rescue.branch = worktree.branch;
  rescue.ref = fmt::format("refs/orch/rescue/{}/{}", run, task);
  rescue.known = {base};
  const Result<git::Rescue> saved = co_await repository.rescue(rescue);
  if (!saved) co_return passed_on(saved);
  git::RemoveRequest remove;
  remove.path = worktree.path;
  remove.branch = worktree.branch;
  remove.reason = worktree.lock_reason;
  remove.safe = {base};
  if (!saved->commit.empty()) remove.safe.push_back(saved->commit);
  const Result<git::Removed> removed = co_await repository.remove_worktree(remove);
  if (!removed) co_return passed_on(removed);
  co_return saved->ref;
}

}  // namespace

std::string LostRun::text() const {
  const std::string ended =
      fmt::format("{} agent{} ended", agents, agents == 1 ? " was" : "s were");
  if (rescues.empty()) return ended + ", there was no work to save";
  const std::string kept = "work is kept as " + join(rescues, ", ");
  return agents == 0 ? kept : ended + ", " + kept;
}

Result<LostRun> clear_lost_run(const git::RepositoryFacts& facts, const app::Paths& paths) {
  LostRun lost;
  const Result<std::set<std::string>> known = known_runs(paths);
  // It may know them all: the next verb that needs it says what is wrong with it.
  if (!known) return lost;
  std::vector<ProcessId> shims;
  for (const app::LivingShim& shim : app::shims_below(paths.home())) {
    if (!known->contains(run_of(shim.attempt))) shims.push_back(shim.process);
  }
  lost.agents = shims.size();
  if (const Status ended = end_agents(shims); !ended) return passed_on(ended);

  const OpenedGit git = open_git(facts);
  if (!git) return passed_on(git);
  const Result<std::vector<git::Worktree>> worktrees =
      (*git)->wait((*git)->repository.list_worktrees());
  if (!worktrees) return passed_on(worktrees);
  for (const git::Worktree& worktree : *worktrees) {
    const std::string run = names_in(worktree.lock_reason).first;
    const fs::path inside = worktree.path.lexically_relative(paths.repository());
    const bool here = !inside.empty() && !inside.native().starts_with("..");
    if (run.empty() || known->contains(run) || !here) continue;
    const OpenedGit its = open_git_of_lost_run(facts, run);
    if (!its) return passed_on(its);
    const Result<std::string> saved =
        (*its)->wait(save_and_remove((*its)->repository, worktree, facts.head));
    if (!saved) return because(saved, "a run whose records were removed is in the way");
    if (!saved->empty()) lost.rescues.push_back(*saved);
  }
  return lost;
}

}  // namespace orch::cli
