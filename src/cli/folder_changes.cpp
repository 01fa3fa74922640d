// The kernel tells; where it does not, the caller is to look now and then.
#include "cli/folder_changes.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

constexpr Span kLook = 200ms;
constexpr std::uint32_t kComes = IN_CREATE | IN_MOVED_TO;

void take_all(const Fd& changes) {
  std::array<char, 4096> told{};
  while (::read(changes.get(), told.data(), told.size()) > 0) {
  }
}

}  // namespace

FolderChanges::FolderChanges(std::filesystem::path folder)
    : folder_(std::move(folder)), changes_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

bool FolderChanges::await(Span most) {
  if (!watched_) {
    watched_ = changes_ && ::inotify_add_watch(changes_.get(), folder_.c_str(), kComes) >= 0;
    // What came before is seen by looking.
    if (!watched_) std::this_thread::sleep_for(std::min(most, kLook));
    return true;
  }
  pollfd told{changes_.get(), POLLIN, 0};
  if (::poll(&told, 1, static_cast<int>(most.count())) <= 0) return false;
  take_all(changes_);
  return true;
}

}  // namespace orch::cli
