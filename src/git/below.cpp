// Steps down by openat(2) with O_NOFOLLOW; O_PATH, so that a folder without rights can be opened,
// too.
#include "git/below.hpp"

#include "orch/base/text.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <memory>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kFolder = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kPrivate = 0700;

/// A descriptor of O_PATH has no fchmod(2).
std::string by_descriptor(int fd) {
  return fmt::format("/proc/self/fd/{}", fd);
}

std::string_view name_in(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view folder_in(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool denied() {
  return errno == EACCES || errno == EPERM;
}

/// Calls `act`, and once more after making `folder` accessible if it was denied.
template <class Act>
int with_access(int folder, Act act) {
  const int first = act();
  if (first >= 0 || !denied()) return first;
  const int error = errno;
  if (make_accessible(folder)) return act();
  errno = error;
  return -1;
}

Fd step(const Fd& from, const std::string& name, bool make) {
  const auto enter = [&] { return ::openat(from.get(), name.c_str(), kFolder); };
  int fd = with_access(from.get(), enter);
  if (fd < 0 && errno == ENOENT && make) {
    const auto create = [&] { return ::mkdirat(from.get(), name.c_str(), kPrivate); };
    if (with_access(from.get(), create) == 0 || errno == EEXIST) fd = enter();
  }
  return Fd(fd);
}

}  // namespace

bool make_accessible(int folder) {
  struct stat info {};

  if (::fstat(folder, &info) != 0 || info.st_uid != ::geteuid()) return false;
  return ::chmod(by_descriptor(folder).c_str(), (info.st_mode & 07777) | S_IRWXU) == 0;
}

Result<Below> Below::open(const fs::path& folder) {
  Fd root(::open(folder.c_str(), kFolder));
  if (!root) return errno_failure(errno, "cannot open " + one_line(folder.native()));
  return Below(std::move(root), folder);
}

Failure Below::failure(int error, std::string_view doing, std::string_view path) const {
  return errno_failure(
      error, fmt::format("cannot {} {}", doing, one_line((shown_ / std::string(path)).native())));
}

int Below::parent_of(std::string_view path, bool make) {
  const std::string_view wanted = folder_in(path);
  if (wanted.empty()) return root_.get();
  if (parent_path_ == wanted) return parent_.get();
  Fd at(::openat(root_.get(), ".", kFolder));
  for (const std::string_view name : split(wanted, '/')) {
    if (name.empty() || name == "." || name == "..") {
      errno = EINVAL;
      return -1;
    }
    at = step(at, std::string(name), make);
    if (!at) return -1;
  }
  parent_ = std::move(at);
  parent_path_ = std::string(wanted);
  return parent_.get();
}

std::optional<struct stat> Below::look(std::string_view path) {
  struct stat info {};

  const int parent = parent_of(path, false);
  if (parent < 0) return std::nullopt;
  const std::string name(name_in(path));
  const auto ask = [&] { return ::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW); };
  if (with_access(parent, ask) != 0) return std::nullopt;
  return info;
}

std::vector<Below::Entry> Below::list(std::string_view path) {
  const int parent = parent_of(path, false);
  if (parent < 0) return {};
  const std::string name = path.empty() ? std::string(".") : std::string(name_in(path));
  const auto enter = [&] { return ::openat(parent, name.c_str(), kFolder); };
  const Fd folder(with_access(parent, enter));
  if (!folder) return {};
  const auto read = [&] { return ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); };
  Fd readable(with_access(folder.get(), read));
  if (!readable) return {};
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(readable.get()), ::closedir);
  if (!open) return {};
  readable.release();
  std::vector<Entry> entries;
  while (const dirent* found = ::readdir(open.get())) {
    Entry entry{.name = found->d_name};
    if (entry.name == "." || entry.name == "..") continue;
    const auto ask = [&] {
      return ::fstatat(folder.get(), entry.name.c_str(), &entry.info, AT_SYMLINK_NOFOLLOW);
    };
    if (with_access(folder.get(), ask) == 0) entries.push_back(std::move(entry));
  }
  return entries;
}

