// verify: has each commit that the run's branch was at passed the tests?
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "git/parse.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

namespace orch::cli {
namespace {

std::string untested_lines(const std::vector<git::LandedCommit>& commits,
                           const std::set<std::string>& green) {
  std::string text;
  for (const git::LandedCommit& commit : commits) {
    // Of a task that landed commit by commit the last tree is what was tested.
    if (commit.is_part || green.contains(commit.tree)) continue;
    text += fmt::format("{} {}: no test has passed on its tree {}\n", git::shortened(commit.commit),
                        one_line(commit.subject, 80), commit.tree);
  }
  return text;
}

int verify(const RunHandle& handle, const NoOptions&) {
  const RunRecord& run = handle.run.state.run;
  const OpenedGit git = open_git(handle.facts);
  if (!git) return complain(git.error());
  const auto commits =
      (*git)->wait((*git)->repository.first_parents(run.base_start, run.integration));
  if (!commits) return complain(commits.error());
  const Result<store::Store> store =
      store::Store::open(handle.paths.database(), store::Access::ReadOnly);
  if (!store) return complain(store.error());
  const auto green = store->green_trees();
  if (!green) return complain(green.error());
  const std::string untested = untested_lines(*commits, *green);
  print(untested);
  if (!untested.empty()) {
    if (!run.rules.tested)
      print("no test is configured: `[[merge.test]]` in tmux-orch.toml names one\n");
    return status::kError;
  }
  print(fmt::format("the tests have passed on the tree of each of {} commits of {} since {}\n",
                    commits->size(), one_line(run.rules.base), git::shortened(run.base_start)));
  return status::kOk;
}

}  // namespace

const Verb kVerifyVerb{"verify", kPeople, "has each commit that landed passed the tests?",
                       "tmux-orch verify", begin<no_options, verify>};

}  // namespace orch::cli
