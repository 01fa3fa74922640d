// Brings the person's branch forward, and the files of their checkout with it, but never at the
// price of a change of theirs.
#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kMergeTime = std::chrono::minutes(10);
constexpr Span kLookAgain = std::chrono::milliseconds(200);
constexpr std::int64_t kLockPatienceMs = 20'000;

std::string catch_up(const FollowRequest& request, const fs::path& checkout) {
  const std::string& name =
      request.target_name.empty() ? request.target.value : request.target_name;
  return fmt::format("git -C {} merge --ff-only {}", shell_word(checkout.native()),
                     shell_word(name));
}

std::string why_refused(std::string_view git_error) {
  const std::vector<std::string> files = files_in_the_way(git_error);
  if (files.empty()) return reason_of(git_error);
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> shown(
      files.begin(), files.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, files.size())));
  const std::string more =
      files.size() > kShown ? fmt::format(" and {} more", files.size() - kShown) : std::string();
  return fmt::format("your changes to {}{} are in the way", join(shown, ", "), more);
}

/// `names` as git lists them: sorted by their bytes.
bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::binary_search(names.begin(), names.end(), name);
}

bool is_missing(const fs::path& path) {
  std::error_code error;
  return !fs::exists(fs::symlink_status(path, error));
}

/// What about the checkouts of the branch forbids to touch them.
std::optional<NotSafe> find_obstacle(const FollowRequest& request,
                                     const std::vector<Holder>& holders) {
  if (holders.empty()) return std::nullopt;
  const Holder& holder = holders.front();
  const std::string where = one_line(holder.path.native());
  const std::string command = catch_up(request, holder.path);
  if (holders.size() > 1)
    return NotSafe{fmt::format("branch '{}' is checked out in {} places", one_line(request.branch),
                               holders.size()),
                   command};
  if (holder.operation != Operation::None)
    return NotSafe{fmt::format("{} is in the middle of {}", where, to_text(holder.operation)),
                   command};
  if (is_missing(holder.path))
    return NotSafe{fmt::format("the checkout {} is gone", where), "git worktree prune"};
  return std::nullopt;
}

}  // namespace

Job<FollowOutcome> Repository::follow(FollowRequest request) {
  const Turns::Turn turn = co_await turns_.take();
  const auto tip = co_await branch_tip(request.branch);
  if (!tip) co_return passed_on(tip);
  if (!*tip) co_return fail(Fault::NotFound, "there is no branch '{}'", one_line(request.branch));
  const std::vector<Holder> holders = checked_out_at(request.branch);
  Place place{git_dir_, root_};
  if (!holders.empty()) {
    const Result<Place> checkout = place_of(holders.front().path);
    if (!checkout) co_return passed_on(checkout);
    place = *checkout;
  }
  if (has_mark(place.git_dir, Mark::Following)) {
    const auto cleared = co_await clear_interrupted(place, request);
    if (!cleared) co_return passed_on(cleared);
    if (!*cleared)
      co_return NotSafe{
          fmt::format("another git is at work in {}", one_line(place.work_tree.native())),
          catch_up(request, place.work_tree)};
  }
  const auto has_it = co_await is_ancestor(request.target, **tip);
  if (!has_it) co_return passed_on(has_it);
  if (*has_it) {
    const Status cleared = clear_mark(place.git_dir, Mark::Following);
    if (!cleared) co_return passed_on(cleared);
    co_return AlreadyThere{};
  }
  const auto forward = co_await is_ancestor(**tip, request.target);
  if (!forward) co_return passed_on(forward);
  if (!*forward) co_return Diverged{**tip};
  if (auto unsafe = find_obstacle(request, holders)) co_return *std::move(unsafe);
  co_return co_await bring_forward(std::move(request), std::move(place), **tip, !holders.empty());
}

/// One step of git's: a compare-and-swap, or where the branch is checked out a fast-forward.
Job<FollowOutcome> Repository::bring_forward(FollowRequest request, Place place, CommitId tip,
                                             bool checked_out) {
  if (checked_out && has_mark(place.git_dir, Mark::Following)) {
    const auto healed = co_await heal_checkout(place, tip, request.target);
    if (!healed) co_return passed_on(healed);
  }
  const Status marked = set_mark(place.git_dir, Mark::Following);
  if (!marked) co_return passed_on(marked);
  failpoint("git.follow");
  Call move = call({"update-ref", "-m", "tmux-orch: follow", "refs/heads/" + request.branch,
                    request.target.value, tip.value},
                   fmt::format("bring branch '{}' forward", one_line(request.branch)));
  if (checked_out) move.args = {"merge", "--ff-only", "--no-stat", "--quiet", request.target.value};
  move.place = place;
  move.timeout = kMergeTime;
  const auto moved = co_await runner_.run(move);
  // Ended by itself or never begun: either way nothing is half done. After a time-out it may be.
  const bool busy = !moved && moved.error().fault == Fault::Busy;
  if (moved || busy) {
    const Status cleared = clear_mark(place.git_dir, Mark::Following);
    if (!cleared) co_return passed_on(cleared);
  }
  if (busy) co_return NotSafe{moved.error().what, catch_up(request, place.work_tree)};
  if (!moved) co_return passed_on(moved);
  if (moved->ok()) co_return Moved{checked_out ? place.work_tree : fs::path()};
  if (checked_out) co_return NotSafe{why_refused(moved->err), catch_up(request, place.work_tree)};
  const auto now = co_await branch_tip(request.branch);
  if (!now) co_return passed_on(now);
  if (*now && **now != tip) co_return Diverged{**now};
  co_return failed(move, *moved);
}

