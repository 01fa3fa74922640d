// Which branch there is already, whose it is, and whether there is room for it.
#include "git/task_branch.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::git {

namespace {

Failure branch_taken(const WorktreeSpec& spec, const CommitId& tip) {
  return hinted(fail(Fault::Refused, "branch '{}' exists already, at {}, and is not of this run",
                     spec.branch, shortened(tip)),
                fmt::format("git branch -m {} another-name", shell_word(spec.branch)));
}

Failure checked_out(std::string_view branch, const Holder& holder) {
  const std::string where = one_line(holder.path.native());
  return hinted(fail(Fault::Refused, "branch '{}' is checked out at {}", branch, where),
                fmt::format("git -C {} switch --detach", shell_word(where)));
}

/// The branch's tip if there is such a branch; Fault::Conflict: there is none and no room for one.
Job<std::optional<CommitId>> tip_or_room(GitContext& git, std::string branch) {
  if (is_free(git, "refs/heads/" + branch)) co_return std::nullopt;
  std::vector<std::string> args = {"for-each-ref", "--format=%(objectname) %(refname:lstrip=2)",
                                   "refs/heads/" + branch};
  for (std::size_t slash = branch.find('/'); slash != std::string::npos;
       slash = branch.find('/', slash + 1))
    args.push_back("refs/heads/" + branch.substr(0, slash));
  Call ask = git.call(std::move(args), "list branches");
  const auto text = co_await git.line(std::move(ask));
  if (!text) co_return passed_on(text);
  std::vector<std::string> branches;
  for (const std::string_view entry : split_lines(*text)) {
    const std::size_t blank = std::min(entry.find(' '), entry.size() - 1);
    branches.emplace_back(entry.substr(blank + 1));
    if (branches.back() == branch) co_return CommitId{std::string(entry.substr(0, blank))};
  }
  if (const auto other = colliding_branch(branch, branches))
    co_return hinted(
        fail(Fault::Conflict, "branch '{}' cannot exist next to branch '{}'", branch, *other),
        "git keeps branches as files and folders: choose another prefix for the branches");
  co_return std::nullopt;
}

}  // namespace

Job<std::optional<CommitId>> usable_tip(GitContext& git, WorktreeSpec spec, bool begun) {
  auto tip = co_await tip_or_room(git, spec.branch);
  if (!tip) co_return passed_on(tip);
  // Ours if the caller knows so, or if we began to make it and it is still where that leaves it.
  const bool ours = spec.branch_ours || (begun && *tip == spec.start);
  if (*tip && !ours) co_return branch_taken(spec, **tip);
  if (!*tip) co_return std::nullopt;
  const std::vector<Holder> holders = checked_out_at(git, spec.branch);
  if (!holders.empty()) co_return checked_out(spec.branch, holders.front());
  co_return std::move(*tip);
}

Job<bool> ensure_branch(GitContext& git, std::string branch, CommitId commit) {
  const Status name = check_branch(branch);
  if (!name) co_return passed_on(name);
  const auto tip = co_await branch_tip(git, branch);
  if (!tip) co_return passed_on(tip);
  if (*tip) co_return false;
  failpoint("git.branch");
  RefChange create;
  create.name = "refs/heads/" + branch;
  create.to = std::move(commit);
  create.from = CommitId{};
  create.message = "tmux-orch: created";
  create.doing = fmt::format("create branch '{}'", branch);
  const auto created = co_await change_ref(git, std::move(create));
  if (created) co_return true;
  // Somebody made it meanwhile, or there is no room for it.
  const auto found = co_await tip_or_room(git, std::move(branch));
  if (!found) co_return passed_on(found);
  if (*found) co_return false;
  co_return passed_on(created);
}

}  // namespace orch::git
