// Looks at the folder by the identity of its files, and writes it anew.
#include "app/ground.hpp"

#include "app/our_processes.hpp"
#include "app/run_on_disk.hpp"
#include "app/supervisor_client.hpp"
#include "loop/loop.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

// The `up` that started us holds the lock until it has stored the run.
constexpr int kLockTries = 250;
constexpr Span kLook = 20ms;
// A supervisor looks each second.
constexpr Span kPutBackTimeout = 3s;
constexpr std::array<std::string_view, 3> kSuffixes = {"", "-wal", "-shm"};

Result<Fd> lock_with_pid(const Paths& paths) {
  Result<Fd> lock = lock_file(paths.lock());
  if (!lock) return lock;
  const std::string pid = fmt::format("{}\n", ::getpid());
  const bool written =
      ::ftruncate(lock->get(), 0) == 0 &&
      ::pwrite(lock->get(), pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
  if (!written) return errno_failure(errno, "cannot write " + paths.lock().string());
  return lock;
}

bool begins_like_a_database(const fs::path& file) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::array<char, kMagic.size()> first{};
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  const ssize_t got = fd ? ::pread(fd.get(), first.data(), first.size(), 0) : -1;
  return got == static_cast<ssize_t>(first.size()) &&
         std::string_view(first.data(), first.size()) == kMagic;
}

bool has_what_it_needs(const Paths& paths) {
  return supervisor_alive(paths) && load_newest(paths).has_value();
}

}  // namespace

Result<Ground> Ground::take(const Paths& paths) {
  Result<Fd> lock = lock_with_pid(paths);
  for (int tries = 0; !lock && lock.error().fault == Fault::Busy && tries < kLockTries; ++tries) {
    std::this_thread::sleep_for(kLook);
    lock = lock_with_pid(paths);
  }
  if (!lock) return passed_on(lock);
  return Ground(paths, std::move(*lock));
}

void Ground::remember(const RunPaths& run) {
  files_.clear();
  for (const fs::path& file :
       {run.configuration(), run.environment(), run.plan(), paths_.tmux_conf()}) {
    if (Result<std::string> text = read_file(file)) files_.emplace_back(file, std::move(*text));
  }
}

Status Ground::may_write(const RunPaths& run) const {
  for (const fs::path& folder : {paths_.home(), run.root()}) {
    const bool may = ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
    if (may || errno == ENOENT) continue;  // what is gone is put back
    const std::string what = fmt::format("cannot write to {}", folder.string());
    return hinted(errno_failure(errno, what),
                  "nothing is lost: make it writable, and `tmux-orch up` goes on");
  }
  return {};
}

Result<bool> Ground::put_back_folder() {
  struct stat ours {};

  struct stat there {};

  const bool same = ::fstat(lock_.get(), &ours) == 0 &&
                    ::lstat(paths_.lock().c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
                    ours.st_ino == there.st_ino;
  if (same) return false;
  if (Status made = paths_.make(); !made) return passed_on(made);
  Result<Fd> lock = lock_with_pid(paths_);
  if (!lock) return passed_on(lock);
  lock_ = std::move(*lock);
  for (const auto& [file, text] : files_) {
    if (Status made = make_folders(file.parent_path(), 0700); !made) return passed_on(made);
    if (Status written = write_file(file, text, 0600); !written) return passed_on(written);
  }
  return true;
}

bool Ground::has_database() {
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) {
    fs::path file = paths_.database();
    file += kSuffixes[i];

    struct stat status {};

    const bool there = ::lstat(file.c_str(), &status) == 0;
    const Identity found = there ? Identity(status.st_dev, status.st_ino) : Identity();
    // The log and its index are made by the first one who writes or reads.
    if (database_[i] == Identity()) database_[i] = found;
    if (!there || found != database_[i]) return false;
    if (i > 0) continue;
    const auto size = static_cast<std::uintmax_t>(status.st_size);
    if (size < largest_ || !begins_like_a_database(file)) return false;
    largest_ = size;
  }
  return true;
}

void Ground::database_opened() {
  database_ = {};
  largest_ = 0;
  (void)has_database();  // remembers what it sees first
}

void await_put_back(const Paths& paths) {
  const ProcessId supervisor = supervisor_of(paths.repository());
  const std::int64_t deadline = loop::Loop::boottime_ms() + kPutBackTimeout.count();
  while (is_alive(supervisor) && !has_what_it_needs(paths) &&
         loop::Loop::boottime_ms() < deadline) {
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace orch::app
