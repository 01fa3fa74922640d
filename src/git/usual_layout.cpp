// Whatever is not as `git init`, `git clone` and `git worktree add` make it is left to git.
#include "git/usual_layout.hpp"

#include "git/layout.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmall = 64u << 10;

std::string text_of(const fs::path& file) {
  return read_file(file, kSmall).value_or(std::string());
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::symlink_status(path, error));
}

/// Is nothing in it that moves the files elsewhere, makes the repository a bare one, or is of a
/// later format? A word may also stand in the name of a branch: then git is asked in vain.
bool is_plain(const std::string& configuration) {
  const std::string text = lower(configuration);
  const auto has = [&text](std::string_view word) { return text.find(word) != text.npos; };
  const bool is_bare = !has("bare = false\n") || text.find("bare") != text.rfind("bare");
  return !is_bare && has("repositoryformatversion = 0\n") && !has("worktree") && !has("include") &&
         !has("extensions");
}

bool is_head(const std::string& text) {
  if (text.starts_with("ref: refs/")) return true;
  const std::string_view id = trim(text);
  return (id.size() == 40 || id.size() == 64) &&
         std::ranges::all_of(id, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

/// What all worktrees share.
bool is_shared_git_dir(const fs::path& git_dir) {
  return is_folder(git_dir) && is_folder(git_dir / "objects") && is_folder(git_dir / "refs") &&
         is_head(text_of(git_dir / "HEAD")) && is_plain(text_of(git_dir / "config"));
}

/// Of anybody else's git asks whether the user trusts it.
bool is_own(const fs::path& path) {
  struct stat status {};

  return ::lstat(path.c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

/// Git does not look for a repository beyond the file system that it is asked on.
std::optional<dev_t> device_of(const fs::path& path) {
  struct stat status {};

  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_dev;
}

/// The nearest folder above that has a `.git`; empty if git may see another one before.
fs::path top_above(const fs::path& folder) {
  const std::optional<dev_t> device = device_of(folder);
  for (fs::path top = folder; device && device_of(top) == device; top = top.parent_path()) {
    std::error_code error;
    if (fs::exists(fs::symlink_status(top / ".git", error))) return top;
    const bool may_be_bare = fs::exists(top / "HEAD", error);
    if (may_be_bare || top.filename() == ".git" || top == top.parent_path()) break;
  }
  return {};
}

/// The git folder of the worktrees that `admin`, the one of a linked worktree, belongs to; empty:
/// it lies in another way.
fs::path shared_by(const fs::path& admin, const fs::path& top) {
  std::error_code error;
  const bool is_linked = text_of(admin / "commondir") == "../..\n" &&
                         text_of(admin / "gitdir") == (top / ".git").native() + "\n" &&
                         is_head(text_of(admin / "HEAD"));
  if (!is_linked || admin.parent_path().filename() != "worktrees") return {};
  return admin.parent_path().parent_path();
}

}  // namespace

std::optional<RepositoryFacts> facts_by_files(const fs::path& folder) {
  const fs::path top = top_above(folder);
  if (top.empty() || !is_own(top) || !is_own(top / ".git")) return std::nullopt;
  RepositoryFacts facts;
  facts.checkout = top;
  facts.in_linked_worktree = !is_folder(top / ".git");
  const fs::path own = git_dir_at(top);
  facts.git_dir = facts.in_linked_worktree ? shared_by(own, top) : own;
  if (facts.git_dir.empty() || !is_own(own) || !is_shared_git_dir(facts.git_dir))
    return std::nullopt;
  facts.main = facts.git_dir.parent_path();
  if (!lies_in(facts.git_dir, facts.main)) return std::nullopt;
  return facts;
}

}  // namespace orch::git
