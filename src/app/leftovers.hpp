#pragma once
// What runs leave in git, and which of it may be removed: the rule that `gc` and the end of a run
// share.
#include "git/values.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orch::app {

struct Leftover {
  git::OwnRef ref;
  bool may_go = false;
  std::string why;  ///< for the user: "its run is over", "3 days old" ...
};

struct LeftoverRule {
  std::vector<std::string> runs_over;       ///< ids; nothing of other runs goes
  std::int64_t now_s = 0;                   ///< wall clock, seconds since 1970
  Span keep = std::chrono::hours(24 * 14);  ///< how long rescues stay that were not landed
};

/// Patterns for Repository::own_refs(): candidates, rescues, and the branches of these runs.
std::vector<std::string> leftover_patterns(const std::vector<store::RunInfo>& runs);

/// Pure. Candidates go with their run, a run's branch once the base contains it, a rescue once the
/// base contains it or it is at least as old as `keep`.
std::vector<Leftover> judge_leftovers(std::vector<git::OwnRef> refs,
                                      const std::vector<store::RunInfo>& runs,
                                      const LeftoverRule& rule);

}  // namespace orch::app
