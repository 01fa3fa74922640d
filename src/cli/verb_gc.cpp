// gc: takes away what finished runs left in git, by a rule, and names what stays.
#include "app/leftovers.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "git/repository.hpp"
#include "orch/base/text.hpp"
#include "orch/core/state.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>

namespace orch::cli {
namespace {

struct Options {
  bool dry_run = false;
  std::string older_than;  ///< a span; empty: 14 days
};

void add_options(OptionList& list, Options& options) {
  list.flag("--dry-run", options.dry_run, "only show what would go");
  list.text("--older-than", options.older_than, "rescues go after this time (336h, 14 days)");
}

struct Runs {
  std::vector<store::RunInfo> all;
  std::vector<std::string> over;
  std::string base;  ///< of the newest
};

/// A run is over when nothing can go on with it: it is finished, or a newer one has taken its file.
Result<Runs> read_runs(const app::Paths& paths) {
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  Result<std::vector<store::RunInfo>> all = store->runs();
  if (!all) return passed_on(all);
  Runs runs{.all = std::move(*all), .over = {}, .base = {}};
  for (const store::RunInfo& run : runs.all) {
    const Result<State> state = store->load(run.id);
    if (!state) return passed_on(state);
    const Result<std::optional<store::RunInfo>> newest = store->latest_run(run.task_file);
    if (!newest) return passed_on(newest);
    const RunPhase phase = state->run.phase;
    const bool replaced = *newest && (*newest)->id != run.id;
    if (replaced || phase == RunPhase::Finished || phase == RunPhase::BaseRed)
      runs.over.push_back(run.id);
    if (runs.base.empty() || (*newest && (*newest)->id == run.id))
      runs.base = state->run.rules.base;
  }
  return runs;
}

std::string line_of(const app::Leftover& leftover, std::string_view done) {
  return fmt::format("{:8} {}  ({})\n", leftover.may_go ? done : "kept",
                     one_line(leftover.ref.name, 200), leftover.why);
}

int gc(const RunHandle& handle, const Options& options) {
  if (is_in_agents_pane())
    return complain(Error{Fault::Refused, "only the user may have leftovers removed", ""});
  app::LeftoverRule rule{.now_s = ::time(nullptr)};
  if (!options.older_than.empty()) {
    const Result<Span> keep = parse_span(options.older_than);
    if (!keep) return complain(keep.error());
    rule.keep = *keep;
  }
  const Result<Runs> runs = read_runs(handle.paths);
  if (!runs) return complain(runs.error());
  rule.runs_over = runs->over;
  const OpenedGit git = open_git(handle.facts);
  if (!git) return complain(git.error());
  git::Repository& repository = (*git)->repository;
  const Result<std::optional<CommitId>> tip = (*git)->wait(repository.branch_tip(runs->base));
  if (!tip) return complain(tip.error());
  Result<std::vector<git::OwnRef>> refs = (*git)->wait(
      repository.own_refs(app::leftover_patterns(runs->all), tip->value_or(CommitId{})));
  if (!refs) return complain(refs.error());
  const std::vector<app::Leftover> found = app::judge_leftovers(std::move(*refs), runs->all, rule);
  std::vector<git::OwnRef> going;
  for (const app::Leftover& leftover : found) {
    if (leftover.may_go) going.push_back(leftover.ref);
  }
  if (!options.dry_run) {
    const Result<std::size_t> dropped = (*git)->wait(repository.drop_refs(std::move(going)));
    if (!dropped) return complain(dropped.error());
  }
  for (const app::Leftover& leftover : found)
    print(line_of(leftover, options.dry_run ? "would go" : "gone"));
  if (found.empty()) print("nothing is left of earlier runs\n");
  return status::kOk;
}

}  // namespace

const Verb kGcVerb{"gc", kPeople, "take away what finished runs left in git, by age",
                   "tmux-orch gc --dry-run", begin<add_options, gc>};

}  // namespace orch::cli
