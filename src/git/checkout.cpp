// Reads gitrepository-layout(5).
#include "git/checkout.hpp"

#include "git/locks.hpp"
#include "git/registration.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <chrono>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmall = 64u << 10;
constexpr Span kSettles = std::chrono::milliseconds(200);

std::string line_of(const fs::path& file) {
  Result<std::string> text = read_file(file, kSmall);
  if (!text) return {};
  if (text->ends_with('\n')) text->pop_back();
  return std::move(*text);
}

fs::path resolved(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored);
}

/// The git folder that a `.git` is or leads to; empty if it is neither.
fs::path git_dir_behind(const fs::path& dot_git) {
  std::error_code ignored;
  if (fs::is_directory(dot_git, ignored)) return resolved(dot_git);
  constexpr std::string_view kLink = "gitdir: ";
  const std::string link = line_of(dot_git);
  if (!link.starts_with(kLink)) return {};
  return resolved(dot_git.parent_path() / link.substr(kLink.size()));
}

/// A lock that a killed git left must not stop us for ever.
bool is_held(const fs::path& lock, const Checkout& checkout) {
  std::error_code error;
  const fs::file_time_type written = fs::last_write_time(lock, error);
  if (error) return false;
  const auto age = fs::file_time_type::clock::now() - written;
  return age < kStaleAfter || is_in_use(lock, checkout.git_dir, checkout.work_tree);
}

}  // namespace

std::optional<Checkout> find_checkout(const fs::path& path) {
  for (fs::path folder = resolved(path);; folder = folder.parent_path()) {
    const fs::path git_dir = git_dir_behind(folder / ".git");
    if (!git_dir.empty()) {
      const std::string common = line_of(git_dir / "commondir");
      return Checkout{folder, git_dir, common.empty() ? git_dir : resolved(git_dir / common)};
    }
    if (folder == folder.parent_path()) return std::nullopt;
  }
}

Standing standing_of(const Checkout& checkout) {
  const fs::path& git_dir = checkout.git_dir;
  Standing standing;
  standing.head = line_of(git_dir / "HEAD");
  standing.branch = branch_in(git_dir);
  standing.operation = operation_in(git_dir);
  std::error_code ignored;
  // What `merge --autostash` and `pull --autostash` have put aside until they end.
  const bool set_aside = fs::exists(git_dir / "MERGE_AUTOSTASH", ignored);
  if (standing.operation == Operation::None && set_aside) standing.operation = Operation::Merge;
  standing.busy = is_held(git_dir / "index.lock", checkout) ||
                  is_held(git_dir / "HEAD.lock", checkout) ||
                  has_mark(git_dir, StepMark::Following);
  return standing;
}

bool is_settling(const Checkout& checkout) {
  const auto now = fs::file_time_type::clock::now();
  for (const char* file : {"index", "HEAD"}) {
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(checkout.git_dir / file, error);
    if (!error && written <= now && now - written < kSettles) return true;
  }
  return false;
}

}  // namespace orch::git
