// worktrees: what worktrees of ours there are, and the end of those that are kept for further
// tasks.
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/say.hpp"
#include "cli/spare_worktrees.hpp"
#include "cli/verbs.hpp"
#include "git/slot.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "ui/status.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;
  bool dry_run = false;
};

void add_options(OptionList& list, Options& options) {
  list.words("ACTION", options.words, "list (by default), or prune: remove those that are kept", 1);
  list.flag("--dry-run", options.dry_run, "only show what would go");
}

std::string line_of(const git::Registration& worktree, std::string_view what) {
  const std::string branch = worktree.branch();
  return fmt::format("{:9} {}{}\n", what, one_line(worktree.path.native(), 200),
                     branch.empty() ? "" : "  (" + one_line(branch, 100) + ")");
}

int list(const RunHandle& handle) {
  bool any = false;
  for (const git::Registration& worktree : own_worktrees(handle)) {
    const bool aside = worktree.lock_reason == git::kAsideReason;
    const bool parked = worktree.lock_reason == git::kPoolReason;
    print(line_of(worktree, aside ? "aside" : parked ? "kept" : "of a task"));
    if (aside) {
      const std::string place = shell_word(worktree.path.native());
      print(
          fmt::format("          changed by hand; when it is not needed any more: git worktree "
                      "unlock {0} && git worktree remove {0}\n",
                      place));
    }
    any = true;
  }
  if (!any) print("there are no worktrees of ours\n");
  return status::kOk;
}

int prune(const RunHandle& handle, bool dry_run) {
  if (!dry_run && is_in_agents_pane())
    return complain(Error{Fault::Refused, "only the user may have worktrees removed", ""});
  if (dry_run) {
    for (const git::Slot& slot : git::slots(handle.facts.git_dir))
      if (slot.is_parked()) print(line_of(slot.registration, "would go"));
    return status::kOk;
  }
  const Result<std::size_t> gone = remove_spare_worktrees(handle);
  if (!gone) return complain(gone.error());
  print(fmt::format("{} removed\n", *gone));
  return status::kOk;
}

int worktrees(const RunHandle& handle, const Options& options) {
  const std::string action = options.words.empty() ? "list" : options.words.front();
  if (action == "list") return list(handle);
  if (action == "prune") return prune(handle, options.dry_run);
  return complain({Fault::BadInput, fmt::format("'{}' is no action", one_line(action, 40)),
                   "`tmux-orch worktrees list` or `tmux-orch worktrees prune`"});
}

}  // namespace

const Verb kWorktreesVerb{"worktrees", kPeople, "the worktrees there are, and those kept for tasks",
                          "tmux-orch worktrees prune --dry-run", begin<add_options, worktrees>};

}  // namespace orch::cli
