// Reads `.git` files and our note of the root.
#include "git/layout.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <string>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmall = 64u << 10;
constexpr std::string_view kGitdir = "gitdir: ";

fs::path note_file(const fs::path& git_dir) {
  return git_dir / "orch-root";
}

fs::path canonical_or_empty(const fs::path& path) {
  std::error_code error;
  fs::path found = fs::canonical(path, error);
  return error ? fs::path() : found;
}

}  // namespace

fs::path git_dir_at(const fs::path& folder) {
  const fs::path entry = folder / ".git";
  std::error_code error;
  if (fs::is_directory(entry, error)) return canonical_or_empty(entry);
  const Result<std::string> text = read_file(entry, kSmall);
  if (!text || !text->starts_with(kGitdir)) return {};
  std::string path = text->substr(kGitdir.size());
  if (path.ends_with('\n')) path.pop_back();
  return canonical_or_empty(folder / path);
}

bool lies_in(const fs::path& git_dir, const fs::path& worktree) {
  std::error_code error;
  return git_dir == worktree / ".git" && !fs::is_symlink(git_dir, error);
}

fs::path remembered_root(const fs::path& git_dir) {
  const Result<std::string> text = read_file(note_file(git_dir), kSmall);
  if (!text || text->empty()) return {};
  const fs::path root = canonical_or_empty(git_dir / *text);
  if (root.empty()) return {};
  const fs::path its_git_dir = git_dir_at(root);
  const bool ours = its_git_dir == git_dir || its_git_dir.parent_path() == git_dir / "worktrees";
  return ours ? root : fs::path();
}

Status remember_root(const fs::path& git_dir, const fs::path& root) {
  const std::string text = root.lexically_relative(git_dir).native();
  const Result<std::string> before = read_file(note_file(git_dir), kSmall);
  if (before && *before == text) return {};
  return write_file(note_file(git_dir), text);
}

}  // namespace orch::git
