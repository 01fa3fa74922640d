// From files that agents may write to what is told of them.
#include "app/sign_watch.hpp"

#include "app/anomaly_threshold.hpp"
#include "app/git_pointer.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kBetweenBranches = std::chrono::seconds(10);
// To look at an earlier commit for a moment is no work in the wrong place.
constexpr Span kDetached = std::chrono::minutes(1);
constexpr std::size_t kShortCommit = 12;
constexpr std::int64_t kMegabyte = 1'000'000;
constexpr std::size_t kLongestBranch = 120;

/// Is git at something there of several steps, for which it leaves the branch?
bool is_under_way(const fs::path& git) {
  static constexpr const char* kSigns[] = {"rebase-merge", "rebase-apply", "BISECT_LOG"};
  return std::ranges::any_of(kSigns, [&git](const char* name) {
    std::error_code ec;
    return fs::exists(fs::symlink_status(git / name, ec));
  });
}

}  // namespace

WorktreeHead head_of_worktree(const fs::path& worktree) {
  const std::string git = pointer_in(worktree, ".git", "gitdir: ");
  if (git.empty()) return {};
  const fs::path folder = worktree / git;
  WorktreeHead head{.branch = pointer_in(folder, "HEAD", "ref: refs/heads/")};
  if (!head.branch.empty()) return head;
  head.commit = commit_in(folder, "HEAD");
  head.passes = is_under_way(folder);
  return head;
}

SignWatch::SignWatch(const State& state, const RunContext& context, const port::Clock& clock,
                     std::function<void(Event)> post)
    : state_(state), context_(context), clock_(clock), post_(std::move(post)) {}

void SignWatch::look() {
  std::set<std::string> live;
  for (const auto& [id, agent] : state_.agents) {
    if (agent.phase != AgentPhase::Live) continue;
    const std::string key = attempt_key(agent.task, agent.attempt);
    live.insert(key);
    Watched& watched = watched_.try_emplace(key, as_told(agent)).first->second;
    look_at_output(agent, watched);
    look_at_branch(agent, watched);
  }
  std::erase_if(watched_, [&live](const auto& entry) { return !live.contains(entry.first); });
}

/// As the supervisor before has left it, so that this one can tell that it is over.
SignWatch::Watched SignWatch::as_told(const AgentRun& agent) {
  Watched watched;
  const auto record = agent.health.anomalies.find(std::string(to_text(Anomaly::OtherBranch)));
  const bool is_on = record != agent.health.anomalies.end() && record->second.serial != 0;
  if (is_on) watched.branch = record->second.evidence;
  return watched;
}

void SignWatch::look_at_output(const AgentRun& agent, Watched& watched) {
  const std::optional<std::int64_t> threshold = threshold_of(state_, Anomaly::RunawayOutput);
  if (!threshold) return;
  const fs::path log =
      context_.run.attempt(agent.task, agent.attempt) / shim::attempt_file::kOutput;

  struct stat status {};

  if (::lstat(log.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  watched.rate.see(status.st_size, clock_.now());
  const std::int64_t rate = watched.rate.bytes_a_minute() / kMegabyte;
  // It is over when it is clearly less, so that it does not come and go.
  const bool is_runaway = watched.is_runaway ? rate > *threshold / 2 : rate >= *threshold;
  if (std::exchange(watched.is_runaway, is_runaway) == is_runaway) return;
  tell(agent, Anomaly::RunawayOutput, is_runaway ? rate : 0, to_ms(clock_.now()), {});
}

/// The branch that its worktree is on in the place of its own, or the commit where it has been on
/// none for a while; empty: all is well.
std::string SignWatch::elsewhere(const AgentRun& agent, Watched& watched) {
  const WorktreeHead head = head_of_worktree(context_.paths.found(agent.worktree));
  if (head.commit.empty() || head.passes) {
    watched.detached_since.reset();
    return head.branch == agent.branch ? std::string() : head.branch;
  }
  if (!watched.detached_since) watched.detached_since = clock_.now();
  if (clock_.now() - *watched.detached_since < kDetached) return watched.branch;
  return fmt::format("at commit {}", head.commit.substr(0, kShortCommit));
}

void SignWatch::look_at_branch(const AgentRun& agent, Watched& watched) {
  if (clock_.now() - watched.branch_looked < kBetweenBranches) return;
  watched.branch_looked = clock_.now();
  if (agent.worktree.empty() || !threshold_of(state_, Anomaly::OtherBranch)) return;
  const std::string branch = elsewhere(agent, watched);
  if (branch == watched.branch) return;
  watched.branch = branch;
  // The same branch is nothing new to whoever looks again, as the next supervisor does.
  const auto serial = static_cast<std::int64_t>(fnv1a(branch) >> 1);
  tell(agent, Anomaly::OtherBranch, branch.empty() ? 0 : 1, serial,
       one_line(branch, kLongestBranch));
}

void SignWatch::tell(const AgentRun& agent, Anomaly anomaly, std::int64_t amount,
                     std::int64_t serial, std::string evidence) {
  post_(AnomalySeen{.task = agent.task,
                    .attempt = agent.attempt,
                    .anomaly = anomaly,
                    .amount = amount,
                    .serial = amount == 0 ? 0 : serial,
                    .evidence = std::move(evidence)});
}

}  // namespace orch::app