std::optional<std::string> Below::read(std::string_view path, std::size_t most) {
  const int parent = parent_of(path, false);
  if (parent < 0) return std::nullopt;
  const std::string name(name_in(path));
  constexpr int kPlain = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const Fd file(::openat(parent, name.c_str(), kPlain));
  const bool is_link = !file && errno == ELOOP;

  struct stat info {};

  const bool is_file = file && ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode);
  if (!is_file && !is_link) return std::nullopt;
  // A byte more than there should be shows that there is more by now.
  std::string bytes((is_link ? PATH_MAX : std::min<std::size_t>(info.st_size, most)) + 1, '\0');
  const ssize_t got = is_link ? ::readlinkat(parent, name.c_str(), bytes.data(), bytes.size())
                              : ::read(file.get(), bytes.data(), bytes.size());
  const auto size = static_cast<std::size_t>(std::max<ssize_t>(0, got));
  if (got < 0 || size == bytes.size() || size > most) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

Status Below::remove(std::string_view path) {
  const int parent = parent_of(path, false);
  if (parent < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return {};
    return failure(errno, "open the folder of", path);
  }
  const std::string name(name_in(path));
  const auto unlink = [&] { return ::unlinkat(parent, name.c_str(), 0); };
  if (with_access(parent, unlink) == 0 || errno == ENOENT || errno == EISDIR) return {};
  const int error = errno;

  struct stat info {};

  // Other systems answer EPERM for a folder.
  const bool folder =
      ::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
  if (folder) return {};
  return failure(error, "remove", path);
}

bool Below::remove_if_empty(std::string_view path) {
  const int parent = parent_of(path, false);
  if (parent < 0) return false;
  const std::string name(name_in(path));
  const auto unlink = [&] { return ::unlinkat(parent, name.c_str(), AT_REMOVEDIR); };
  return with_access(parent, unlink) == 0;
}

Status Below::move(std::string_view path, Below& to) {
  const int from = parent_of(path, false);
  if (from < 0) return fail(Fault::NotFound, "{} is gone", one_line(path));
  const int into = to.parent_of(path, true);
  if (into < 0) return failure(errno, "make room for", path);
  const std::string name(name_in(path));
  const auto rename = [&] {
    return ::renameat2(from, name.c_str(), into, name.c_str(), RENAME_NOREPLACE);
  };
  if (with_access(from, rename) == 0) return {};
  if (denied()) {
    // A folder that moves has to be writable itself, as its ".." changes.
    const Fd moved(::openat(from, name.c_str(), kFolder));
    if (moved && make_accessible(moved.get()) && rename() == 0) return {};
  }
  if (errno == ENOENT) return fail(Fault::NotFound, "{} is gone", one_line(path));
  if (errno == EEXIST)
    return fail(Fault::Conflict, "{} is there twice",
                one_line((to.shown_ / std::string(path)).native()));
  return failure(errno, "move to the trash", path);
}

Fd Below::file_at(std::string_view path) {
  const int parent = parent_of(path, false);
  if (parent < 0) return {};
  const std::string name(name_in(path));
  const auto open = [&] { return ::openat(parent, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC); };
  return Fd(with_access(parent, open));
}

Result<std::optional<Below::FileMode>> Below::make_readable(std::string_view path) {
  const Fd file = file_at(path);

  struct stat info {};

  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const std::string self = by_descriptor(file.get());
  if (::access(self.c_str(), R_OK) == 0) return std::nullopt;
  const mode_t mode = info.st_mode & 07777;
  if (info.st_uid != ::geteuid() || ::chmod(self.c_str(), mode | S_IRUSR) != 0 ||
      ::access(self.c_str(), R_OK) != 0)
    return failure(EACCES, "read", path);
  return FileMode{info.st_ino, mode};
}

void Below::put_back(std::string_view path, const FileMode& before) {
  const Fd file = file_at(path);

  struct stat info {};

  const bool same = file && ::fstat(file.get(), &info) == 0 && info.st_ino == before.inode &&
                    (info.st_mode & 07777) == (before.mode | S_IRUSR);
  if (same) ::chmod(by_descriptor(file.get()).c_str(), before.mode);
}

}  // namespace orch::git
