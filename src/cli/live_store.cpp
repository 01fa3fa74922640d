// Tells by the file's identity that it is another one, and by the kernel that it has changed.
#include "cli/live_store.hpp"

#include "app/ground.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

// Where the kernel tells nothing.
constexpr Span kLook = 200ms;

/// Takes all that has been told; was any of it of a file whose name begins like that?
bool take_changes(const Fd& changes, const std::string& name) {
  alignas(inotify_event) std::array<char, 4096> told{};
  bool found = false;
  while (true) {
    const ssize_t size = ::read(changes.get(), told.data(), told.size());
    if (size <= 0) return found;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(told.data() + at);
      found = found || event->len == 0 || std::string_view(event->name).starts_with(name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
}

}  // namespace

LiveStore::LiveStore(app::Paths paths)
    : paths_(std::move(paths)), changes_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

void LiveStore::await_change(Span most) {
  if (!watched_) return std::this_thread::sleep_for(std::min(most, kLook));
  const std::string name = paths_.database().filename().string();
  const auto until = std::chrono::steady_clock::now() + most;
  while (!take_changes(changes_, name)) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd told{changes_.get(), POLLIN, 0};
    if (left <= 0ms || ::poll(&told, 1, static_cast<int>(left.count())) <= 0) return;
  }
}

bool LiveStore::take_change() {
  return changes_ && take_changes(changes_, paths_.database().filename().string());
}

Result<const store::Store*> LiveStore::now(std::int64_t& seq) {
  // Each time, as the folder may be another one by now; for the same one this changes nothing.
  watched_ =
      changes_ && ::inotify_add_watch(changes_.get(), paths_.database().parent_path().c_str(),
                                      IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVE) >= 0;

  struct stat status {};

  const bool there = ::stat(paths_.database().c_str(), &status) == 0;
  const std::pair file(status.st_dev, status.st_ino);
  if (store_ && there && file == file_) return &*store_;
  if (!there) app::await_put_back(paths_);
  Result<store::Store> opened = store::Store::open(paths_.database(), store::Access::ReadOnly);
  if (!opened) return passed_on(opened);
  if (::stat(paths_.database().c_str(), &status) == 0) file_ = {status.st_dev, status.st_ino};
  if (store_) seq = 0;
  store_ = std::move(*opened);
  return &*store_;
}

}  // namespace orch::cli
