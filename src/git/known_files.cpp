// Remembers which worktrees have nothing but their commit.
#include "git/known_files.hpp"

#include "git/queries.hpp"
#include "git/slot.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kDeepest = 256;

bool is_folder(int around, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;

  struct stat info {};

  return ::fstatat(around, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

/// False: not all could be opened.
bool watch_below(Fd folder, FolderWatches& watches, int depth) {
  if (!folder || depth == kDeepest) return false;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder.get()), ::closedir);
  if (!open) return false;
  const int here = folder.release();
  watches.add(here);
  while (const dirent* found = ::readdir(open.get())) {
    const std::string_view name = found->d_name;
    if (name == "." || name == ".." || !is_folder(here, *found)) continue;
    if (!watch_below(Fd(::openat(here, found->d_name, kFolder)), watches, depth + 1)) return false;
  }
  return true;
}

bool watch_all(const fs::path& folder, FolderWatches& watches) {
  if (watch_below(Fd(::open(folder.c_str(), kFolder)), watches, 0)) return true;
  watches.clear();
  return false;
}

bool is_all_in_commits(const SeenFiles& seen) {
  return seen.complete && seen.ignored.empty() &&
         std::ranges::none_of(seen.untracked,
                              [](const std::string& path) { return path.ends_with('/'); });
}

}  // namespace

Job<WorktreeStatus> look_and_watch(GitContext& git, fs::path worktree) {
  const Result<Place> place = git.place_of(worktree);
  if (!place) co_return co_await look_at(git, std::move(worktree));
  const auto watches = std::make_shared<FolderWatches>(git.watch.folders(place->work_tree));
  std::function<bool()> begin = [folder = place->work_tree, watches] {
    return watch_all(folder, *watches);
  };
  const bool watched = co_await loop::off_loop<bool>(git.loop, std::move(begin));
  auto status = co_await look_at(git, std::move(worktree));
  git.known.erase(place->git_dir);
  if (!watched || !status || !status->files) co_return status;
  git.watch.begin(place->git_dir, place->work_tree, std::move(*watches));
  if (status->files->is_spotless()) note_committed(git, *place, *status->files, status->head);
  co_return status;
}

void note_committed(GitContext& git, const Place& place, const SeenFiles& seen,
                    const CommitId& commit) {
  if (!is_all_in_commits(seen)) return;
  git.known[place.git_dir] = {commit, stamp_of_file(place.git_dir / "index"), seen.began};
}

std::optional<SeenFiles> known_files(GitContext& git, const Place& place, const CommitId& head) {
  const auto found = git.known.find(place.git_dir);
  const bool quiet = git.watch.is_quiet(place.git_dir, place.work_tree);
  git.watch.end(place.git_dir);
  if (found == git.known.end()) return std::nullopt;
  const KnownFiles known = std::move(found->second);
  git.known.erase(found);
  if (!quiet || known.head != head || known.index != stamp_of_file(place.git_dir / "index"))
    return std::nullopt;
  SeenFiles seen;
  seen.complete = true;
  seen.began = known.began;
  return seen;
}

}  // namespace orch::git
