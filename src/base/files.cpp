// Reads, replaces and locks whole files.
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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
  std::array<char, 64u << 10> chunk;  // not filled with zeros: most files are much smaller
  for (;;) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) return cannot("read", path, errno);
    if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
    if (text.size() > limit) {
      return fail(Fault::Refused, "cannot read {}: it is larger than {} bytes", path.native(),
                  limit);
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

Status write_file_from(const std::filesystem::path& staging, const std::filesystem::path& path,
                       std::string_view text) {
  std::string temporary = staging / ".orch-XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return cannot("write", path, errno);
  int error_number = fill(std::move(fd), text, 0644, false);
  if (error_number == 0 && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  if (error_number == 0) error_number = errno;
  ::unlink(temporary.c_str());
  return error_number == EXDEV ? write_file(path, text) : cannot("write", path, error_number);
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

/// Gives the new file all that the old one has besides its text: owner, mode, attributes. False
/// where something of that cannot be kept.
static bool take_after(int fresh, int old) {
  struct stat was {};

  struct stat is {};

  if (::fstat(old, &was) != 0 || ::fstat(fresh, &is) != 0) return false;
  const bool same_owner = was.st_uid == is.st_uid && was.st_gid == is.st_gid;
  if (!same_owner && ::fchown(fresh, was.st_uid, was.st_gid) != 0) return false;
  if (::fchmod(fresh, was.st_mode & 07777) != 0) return false;
  std::string names(64u << 10, '\0');
  const ssize_t size = ::flistxattr(old, names.data(), names.size());
  if (size < 0) return errno == ENOTSUP;
  names.resize(static_cast<std::size_t>(size));
  for (std::size_t at = 0; at < names.size(); at = names.find('\0', at) + 1) {
    const char* name = names.data() + at;
    std::string value(64u << 10, '\0');
    const ssize_t length = ::fgetxattr(old, name, value.data(), value.size());
    if (length < 0) return false;
    if (::fsetxattr(fresh, name, value.data(), static_cast<std::size_t>(length), 0) != 0)
      return false;
  }
  return true;
}

/// Only what differs, so that as little as possible can meet somebody else's writing.
static int write_over(int fd, std::string_view before, std::string_view after) {
  const std::size_t most = std::min(before.size(), after.size());
  const auto differs = std::mismatch(
      before.begin(), before.begin() + static_cast<std::ptrdiff_t>(most), after.begin());
  const auto start = static_cast<std::size_t>(differs.first - before.begin());
  std::string_view changed = after.substr(start);
  std::string_view old = before.substr(start);
  while (before.size() == after.size() && !changed.empty() && changed.back() == old.back()) {
    changed.remove_suffix(1);
    old.remove_suffix(1);
  }
  if (::lseek(fd, static_cast<off_t>(start), SEEK_SET) < 0) return errno;
  if (!write_all(fd, changed)) {
    const int error_number = errno;
    const bool back = ::lseek(fd, static_cast<off_t>(start), SEEK_SET) >= 0 && write_all(fd, old) &&
                      ::ftruncate(fd, static_cast<off_t>(before.size())) == 0;
    return back ? error_number : EIO;
  }
  if (::ftruncate(fd, static_cast<off_t>(after.size())) != 0) return errno;
  return ::fsync(fd) == 0 ? 0 : errno;
}

static int replace_in_place(const std::filesystem::path& path, std::string_view before,
                            std::string_view after) {
  const Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) return errno;
  if (!holds(path, before)) return EBUSY;
  return write_over(fd.get(), before, after);
}

static int replace_by_rename(const Fd& old, const std::filesystem::path& path,
                             std::string_view before, std::string_view after, bool& kept) {
  std::string temporary = folder_of(path) / ".orch-XXXXXX";
  Fd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  kept = fd && take_after(fd.get(), old.get());
  if (!fd) return 0;

  struct stat attributes {};

  int error_number = ::fstat(fd.get(), &attributes) == 0 ? 0 : errno;
  if (kept && error_number == 0)
    error_number = fill(std::move(fd), after, attributes.st_mode & 07777, true);
  if (kept && error_number == 0) error_number = exchange(temporary, path, before, after);
  if (!kept || error_number != 0) ::unlink(temporary.c_str());
  return kept ? error_number : 0;
}

Status replace_file(const std::filesystem::path& given, std::string_view before,
                    std::string_view after) {
  std::error_code code;
  const std::filesystem::path path = std::filesystem::canonical(given, code);
  if (code) return cannot("read", given, code.value());
  const Fd old(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));

  struct stat attributes {};

  if (!old || ::fstat(old.get(), &attributes) != 0) return cannot("read", path, errno);
  // Root could, and so could the owner of the folder; but somebody does not want it written.
  const bool protected_by_user = (attributes.st_mode & 0222) == 0;
  if (protected_by_user || ::access(path.c_str(), W_OK) != 0)
    return fail(Fault::Refused, "{} is read-only", path.native());
  if (!holds(path, before)) return fail(Fault::Busy, "{} was edited at this moment", path.native());
  bool kept = false;
  int error_number = 0;
  if (attributes.st_nlink == 1) {
    error_number = replace_by_rename(old, path, before, after, kept);
  }
  if (!kept) error_number = replace_in_place(path, before, after);
  if (error_number == EBUSY)
    return fail(Fault::Busy, "{} was edited at this moment", path.native());
  if (error_number != 0) return cannot("write", path, error_number);
  return kept ? sync_folder_of(path) : Status();
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
