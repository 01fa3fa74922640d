// Never by a reset or a rebase: the commits that an agent has seen stay. What was there is under a
// rescue ref before git touches a file.
#include "git/bring_base.hpp"

#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "git/registration.hpp"
#include "git/rescue.hpp"
#include "git/reset.hpp"
#include "git/trees.hpp"
#include "git/worktrees.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kMergeTime = std::chrono::minutes(15);
constexpr std::size_t kLongestLine = 160;
constexpr std::size_t kMostLanded = 5;

BroughtBase not_done(std::string why) {
  return {BroughtBase::How::NotDone, {}, std::move(why)};
}

bool is_merging(const Place& place, const CommitId& base) {
  const Result<std::string> text = read_file(place.git_dir / "MERGE_HEAD", 4096);
  return text && trim(*text) == base.value;
}

/// All that is there, under a ref of its own.
Job<Rescue> save(GitContext& git, BringRequest request) {
  RescueRequest save;
  save.worktree = request.worktree;
  save.branch = request.branch;
  save.ref = request.rescue_ref;
  co_return co_await rescue(git, std::move(save));
}

/// After a merge of ours was killed. Nothing is lost by it: what is there is saved, and then in the
/// trash.
Job<bool> put_back(GitContext& git, BringRequest request, Place place) {
  const auto quiet = co_await settled(git, place);
  if (!quiet) co_return passed_on(quiet);
  clear_stale_ref_locks(git.git_dir, git.root, {"refs/heads/" + request.branch}, Span(0));
  const auto saved = co_await save(git, request);
  if (!saved) co_return passed_on(saved);
  ResetRequest reset;
  reset.path = request.worktree;
  reset.branch = request.branch;
  reset.reason = request.reason;
  reset.commit = request.work;
  reset.expected = saved->commit.empty() ? request.work : saved->commit;
  reset.trash = request.trash;
  const auto done = co_await reset_worktree(git, std::move(reset));
  if (!done) co_return passed_on(done);
  co_return true;
}

Job<BroughtBase> under_way(GitContext& git, fs::path worktree) {
  auto status = co_await status_of(git, std::move(worktree));
  if (!status) co_return passed_on(status);
  co_return BroughtBase{BroughtBase::How::Conflicts, std::move(status->unmerged), {}};
}

Job<BroughtBase> merge(GitContext& git, BringRequest request, Place place) {
  const Status marked = set_mark(place.git_dir, StepMark::Bringing, request.work.value);
  if (!marked) co_return passed_on(marked);
  failpoint("git.bring_base");
  Call merge = git.call(
      {"merge", "--no-ff", "--no-edit", "--no-verify", "--no-gpg-sign", "--no-rerere-autoupdate",
       "--no-stat", "--quiet", "-m", request.message, request.base.value},
      "merge the base into " + one_line(request.worktree.native()));
  merge.place = place;
  merge.timeout = kMergeTime;
  merge.owned = git.own_locks(place);
  merge.env = {{"GIT_AUTHOR_NAME", request.identity.name},
               {"GIT_AUTHOR_EMAIL", request.identity.email},
               {"GIT_COMMITTER_NAME", request.identity.name},
               {"GIT_COMMITTER_EMAIL", request.identity.email}};
  const auto merged = co_await git.runner.run(merge);
  if (!merged) co_return passed_on(merged);  // half done, perhaps: the mark stays
  failpoint("git.bring_base.merged");
  const bool is_refused = !merged->ok() && !is_merging(place, request.base);
  if (is_refused) {
    // As on a full disk, it may have ended halfway: the next try puts that back by the mark.
    const auto status = co_await status_of(git, request.worktree);
    if (!status) co_return passed_on(status);
    if (status->changes.count > 0) co_return failed(merge, *merged);
  }
  const Status cleared = clear_mark(place.git_dir, StepMark::Bringing);
  if (!cleared) co_return passed_on(cleared);
  if (merged->ok()) co_return BroughtBase{BroughtBase::How::Merged, {}, {}};
  if (!is_refused) co_return co_await under_way(git, request.worktree);
  co_return not_done(one_line(merged->err.empty() ? merged->out : merged->err, kLongestLine));
}

/// By default git takes what it ignores for expendable, and an option against that is for
/// fast-forwards alone. There are no other files that are in no commit.
Job<std::string> in_the_way(GitContext& git, Place place, CommitId head, CommitId base) {
  const auto changes = co_await changed_entries(git, std::move(head), std::move(base));
  if (!changes) co_return passed_on(changes);
  for (const ChangedEntry& change : *changes) {
    if (change.kind != 'A') continue;
    fs::path path = place.work_tree;
    for (const fs::path& part : fs::path(change.path)) {
      std::error_code gone;
      const fs::file_type type = fs::symlink_status(path /= part, gone).type();
      const bool is_whole = path == place.work_tree / change.path;
      if (type == fs::file_type::not_found) break;
      if (type != fs::file_type::directory || is_whole) co_return change.path;
    }
  }
  co_return std::string();
}

