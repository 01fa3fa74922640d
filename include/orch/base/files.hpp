#pragma once
// Whole files, written so that a reader sees the old or the new text and never a half.
#include "orch/base/result.hpp"

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

/// A file descriptor that is closed by its destructor.
class Fd {
 public:
  Fd() = default;

  explicit Fd(int fd) : fd_(fd) {}

  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  ~Fd() { reset(); }

  int get() const { return fd_; }

  int release() { return std::exchange(fd_, -1); }

  explicit operator bool() const { return fd_ >= 0; }

  void reset();

 private:
  int fd_ = -1;
};

/// Reads at most `limit` bytes; more is Fault::Full, as no file we read has a reason to be larger.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64u << 20);

/// Writes to a temporary file in the same folder and renames it over `path`. A full disk leaves the
/// old file as it was. `durable` also syncs file and folder.
Status write_file(const std::filesystem::path& path, std::string_view text, mode_t mode = 0644,
                  bool durable = false);

/// The same by way of `staging`, a folder of ours: a kill leaves no temporary file next to `path`,
/// where it would be taken for somebody's work. On another file system it is made there all the
/// same.
Status write_file_from(const std::filesystem::path& staging, const std::filesystem::path& path,
                       std::string_view text);

/// Replaces the text `before` by `after`, durably. For files that the user may edit at any moment:
/// Fault::Busy if it is not `before`, and what it is then stays. Links to it, its other names,
/// owner, mode and attributes are kept: where a new file cannot have them, only what differs is
/// written over. Fault::Refused: it is read-only, also for root.
Status replace_file(const std::filesystem::path& path, std::string_view before,
                    std::string_view after);

/// `mkdir -p` with that mode for what is made; an existing folder of another user is refused.
Status make_folders(const std::filesystem::path& path, mode_t mode = 0755);

/// Takes the advisory lock on `path` (made if missing) without waiting; Fault::Busy if it is held.
/// The lock lives as long as the descriptor (F_OFD_SETLK, O_CLOEXEC).
Result<Fd> lock_file(const std::filesystem::path& path);
/// Is somebody holding the lock? Asks without taking it, so it never makes an owner fail; false
/// when the file does not exist.
bool is_locked(const std::filesystem::path& path);

}  // namespace orch
