// Looks in /proc for processes that may hold a lock of git.
#include "git/locks.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const fs::path& folder) {
  const std::string& inner = path.native();
  const std::string& outer = folder.native();
  if (outer.empty() || !inner.starts_with(outer)) return false;
  return inner.size() == outer.size() || inner[outer.size()] == '/';
}

bool holds_open(const fs::path& process, const fs::path& file) {
  std::error_code error;
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(entry->path(), unreadable) == file) return true;
  }
  return false;
}

bool is_git(const fs::path& process) {
  const auto name = read_file(process / "comm", 64);
  return name && name->starts_with("git");
}

bool stays(const fs::path& process) {
  const auto command = read_file(process / "cmdline", 1u << 20);
  if (!command) return false;
  const auto words = split(*command, '\0');
  return std::ranges::find(words, kStays) != words.end();
}

bool works_in(const fs::path& process, const fs::path& git_dir, const fs::path& work_tree) {
  std::error_code unreadable;
  const fs::path current = fs::read_symlink(process / "cwd", unreadable);
  if (is_below(current, git_dir) || is_below(current, work_tree)) return true;
  const auto environment = read_file(process / "environ", 4u << 20);
  if (!environment) return false;
  const auto variables = split(*environment, '\0');
  return std::find(variables.begin(), variables.end(), "GIT_DIR=" + git_dir.native()) !=
         variables.end();
}

bool has_open_within(const fs::path& process, const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    if (is_below(fs::read_symlink(entry->path(), unreadable), folder)) return true;
  }
  return false;
}

}  // namespace

bool is_entered(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code unreadable;
    if (is_below(fs::read_symlink(entry->path() / "cwd", unreadable), folder)) return true;
    if (!unreadable && has_open_within(entry->path(), folder)) return true;
  }
  return false;
}

bool is_in_use(const fs::path& lock, const fs::path& git_dir, const fs::path& work_tree) {
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (holds_open(entry->path(), lock)) return true;
    const bool may_lock = is_git(entry->path()) && !stays(entry->path());
    if (may_lock && works_in(entry->path(), git_dir, work_tree)) return true;
  }
  return false;
}

bool clear_stale_lock(const fs::path& lock, const fs::path& git_dir, const fs::path& work_tree,
                      Span min_age) {
  struct stat seen {};

  if (::lstat(lock.c_str(), &seen) != 0) return true;
  const auto age = std::chrono::seconds(std::time(nullptr) - seen.st_mtime);
  if (age < min_age || is_in_use(lock, git_dir, work_tree)) return false;

  // Another git may have taken the lock since it was looked at; then it is not the one judged.
  struct stat now {};

  if (::lstat(lock.c_str(), &now) != 0) return true;
  if (now.st_ino != seen.st_ino || now.st_mtim.tv_nsec != seen.st_mtim.tv_nsec) return false;
  std::error_code error;
  fs::remove(lock, error);
  return !error;
}

void clear_stale_ref_locks(const fs::path& git_dir, const fs::path& work_tree,
                           const std::vector<std::string>& refs, Span min_age) {
  // One that is held stays, and is looked at again the next time.
  (void)clear_stale_lock(git_dir / "packed-refs.lock", git_dir, work_tree, min_age);
  for (const std::string& ref : refs)
    (void)clear_stale_lock(git_dir / (ref + ".lock"), git_dir, work_tree, min_age);
}

bool clear_stale_locks(const fs::path& git_dir, const fs::path& work_tree, Span min_age) {
  bool all = true;
  std::error_code error;
  for (fs::directory_iterator entry(git_dir, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".lock")
      all = clear_stale_lock(entry->path(), git_dir, work_tree, min_age) && all;
  }
  return all;
}

}  // namespace orch::git
