// From files that agents may write to what is told of them.
#include "app/sign_watch.hpp"

#include "app/anomaly_threshold.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <sys/stat.h>

#include <chrono>
#include <set>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kBetweenBranches = std::chrono::seconds(10);
constexpr std::int64_t kMegabyte = 1'000'000;
constexpr std::size_t kLargestPointer = 4096;
constexpr std::size_t kLongestBranch = 120;

/// What stands behind the words, in the first line of a small file; empty: there is no such.
std::string pointer_in(const fs::path& folder, const std::string& name, std::string_view words) {
  const Result<UntrustedFolder> opened = UntrustedFolder::open(folder);
  if (!opened) return {};
  const Result<std::string> text = opened->read(name, kLargestPointer);
  if (!text || !text->starts_with(words)) return {};
  return std::string(trim(std::string_view(*text).substr(words.size())));
}

}  // namespace

std::string branch_of_worktree(const fs::path& worktree) {
  const std::string git = pointer_in(worktree, ".git", "gitdir: ");
  if (git.empty()) return {};
  return pointer_in(worktree / git, "HEAD", "ref: refs/heads/");
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
    Watched& watched = watched_[key];
    look_at_output(agent, watched);
    look_at_branch(agent, watched);
  }
  std::erase_if(watched_, [&live](const auto& entry) { return !live.contains(entry.first); });
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

void SignWatch::look_at_branch(const AgentRun& agent, Watched& watched) {
  if (clock_.now() - watched.branch_looked < kBetweenBranches) return;
  watched.branch_looked = clock_.now();
  if (agent.worktree.empty() || !threshold_of(state_, Anomaly::OtherBranch)) return;
  std::string branch = branch_of_worktree(context_.paths.found(agent.worktree));
  // It is on none while it rebases.
  if (branch == agent.branch) branch.clear();
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