/// An earlier follow() was killed here and may have left its locks. False: they are held, or not
/// known to be stale.
Job<bool> Repository::clear_interrupted(Place place, FollowRequest request) {
  const std::vector<fs::path> locks = {place.git_dir / "index.lock", place.git_dir / "HEAD.lock",
                                       place.git_dir / "ORIG_HEAD.lock",
                                       git_dir_ / "refs/heads" / (request.branch + ".lock")};
  const auto gone = [&place](const fs::path& lock) {
    return clear_stale_lock(lock, place.git_dir, place.work_tree);
  };
  const std::int64_t begun = loop::Loop::boottime_ms();
  while (!std::all_of(locks.begin(), locks.end(), gone)) {
    if (loop::Loop::boottime_ms() - begun > kLockPatienceMs) co_return false;
    (void)co_await loop::pause(loop_, kLookAgain);  // a pause has no answer worth reading
  }
  co_return true;
}

/// Puts those files back to what the index says that are, as far as they are written, what they are
/// in `target`: the merge writes them again, so that no content is lost that is not in the
/// repository.
Job<bool> Repository::heal_checkout(Place place, CommitId tip, CommitId target) {
  Call compare = call(
      {"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", tip.value, target.value},
      "compare commits");
  const auto text = co_await runner_.output(std::move(compare));
  if (!text) co_return passed_on(text);
  Call look = call({"diff-files", "-z", "--name-only"}, "look for changes");
  look.place = place;
  const auto changed = co_await runner_.output(std::move(look));
  if (!changed) co_return passed_on(changed);
  const std::vector<std::string> names = parse_names(*changed);
  Call list = call({"ls-files", "-z", "--cached"}, "list tracked files");
  list.place = place;
  const auto cached = co_await runner_.output(std::move(list));
  if (!cached) co_return passed_on(cached);
  const std::vector<std::string> tracked = parse_names(*cached);

  Call restore = call({"checkout-index", "--force", "--quiet", "-z", "--stdin"},
                      "restore files of " + one_line(place.work_tree.native()));
  restore.place = place;
  for (const ChangedEntry& entry : parse_raw_diff(*text)) {
    // The index, too, may have been written already; then it has the new files.
    const bool is_new = entry.kind == 'A' && !contains(tracked, entry.path);
    if (!is_new && !contains(names, entry.path)) continue;
    const auto begun = co_await is_begun(place, entry, target);
    if (!begun) co_return passed_on(begun);
    if (!*begun) continue;
    std::error_code error;
    if (is_new) fs::remove(place.work_tree / entry.path, error);
    if (is_new) continue;
    restore.input += entry.path;
    restore.input += '\0';
  }
  if (restore.input.empty()) co_return true;
  // A file that is not in the index any more was staged by the merge: that is as good.
  const auto restored = co_await runner_.run(std::move(restore));
  if (!restored) co_return passed_on(restored);
  co_return true;
}

/// Can the file be what git had made of it on the way to `target`? Git takes the old file away and
/// then writes the new one from its beginning.
Job<bool> Repository::is_begun(Place place, ChangedEntry entry, CommitId target) {
  const fs::path file = place.work_tree / entry.path;
  if (is_missing(file)) co_return entry.kind != 'A';
  if (entry.kind == 'D') co_return false;
  std::error_code error;
  std::string there;
  if (fs::is_symlink(file, error)) {
    there = fs::read_symlink(file, error);
  } else {
    const Result<std::string> text = read_file(file);
    if (!text) co_return false;
    there = *text;
  }
  Call show = call({"cat-file", entry.new_mode == "120000" ? "blob" : "--filters",
                    target.value + ":" + entry.path},
                   "read " + one_line(entry.path));
  show.place = std::move(place);
  const auto wanted = co_await runner_.run(std::move(show));
  co_return wanted && wanted->ok() && wanted->out.starts_with(there);
}

}  // namespace orch::git
