// Everything relative to one descriptor, and nothing through a link.
#include "orch/base/untrusted.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace orch {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// Not blocking: a FIFO in the place of a file must not stop the program.
constexpr int kFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

Failure refused(const std::filesystem::path& path) {
  return fail(Fault::Refused, "cannot read {}: it is not a plain file", path.native());
}

Failure too_large(const std::filesystem::path& path, std::size_t limit) {
  return fail(Fault::Refused, "cannot read {}: it is larger than {} bytes", path.native(), limit);
}

/// Fills `text`; the errno of what went wrong, or 0.
int fill(int fd, std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = ::read(fd, text.data() + done, text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return 0;
}

}  // namespace

Result<UntrustedFolder> UntrustedFolder::open(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), kFolder));
  if (!fd) return errno_failure(errno, "cannot open " + path.native());
  return UntrustedFolder(path, std::move(fd));
}

Result<UntrustedFolder> UntrustedFolder::folder(const std::string& name) const {
  Fd fd(::openat(fd_.get(), name.c_str(), kFolder));
  if (!fd) return errno_failure(errno, "cannot open " + (path_ / name).native());
  return UntrustedFolder(path_ / name, std::move(fd));
}

Result<Fd> UntrustedFolder::file(const std::string& name) const {
  const std::filesystem::path path = path_ / name;
  Fd fd(::openat(fd_.get(), name.c_str(), kFile));
  // What open says of a link and of a socket.
  if (!fd && (errno == ELOOP || errno == ENXIO)) return refused(path);
  if (!fd) return errno_failure(errno, "cannot open " + path.native());

  struct stat status {};

  if (::fstat(fd.get(), &status) != 0) return errno_failure(errno, "cannot read " + path.native());
  if (!S_ISREG(status.st_mode)) return refused(path);
  return fd;
}

Result<std::string> UntrustedFolder::read(const std::string& name, std::size_t limit) const {
  const std::filesystem::path path = path_ / name;
  const Result<Fd> opened = file(name);
  if (!opened) return passed_on(opened);
  const Fd& fd = *opened;

  struct stat status {};

  if (::fstat(fd.get(), &status) != 0) return errno_failure(errno, "cannot read " + path.native());
  if (static_cast<std::size_t>(status.st_size) > limit) return too_large(path, limit);
  // It may grow while it is read: one byte more than there was shows that nothing is left out.
  std::string text(std::min<std::size_t>(static_cast<std::size_t>(status.st_size) + 1, limit + 1),
                   '\0');
  if (const int error_number = fill(fd.get(), text); error_number != 0) {
    return errno_failure(error_number, "cannot read " + path.native());
  }
  if (text.size() > limit) return too_large(path, limit);
  return text;
}

std::vector<std::string> UntrustedFolder::names(std::size_t most) const {
  std::vector<std::string> found;
  Fd again(::openat(fd_.get(), ".", kFolder));
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(again ? ::fdopendir(again.get()) : nullptr,
                                                   ::closedir);
  if (!folder) return found;
  (void)again.release();
  while (found.size() < most) {
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    std::string name = entry->d_name;
    if (name != "." && name != "..") found.push_back(std::move(name));
  }
  return found;
}

bool UntrustedFolder::move(const std::string& name, const UntrustedFolder& other) const {
  return ::renameat(fd_.get(), name.c_str(), other.fd_.get(), name.c_str()) == 0;
}

bool UntrustedFolder::remove(const std::string& name) const {
  return ::unlinkat(fd_.get(), name.c_str(), 0) == 0;
}

bool UntrustedFolder::make(const std::string& name) const {
  return ::mkdirat(fd_.get(), name.c_str(), 0700) == 0;
}

}  // namespace orch
