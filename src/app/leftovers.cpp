// The rule by which refs of runs go.
#include "app/leftovers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace orch::app {
namespace {

constexpr std::string_view kCandidates = "refs/orch/cand/";
constexpr std::string_view kRescues = "refs/orch/rescue/";
constexpr std::string_view kBranches = "refs/heads/";

/// "refs/orch/cand/RUN/T1" to "RUN".
std::string run_in(std::string_view name, std::string_view prefix) {
  name.remove_prefix(prefix.size());
  return std::string(name.substr(0, name.find('/')));
}

std::string age_text(std::int64_t seconds) {
  const std::int64_t days = seconds / 86'400;
  return days == 1 ? "1 day old" : fmt::format("{} days old", days);
}

Leftover judged(git::OwnRef ref, const std::vector<store::RunInfo>& runs,
                const LeftoverRule& rule) {
  const auto is_over = [&rule](const std::string& run) {
    return std::ranges::find(rule.runs_over, run) != rule.runs_over.end();
  };
  Leftover found{.ref = std::move(ref)};
  const std::string& name = found.ref.name;
  if (name.starts_with(kRescues)) {
    const std::int64_t age = std::max<std::int64_t>(rule.now_s - found.ref.committed_s, 0);
    const bool old = age >= std::chrono::duration_cast<std::chrono::seconds>(rule.keep).count();
    found.may_go = is_over(run_in(name, kRescues)) && (found.ref.merged || old);
    found.why = found.ref.merged ? "the base has it" : age_text(age);
    return found;
  }
  if (name.starts_with(kCandidates)) {
    found.may_go = is_over(run_in(name, kCandidates));
    found.why = found.may_go ? "its run is over" : "its run is not over";
    return found;
  }
  const auto run = std::ranges::find_if(runs, [&name](const store::RunInfo& info) {
    return name.substr(kBranches.size()) == info.integration;
  });
  const bool over = run != runs.end() && is_over(run->id);
  found.may_go = over && found.ref.merged;
  found.why = !over              ? "its run is not over"
              : found.ref.merged ? "the base has all of it"
                                 : "it has commits that the base has not";
  return found;
}

}  // namespace

std::vector<std::string> leftover_patterns(const std::vector<store::RunInfo>& runs) {
  std::vector<std::string> patterns = {"refs/orch/cand", "refs/orch/rescue"};
  for (const store::RunInfo& run : runs)
    patterns.push_back(std::string(kBranches) + run.integration);
  return patterns;
}

std::vector<Leftover> judge_leftovers(std::vector<git::OwnRef> refs,
                                      const std::vector<store::RunInfo>& runs,
                                      const LeftoverRule& rule) {
  std::vector<Leftover> leftovers;
  for (git::OwnRef& ref : refs)
    leftovers.push_back(judged(std::move(ref), runs, rule));
  return leftovers;
}

}  // namespace orch::app
