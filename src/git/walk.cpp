// Which of what is left in a folder of the trash is work, and which can go.
#include "git/parse.hpp"
#include "git/sweep.hpp"
#include "git/values.hpp"

#include <algorithm>
#include <utility>

namespace orch::git {

namespace {

constexpr int kFoldersAStep = 32;
constexpr std::uint64_t kBlock = 512;  // st_blocks is in these, whatever the file system has

bool is_special(mode_t mode) {
  return !S_ISREG(mode) && !S_ISDIR(mode) && !S_ISLNK(mode);
}

}  // namespace

Walk::Walk(Below& folder, const SweepRequest& request, const Compared& compared,
           const std::vector<std::string>& starts)
    : folder_(folder), request_(request), compared_(compared) {
  for (const std::string& start : starts) {
    const auto info = folder_.look(start);
    if (start.empty()) {
      stack_.push_back(Visit{});
    } else if (info) {
      const std::size_t slash = start.rfind('/');
      const Visit parent{slash == std::string::npos ? "" : start.substr(0, slash)};
      look_at(parent, start, Below::Entry{{}, *info});
    }
  }
}

bool Walk::step() {
  for (int visited = 0; visited < kFoldersAStep; ++visited) {
    if (!stack_.empty()) {
      Visit next = std::move(stack_.back());
      stack_.pop_back();
      visit(std::move(next));
    } else if (!folders_.empty()) {
      // Later ones lie below earlier ones.
      if (!request_.only_look) folder_.remove_if_empty(folders_.back());
      folders_.pop_back();
    } else {
      return false;
    }
  }
  return true;
}

void Walk::visit(Visit at) {
  const std::vector<Below::Entry> entries = folder_.list(at.path);
  const auto is_git = [](const Below::Entry& entry) { return entry.name == ".git"; };
  const bool repository = !at.path.empty() && std::ranges::any_of(entries, is_git);
  if (repository && !at.inside) {
    at.inside = true;
    left_.repositories.push_back(at.path);
  }
  if (!at.path.empty() && !at.inside) folders_.push_back(at.path);
  for (const Below::Entry& entry : entries)
    look_at(at, at.path.empty() ? entry.name : at.path + '/' + entry.name, entry);
}

void Walk::look_at(const Visit& at, const std::string& path, const Below::Entry& entry) {
  const bool ignored = at.ignored || compared_.ignored.contains(path);
  const bool top = at.path.empty() && request_.whole;
  if (S_ISDIR(entry.info.st_mode)) {
    if (!at.inside && is_cache(path, ignored)) return caches_.push_back(path);
    // Somebody made the worktree itself a repository.
    const bool own = at.path.empty() && path == ".git";
    if (own) left_.repositories.push_back(path);
    const bool modules = at.path.empty() && path == ".git-modules";
    return stack_.push_back({path, ignored, at.inside || own || modules});
  }
  const bool pointer = top && path == ".git";
  const bool gone = pointer || (!at.inside && goes(path, entry.info, ignored));
  if (request_.only_look && (gone || !ignored)) return;
  if (gone && folder_.remove(path)) return;
  keep(path, entry.info, at.inside);
}

/// Only what git ignores is a cache, and nothing is that has a file of the project in it.
bool Walk::is_cache(const std::string& path, bool ignored) {
  if (!ignored) return false;
  const std::string below = path + '/';
  const auto next = compared_.changed.lower_bound(below);
  if (next != compared_.changed.end() && next->starts_with(below)) return false;
  return is_declared_cache(path, request_.caches) || is_known_cache(folder_, path);
}

/// A FIFO or socket has nothing in it that could be kept.
bool Walk::goes(const std::string& path, const struct stat& info, bool ignored) {
  return is_special(info.st_mode) || request_.set_up.brought(path, info) ||
         (ignored && is_declared_cache(path, request_.caches));
}

void Walk::keep(const std::string& path, const struct stat& info, bool inside) {
  left_.bytes += static_cast<std::uint64_t>(info.st_blocks) * kBlock;
  if (inside) return;
  ++left_.files;
  if (left_.names.size() < kShownNames) left_.names.push_back(path);
}

}  // namespace orch::git