std::vector<std::string> first_lines(std::string_view text, std::size_t most) {
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(text)) {
    if (lines.size() == most) break;
    lines.push_back(one_line(line, kLongestLine));
  }
  return lines;
}

Job<std::vector<std::string>> difference(GitContext& git, std::string from, std::string to,
                                         std::string path, std::size_t most) {
  Call ask = git.call({"diff-tree", "-p", "--no-ext-diff", "--no-textconv", "--no-renames",
                       "--no-color", from, to, "--", ":(literal)" + path},
                      "compare both sides of " + one_line(path));
  const auto text = co_await git.line(std::move(ask));
  if (!text) co_return passed_on(text);
  // Its head says no more than the name does.
  const std::size_t hunks = text->find("\n@@");
  const std::string_view body = hunks == std::string::npos
                                    ? std::string_view(*text)
                                    : std::string_view(*text).substr(hunks + 1);
  co_return first_lines(body, most);
}

}  // namespace

Job<BroughtBase> bring_base(GitContext& git, BringRequest request) {
  const Result<Place> place = git.place_of(request.worktree);
  if (!place) co_return not_done(place.error().what);
  const bool is_under_way = is_merging(*place, request.base);
  bool is_cut_short = false;  // a merge of ours without a conflict, killed before its commit
  if (is_under_way && has_mark(place->git_dir, StepMark::Bringing)) {
    const auto half = co_await status_of(git, request.worktree);
    if (!half) co_return passed_on(half);
    is_cut_short = half->unmerged.empty();
  }
  if (is_under_way && !is_cut_short) {
    const Status cleared = clear_mark(place->git_dir, StepMark::Bringing);
    if (!cleared) co_return passed_on(cleared);
    co_return co_await under_way(git, request.worktree);
  }
  const auto head = co_await head_of(git, *place);
  if (!head) co_return passed_on(head);
  if (!head->empty()) {
    const auto has_it = co_await is_ancestor(git, request.base, *head);
    if (!has_it) co_return passed_on(has_it);
    if (*has_it) co_return BroughtBase{BroughtBase::How::Merged, {}, {}};
  }
  if (request.work.empty()) request.work = *head;
  if (*head != request.work || head->empty())
    co_return not_done("it has other commits than those that did not land");
  if (has_mark(place->git_dir, StepMark::Bringing)) {
    const auto back = co_await put_back(git, request, *place);
    if (!back) co_return passed_on(back);
  }
  const auto status = co_await status_of(git, request.worktree);
  if (!status) co_return passed_on(status);
  if (status->branch != request.branch) co_return not_done("it is on another branch than its own");
  if (status->operation != Operation::None)
    co_return not_done(fmt::format("it is in the middle of {}", to_text(status->operation)));
  if (status->changes.count > 0) co_return not_done("it has changes that are in no commit");
  const auto way = co_await in_the_way(git, *place, *head, request.base);
  if (!way) co_return passed_on(way);
  if (!way->empty()) co_return not_done(one_line(*way, kLongestLine) + " is in the way");
  const auto kept = co_await save(git, request);
  if (!kept) co_return passed_on(kept);
  co_return co_await merge(git, std::move(request), *place);
}

Job<std::vector<ConflictSides>> sides_of(GitContext& git, CommitId work, CommitId base,
                                         std::vector<std::string> paths, std::size_t most,
                                         std::size_t lines) {
  std::vector<ConflictSides> all;
  Call ask = git.call({"merge-base", work.value, base.value}, "compare both sides");
  const auto common = co_await git.line(std::move(ask));
  if (!common) co_return passed_on(common);
  if (paths.size() > most) paths.resize(most);
  for (std::string& path : paths) {
    ConflictSides sides;
    auto own = co_await difference(git, *common, work.value, path, lines);
    if (!own) co_return passed_on(own);
    auto others = co_await difference(git, *common, base.value, path, lines);
    if (!others) co_return passed_on(others);
    Call log = git.call(
        {"log", "--first-parent", "--no-show-signature", "--format=%s", "-n",
         std::to_string(kMostLanded), *common + ".." + base.value, "--", ":(literal)" + path},
        "ask what has changed " + one_line(path));
    const auto by = co_await git.line(std::move(log));
    if (!by) co_return passed_on(by);
    sides.path = std::move(path);
    sides.own = std::move(*own);
    sides.others = std::move(*others);
    sides.by = first_lines(*by, kMostLanded);
    all.push_back(std::move(sides));
  }
  co_return all;
}

}  // namespace orch::git
