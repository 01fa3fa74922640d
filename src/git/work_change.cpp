// Finds where the branch began, and names the change by the blobs before and after.
#include "git/work_change.hpp"

#include "git/history.hpp"
#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::git {
namespace {

Job<CommitId> began_at(GitContext& git, CommitId onto, CommitId work) {
  const auto near = co_await near_merge_base(git, onto, work);
  if (near && *near) co_return **near;
  Call ask = git.call({"merge-base", onto.value, work.value}, "find where the work began");
  const auto found = co_await git.runner.output(std::move(ask));
  if (!found) co_return passed_on(found);
  co_return CommitId{std::string(trim(*found))};
}

}  // namespace

Job<WorkChange> work_change(GitContext& git, CommitId onto, CommitId work) {
  WorkChange change;
  const auto base = co_await began_at(git, std::move(onto), work);
  if (!base) co_return passed_on(base);
  change.base = *base;
  const auto entries = co_await changed_entries(git, *base, work);
  if (!entries) co_return passed_on(entries);
  std::string all;
  for (const ChangedEntry& entry : *entries) {
    change.files.push_back(entry.path);
    all += fmt::format("{} {} {} {} {}", entry.old_mode, entry.new_mode, entry.old_id, entry.new_id,
                       entry.path);
    all += '\0';
  }
  // Git's own hash of it: no two changes share that.
  const auto id = co_await write_blob(git, std::move(all));
  if (!id) co_return passed_on(id);
  change.id = *id;
  co_return change;
}

Job<std::string> change_text(GitContext& git, CommitId from, CommitId to) {
  Call ask = git.call({"diff-tree", "-p", "--no-ext-diff", "--no-textconv", from.value, to.value},
                      fmt::format("show what {} changes", shortened(to)));
  return git.runner.output(std::move(ask));
}

}  // namespace orch::git
