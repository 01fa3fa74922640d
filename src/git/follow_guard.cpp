// What a fast-forward would meet in the user's checkout: looked at before it begins, and put right
// where one was killed half way.
//
// git refuses as a whole before it writes the first file, except for submodules. So a file that was
// not as the branch had it before the fast-forward began is the user's, and only what was can be
// half written afterwards: the mark names the target and the paths that were not.
#include "git/follow_guard.hpp"

#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/registration.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kLookAgain = std::chrono::milliseconds(200);
constexpr std::int64_t kLockTimeoutMs = 20'000;
/// More paths are not named one by one to git, which then looks at all of its files.
constexpr std::size_t kMostNamed = 500;

/// `names` as git lists them: sorted by their bytes.
bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::binary_search(names.begin(), names.end(), name);
}

bool has_content(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(folder, error)) && !fs::is_empty(folder, error);
}

/// Those of the entries' files that are changed or gone in the checkout, sorted.
Job<std::vector<std::string>> unclean(GitContext& git, Place place,
                                      std::vector<ChangedEntry> entries) {
  Call look = git.call({"diff-files", "-z", "--name-only", "--ignore-submodules=all"},
                       "look for changes in " + one_line(place.work_tree.native()));
  look.place = std::move(place);
  look.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  if (entries.size() <= kMostNamed) {
    look.args.emplace_back("--");
    for (const ChangedEntry& entry : entries)
      look.args.push_back(entry.path);
  }
  const auto text = co_await git.runner.output(std::move(look));
  if (!text) co_return passed_on(text);
  co_return parse_names(*text);
}

/// Can the file be what git had made of it on the way to `target`? Git takes the old file away and
/// then writes the new one from its beginning.
Job<bool> is_begun(GitContext& git, Place place, ChangedEntry entry, CommitId target) {
  constexpr std::string_view kLink = "120000";
  const fs::path file = place.work_tree / entry.path;
  if (is_missing(file)) co_return entry.kind != 'A';
  if (entry.kind == 'D') co_return false;
  std::error_code error;
  const fs::file_status status = fs::symlink_status(file, error);
  if (fs::is_symlink(status) != (entry.new_mode == kLink)) co_return false;
  std::string there;
  if (fs::is_symlink(status)) {
    there = fs::read_symlink(file, error);
  } else {
    if (!fs::is_regular_file(status)) co_return false;
    const Result<std::string> text = read_file(file);
    if (!text) co_return false;
    there = *text;
  }
  Call show = git.call(
      {"cat-file", entry.new_mode == kLink ? "blob" : "--filters", target.value + ":" + entry.path},
      "read " + one_line(entry.path));
  show.place = std::move(place);
  const auto wanted = co_await git.runner.run(std::move(show));
  co_return wanted && wanted->ok() && wanted->out.starts_with(there);
}

}  // namespace

bool is_missing(const fs::path& path) {
  std::error_code error;
  return !fs::exists(fs::symlink_status(path, error));
}

Job<Outlook> look_ahead(GitContext& git, Place place, CommitId tip, CommitId target) {
  Outlook outlook;
  outlook.mark = target.value;
  const auto entries = co_await changed_entries(git, tip, target);
  if (!entries) co_return passed_on(entries);
  if (entries->empty()) co_return outlook;
  for (ReplacedSubmodule& submodule : replaced_submodules(*entries)) {
    if (has_content(place.work_tree / submodule.path))
      outlook.submodules.push_back(std::move(submodule));
  }
  const auto changed = co_await unclean(git, place, *entries);
  if (!changed) co_return passed_on(changed);
  for (const ChangedEntry& entry : *entries) {
    const bool occupied = entry.kind == 'A' ? !is_missing(place.work_tree / entry.path)
                                            : contains(*changed, entry.path);
    if (occupied) outlook.mark += '\0' + entry.path;
  }
  co_return outlook;
}

Job<bool> clear_interrupted(GitContext& git, Place place, FollowRequest request) {
  const std::vector<fs::path> locks = {place.git_dir / "index.lock", place.git_dir / "HEAD.lock",
                                       place.git_dir / "ORIG_HEAD.lock",
                                       git.git_dir / "refs/heads" / (request.branch + ".lock")};
  const auto gone = [&place](const fs::path& lock) {
    return clear_stale_lock(lock, place.git_dir, place.work_tree);
  };
  const std::int64_t begun = loop::Loop::boottime_ms();
  while (!std::all_of(locks.begin(), locks.end(), gone)) {
    if (loop::Loop::boottime_ms() - begun > kLockTimeoutMs) co_return false;
    (void)co_await loop::pause(git.loop, kLookAgain);  // a pause has no answer worth reading
  }
  co_return true;
}

Job<bool> repair_checkout(GitContext& git, Place place, CommitId tip) {
  std::vector<std::string> occupied = parse_names(mark_text(place.git_dir, StepMark::Following));
  if (occupied.empty()) co_return true;
  const CommitId target{occupied.front()};
  occupied.erase(occupied.begin());
  const auto entries = co_await changed_entries(git, tip, target);
  if (!entries) co_return passed_on(entries);
  const auto changed = co_await unclean(git, place, *entries);
  if (!changed) co_return passed_on(changed);
  Call list = git.call({"ls-files", "-z", "--cached"}, "list tracked files");
  list.place = place;
  const auto cached = co_await git.runner.output(std::move(list));
  if (!cached) co_return passed_on(cached);
  const std::vector<std::string> tracked = parse_names(*cached);

  Call restore = git.call({"checkout-index", "--force", "--quiet", "-z", "--stdin"},
                          "restore files of " + one_line(place.work_tree.native()));
  restore.place = place;
  for (const ChangedEntry& entry : *entries) {
    // The index, too, may have been written already; then it has the new files.
    const bool is_new = entry.kind == 'A' && !contains(tracked, entry.path);
    if (!is_new && !contains(*changed, entry.path)) continue;
    if (contains(occupied, entry.path)) continue;
    const auto begun = co_await is_begun(git, place, entry, target);
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
  const auto restored = co_await git.runner.run(restore);
  if (!restored) co_return passed_on(restored);
  if (restored->ok()) co_return true;
  const Result<bool> why = failed(restore, *restored);
  co_return why.error().fault == Fault::Full ? passed_on(why) : Result<bool>(true);
}

}  // namespace orch::git
