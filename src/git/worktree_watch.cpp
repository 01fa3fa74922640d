// Watches worktrees by inotify.
#include "git/worktree_watch.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

// Who maps a file to write to it has to open it first, and is heard when it is closed.
constexpr std::uint32_t kChanges =
    IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr std::size_t kMostRemembered = 100'000;
/// Of the watches that the system gives a user: editors want some as well.
constexpr std::size_t kShare = 4;

std::size_t watches_of_user() {
  const Result<std::string> text = read_file("/proc/sys/fs/inotify/max_user_watches", 64);
  std::size_t most = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), most);
  return most;
}

/// Of a file that write_file() renames to `.git`.
constexpr std::string_view kTemporary = ".orch-";

bool is_of_pointer(std::string_view name) {
  return name == ".git" || name.starts_with(kTemporary);
}

bool has_temporary(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().native().starts_with(kTemporary)) return true;
  }
  return bool(error);
}

}  // namespace

FolderWatches::FolderWatches(std::shared_ptr<const Fd> inotify, std::size_t most,
                             std::uint64_t losses)
    : inotify_(std::move(inotify)), most_(most), losses_(losses) {}

FolderWatches& FolderWatches::operator=(FolderWatches&& other) noexcept {
  clear();
  inotify_ = std::move(other.inotify_);
  most_ = other.most_;
  losses_ = other.losses_;
  ids_ = std::exchange(other.ids_, {});
  disk_ = other.disk_;
  inode_ = other.inode_;
  return *this;
}

FolderWatches::~FolderWatches() {
  clear();
}

void FolderWatches::add(int folder) {
  if (!inotify_) return;
  if (ids_.size() >= most_) return clear();

  struct stat info {};

  // Inotify takes paths alone; this one leads to the very folder that is open.
  const std::string path = fmt::format("/proc/self/fd/{}", folder);
  const int id = ::inotify_add_watch(inotify_->get(), path.c_str(), kChanges | IN_ONLYDIR);
  if (id < 0 || ::fstat(folder, &info) != 0) return clear();
  if (ids_.empty()) {
    disk_ = info.st_dev;
    inode_ = info.st_ino;
  }
  ids_.push_back(id);
}

void FolderWatches::clear() {
  for (const int id : ids_)
    ::inotify_rm_watch(inotify_->get(), id);  // fails where the folder is gone, and its watch too
  ids_.clear();
  inotify_.reset();
}

FolderWatches WorktreeWatch::folders(const fs::path& folder) {
  struct stat info {};

  if (::lstat(folder.c_str(), &info) == 0) end_same(info.st_dev, info.st_ino);
  if (!inotify_) {
    Fd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify) return {};
    inotify_ = std::make_shared<const Fd>(std::move(inotify));
    most_ = watches_of_user() / kShare;
  }
  std::size_t used = 0;
  for (const auto& [worktree, folders] : worktrees_)
    used += folders.ids_.size();
  if (used >= most_) return {};
  return {inotify_, most_ - used, losses_};
}

void WorktreeWatch::begin(const fs::path& worktree, const fs::path& folder, FolderWatches folders) {
  end(worktree);
  if (end_same(folders.disk_, folders.inode_)) return;
  read_events();
  const std::vector<int>& ids = folders.ids_;
  bool is_untouched = !ids.empty() && folders.losses_ == losses_;
  for (const int id : ids) {
    const auto found = happened_.find(id);
    if (found == happened_.end()) continue;
    is_untouched = is_untouched && !found->second.other && id == ids.front();
  }
  forget(folders);
  is_untouched = is_untouched && !has_temporary(folder);
  if (is_untouched) worktrees_.emplace(worktree, std::move(folders));
}

bool WorktreeWatch::is_quiet(const fs::path& worktree, const fs::path& folder) {
  read_events();
  const auto watched = worktrees_.find(worktree);
  if (watched == worktrees_.end()) return false;
  const FolderWatches& folders = watched->second;

  struct stat info {};

  if (::lstat(folder.c_str(), &info) != 0 || info.st_dev != folders.disk_ ||
      info.st_ino != folders.inode_)
    return false;
  return std::ranges::none_of(folders.ids_, [this](int id) { return happened_.contains(id); });
}

void WorktreeWatch::end(const fs::path& worktree) {
  const auto watched = worktrees_.find(worktree);
  if (watched == worktrees_.end()) return;
  forget(watched->second);
  worktrees_.erase(watched);
}

bool WorktreeWatch::end_same(dev_t disk, ino_t inode) {
  const auto same = std::ranges::find_if(worktrees_, [&](const auto& watched) {
    return watched.second.disk_ == disk && watched.second.inode_ == inode;
  });
  if (same == worktrees_.end()) return false;
  forget(same->second);
  worktrees_.erase(same);
  return true;
}

void WorktreeWatch::read_events() {
  if (!inotify_) return;
  alignas(inotify_event) std::array<char, 64 * 1024> events{};
  while (true) {
    const ssize_t size = ::read(inotify_->get(), events.data(), events.size());
    if (size <= 0) return;
    for (const char* at = events.data(); at < events.data() + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        lose_all();
        continue;
      }
      // The end of a watch (IN_IGNORED) is as good as a change: who else has it hears no more.
      // Without a name it is the folder itself that changed.
      const std::string_view name = event->len == 0 ? std::string_view() : event->name;
      Happened& happened = happened_[event->wd];
      (is_of_pointer(name) ? happened.pointer : happened.other) = true;
    }
    if (happened_.size() > kMostRemembered / 2) forget_others();
    if (happened_.size() > kMostRemembered) lose_all();
  }
}

void WorktreeWatch::forget_others() {
  const auto holders = static_cast<std::size_t>(inotify_.use_count());
  if (holders > 1 + worktrees_.size()) return;  // a look is under way, which may have any of them
  std::unordered_map<int, Happened> known;
  for (const auto& [worktree, folders] : worktrees_) {
    for (const int id : folders.ids_) {
      if (const auto found = happened_.find(id); found != happened_.end()) known.insert(*found);
    }
  }
  happened_ = std::move(known);
}

void WorktreeWatch::forget(const FolderWatches& folders) {
  for (const int id : folders.ids_)
    happened_.erase(id);
}

void WorktreeWatch::lose_all() {
  ++losses_;
  worktrees_.clear();
  happened_.clear();
}

}  // namespace orch::git
