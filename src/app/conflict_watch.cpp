// From the tips of branches to the files in which they conflict.
#include "app/conflict_watch.hpp"

#include "app/git_pointer.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"
#include "orch/core/lifecycle.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace orch::app {
namespace {

/// Of more that change the same files as a work, the rest is not asked about.
constexpr std::size_t kMostCompared = 20;
constexpr std::size_t kMostNamed = 5;
constexpr std::size_t kMostTold = 5;  ///< others that a task is told to conflict with
constexpr std::size_t kLongestPath = 200;

std::vector<std::string> in_both(const std::vector<std::string>& one,
                                 const std::vector<std::string>& other) {
  std::vector<std::string> common;
  std::ranges::set_intersection(one, other, std::back_inserter(common));
  return common;
}

/// Another one when the file was written; 0: there is none.
std::int64_t stamp_of(const fs::path& file) {
  struct stat status {};

  if (::lstat(file.c_str(), &status) != 0) return 0;
  const auto nanoseconds =
      static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
  return nanoseconds ^ static_cast<std::int64_t>(status.st_ino << 32U);
}

ForeseenConflict foreseen(const TaskId& with, const std::vector<std::string>& files) {
  ForeseenConflict conflict{.with = with, .count = static_cast<std::int64_t>(files.size())};
  for (std::size_t i = 0; i < std::min(files.size(), kMostNamed); ++i)
    conflict.files.push_back(one_line(files[i], kLongestPath));
  return conflict;
}

}  // namespace

ConflictWatch::ConflictWatch(git::Repository& git, const State& state, const RunContext& context,
                             std::function<bool(const std::string&)> lands_anyhow,
                             std::function<void(Event)> post)
    : git_(git),
      state_(state),
      lands_anyhow_(std::move(lands_anyhow)),
      post_(std::move(post)),
      heads_(git.git_dir() / "refs/heads"),
      task_file_(fs::path(context.info.task_file)
                     .lexically_relative(context.info.repository)
                     .lexically_normal()
                     .native()) {}

bool ConflictWatch::counts(const TaskRecord& task) {
  return !is_final(task.state) && !task.cleaned && task.agent != 0;
}

/// Empty: it has none yet.
CommitId ConflictWatch::tip_of(const TaskRecord& task, Branch& branch) const {
  if (!task.work.empty()) return task.work;
  const AgentRun& agent = state_.agent_of(task);
  if (agent.branch.empty() || agent.start.empty()) return {};
  const fs::path ref = heads_ / agent.branch;
  const std::int64_t stamp = stamp_of(ref);
  if (stamp != 0 && stamp != branch.stamp)
    branch.read = CommitId{commit_in(ref.parent_path(), ref.filename().native())};
  branch.stamp = stamp;
  return branch.read;
}

/// Their branches have stood still since the last look, and not where they were compared.
std::vector<TaskId> ConflictWatch::moved() {
  std::vector<TaskId> moved;
  for (const TaskRecord& task : state_.tasks) {
    if (!counts(task)) continue;
    Branch& branch = branches_[task.id()];
    const CommitId tip = tip_of(task, branch);
    if (tip.empty()) continue;
    branch.start = state_.agent_of(task).start;
    const bool stands = std::exchange(branch.seen, tip) == tip || tip == task.work;
    // One that has not begun is of no interest, but one that begins anew has no conflicts any more.
    const bool has_begun = tip != branch.start || !branch.tip.empty();
    if (stands && has_begun && branch.tip != tip) moved.push_back(task.id());
  }
  return moved;
}

/// What has landed stays a conflict until the other one has moved: it is to merge that.
bool ConflictWatch::forget_gone() {
  std::set<TaskId> aborted;
  const auto gone = std::erase_if(branches_, [&](const auto& entry) {
    const TaskRecord* task = state_.find(entry.first);
    if (task != nullptr && counts(*task)) return false;
    if (task == nullptr || task->state != TaskState::Merged) aborted.insert(entry.first);
    return true;
  });
  std::erase_if(conflicts_, [&](const auto& entry) {
    const auto& [one, other] = entry.first;
    const bool has_one = branches_.contains(one);
    const bool has_other = branches_.contains(other);
    return aborted.contains(one) || aborted.contains(other) || (!has_one && !has_other);
  });
  return gone > 0;
}

void ConflictWatch::look() {
  if (looking_ || state_.run.phase != RunPhase::Running) return;
  const bool fewer = forget_gone();
  std::vector<TaskId> tasks = moved();
  if (tasks.empty()) {
    if (fewer) tell();
    return;
  }
  looking_ = true;
  loop::spawn<Result<bool>>(compare(std::move(tasks)), [this](const Result<bool>&) {
    looking_ = false;
    tell();
  });
}

loop::Job<Result<bool>> ConflictWatch::compare(std::vector<TaskId> tasks) {
  for (const TaskId& task : tasks) {
    // What git cannot tell now, the landing finds out: such a branch is not asked about again.
    const auto compared = co_await compare(task);
    if (!compared) log_line(LogLevel::Note, "{}", to_text(compared.error()));
  }
  co_return true;
}

loop::Job<Result<bool>> ConflictWatch::compare(TaskId task) {
  Branch own = branches_[task];
  own.tip = own.seen;
  const auto files = co_await git_.changed_files(own.start, own.tip);
  branches_[task].tip = own.tip;
  if (!files) co_return passed_on(files);
  own.files = *files;
  std::erase(own.files, task_file_);
  std::erase_if(own.files, lands_anyhow_);
  std::ranges::sort(own.files);
  branches_[task].files = own.files;
  std::erase_if(conflicts_, [&task](const auto& entry) {
    return entry.first.first == task || entry.first.second == task;
  });
  std::vector<std::pair<TaskId, CommitId>> others;
  for (const auto& [id, other] : branches_) {
    const bool meets = id != task && !in_both(own.files, other.files).empty();
    if (meets && others.size() < kMostCompared) others.emplace_back(id, other.tip);
  }
  for (const auto& [id, tip] : others) {
    auto conflicting = co_await git_.conflicting_files(own.tip, tip);
    if (!conflicting) co_return passed_on(conflicting);
    std::erase(*conflicting, task_file_);
    std::erase_if(*conflicting, lands_anyhow_);
    if (!conflicting->empty()) conflicts_[std::minmax(task, id)] = *std::move(conflicting);
  }
  co_return true;
}

void ConflictWatch::tell() {
  std::map<TaskId, std::vector<ForeseenConflict>> now;
  for (const auto& [pair, files] : conflicts_) {
    for (const auto& [own, other] : {pair, Pair(pair.second, pair.first)}) {
      if (!branches_.contains(own)) continue;
      std::vector<ForeseenConflict>& told = now[own];
      if (told.size() < kMostTold) told.push_back(foreseen(other, files));
    }
  }
  for (const TaskRecord& task : state_.tasks) {
    const auto found = now.find(task.id());
    std::vector<ForeseenConflict> conflicts;
    if (found != now.end()) conflicts = std::move(found->second);
    if (conflicts != task.conflicts) post_(ConflictsForeseen{task.id(), std::move(conflicts)});
  }
}

}  // namespace orch::app
