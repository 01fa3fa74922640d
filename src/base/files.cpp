// Reads, replaces and locks whole files.
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace orch {

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

static Failure cannot(std::string_view verb, const std::filesystem::path& path, int error_number) {
  return errno_failure(error_number, fmt::format("cannot {} {}", verb, path.native()));
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  // Not blocking: a FIFO that somebody left in the place of a file must not stop the program.
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) return cannot("open", path, errno);

  struct stat status {};

  if (::fstat(fd.get(), &status) != 0) return cannot("read", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return fail(Fault::Refused, "cannot read {}: it is not a file", path.native());
  }

  std::string text;
  constexpr std::size_t chunk = 64u << 10;
  for (;;) {
    const std::size_t old_size = text.size();
    text.resize(old_size + chunk);
    const ssize_t got = ::read(fd.get(), text.data() + old_size, chunk);
    const int error_number = errno;
    text.resize(old_size + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0) return text;
    if (got < 0 && error_number != EINTR) return cannot("read", path, error_number);
    if (text.size() > limit) {
      return fail(Fault::Full, "cannot read {}: it is larger than {} bytes", path.native(), limit);
    }
  }
}

static bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno != EINTR) return false;
    if (done > 0) text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

static std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

/// Fills the temporary file; the errno of what went wrong, or 0.
static int fill(Fd temporary, std::string_view text, mode_t mode, bool durable) {
  const bool good = ::fchmod(temporary.get(), mode) == 0 && write_all(temporary.get(), text) &&
                    (!durable || ::fsync(temporary.get()) == 0);
  if (!good) return errno;
  // Network file systems and quotas may report a full disk only here.
  return ::close(temporary.release()) == 0 ? 0 : errno;
}

static Status sync_folder_of(const std::filesystem::path& path) {
  const Fd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) return cannot("sync the folder of", path, errno);
  return {};
}

Status write_file(const std::filesystem::path& path, std::string_view text, mode_t mode,
                  bool durable) {
  std::string temporary = folder_of(path) / ".orch-XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return cannot("write", path, errno);
  int error_number = fill(std::move(fd), text, mode, durable);
  if (error_number == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error_number = errno;
  if (error_number != 0) {
    ::unlink(temporary.c_str());
    return cannot("write", path, error_number);
  }
  return durable ? sync_folder_of(path) : Status();
}

static bool holds(const std::filesystem::path& path, std::string_view text) {
  const Result<std::string> now = read_file(path, text.size() + 1);
  return now && *now == text;
}

/// Puts `fresh` in the place of `path` if that still holds `before`; an errno, EBUSY if it does
/// not. The two change places in one step, so that what somebody else wrote at the last moment is
/// found in the old one, and put back.
static int exchange(const std::string& fresh, const std::filesystem::path& path,
                    std::string_view before, std::string_view after) {
  const auto swap = [&] {
    return ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0;
  };
  if (swap()) {
    if (holds(fresh, before)) return ::unlink(fresh.c_str()) == 0 ? 0 : errno;
    if (!swap()) return errno;
    // Saved once more between our two steps: that is the newest, so it goes back once more.
    if (!holds(fresh, after) && !swap()) return errno;
    return EBUSY;
  }
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // This file system cannot: look once more and rename.
  if (!holds(path, before)) return EBUSY;
  return ::rename(fresh.c_str(), path.c_str()) == 0 ? 0 : errno;
}

Status replace_file(const std::filesystem::path& path, std::string_view before,
                    std::string_view after) {
  const auto edited = [&path] {
    return fail(Fault::Busy, "{} was edited at this moment", path.native());
  };

  struct stat attributes {};

  if (::stat(path.c_str(), &attributes) != 0) return cannot("read", path, errno);
  if (!holds(path, before)) return edited();
  std::string temporary = folder_of(path) / ".orch-XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return cannot("write", path, errno);
  int error_number = fill(std::move(fd), after, attributes.st_mode & 07777, true);
  if (error_number == 0) error_number = exchange(temporary, path, before, after);
  if (error_number == 0) return sync_folder_of(path);
  ::unlink(temporary.c_str());
  if (error_number == EBUSY) return edited();
  return cannot("write", path, error_number);
}

Status make_folders(const std::filesystem::path& path, mode_t mode) {
  int error_number = 0;
  std::filesystem::path folder;
  for (const std::filesystem::path& part : path) {
    folder /= part;
    // A parent may exist and yet refuse mkdir otherwise than with EEXIST, so the outcome decides.
    error_number = ::mkdir(folder.c_str(), mode) == 0 ? 0 : errno;
  }

  struct stat status {};

  if (::stat(path.c_str(), &status) != 0) {
    return cannot("make the folder", path, error_number == 0 ? errno : error_number);
  }
  if (!S_ISDIR(status.st_mode)) return cannot("make the folder", path, ENOTDIR);
  if (status.st_uid == ::geteuid()) return {};
  return hinted(
      fail(Fault::Refused, "the folder {} belongs to another user", path.native()),
      "what is written there could be changed by them; remove it or choose another place");
}

/// A lock of the open file description: like flock's, but it can be looked at without taking it,
/// so that asking never makes an owner who comes at that moment fail.
static struct flock whole_file() {
  struct flock lock {};

  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

Result<Fd> lock_file(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
  if (!fd) return cannot("open", path, errno);
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return fd;
  if (errno != EAGAIN && errno != EACCES) return cannot("lock", path, errno);
  return fail(Fault::Busy, "{} is locked by another process", path.native());
}

bool is_locked(const std::filesystem::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW));
  if (!fd) return false;
  struct flock lock = whole_file();
  return ::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace orch
