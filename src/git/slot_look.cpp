// Walks over the files of a slot. A folder is opened from the one around it, never by its path, so
// that no link is followed that somebody puts there meanwhile.
#include "git/slot_look.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t kDeepest = 256;
constexpr std::size_t kMostTouched = 20'000;
using Facts = std::array<std::uint64_t, 10>;

struct Entry {
  int folder;  ///< descriptor of what it is in
  const char* name;
  const std::string& path;
  struct stat info;
};

/// Calls `each` for all that is below the folder, what is in a folder before the folder itself.
class Descent {
 public:
  Descent(const std::vector<std::string>& keep, FolderWatches* watches,
          std::function<Status(const Entry&)> each)
      : keep_(keep), watches_(watches), each_(std::move(each)) {}

  Status into(Fd folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder.get()), ::closedir);
    if (!open) return errno_failure(errno, "cannot read " + one_line(path_));
    const int here = folder.release();
    if (watches_ != nullptr) watches_->add(here);
    while (const dirent* found = ::readdir(open.get())) {
      const std::string_view name = found->d_name;
      if (name == "." || name == "..") continue;
      const std::size_t length = path_.size();
      if (!path_.empty()) path_ += '/';
      path_ += name;
      if (Status looked = at(here, found->d_name); !looked) return looked;
      path_.resize(length);
    }
    return {};
  }

 private:
  Status at(int folder, const char* name) {
    if (is_kept()) return {};

    struct stat info {};

    if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
      return errno_failure(errno, "cannot look at " + one_line(path_));
    if (S_ISDIR(info.st_mode)) {
      if (++depth_ > kDeepest) return fail(Fault::Full, "{} is too deep", one_line(path_, 100));
      Fd inner(::openat(folder, name, kFolder));
      if (!inner) return errno_failure(errno, "cannot open " + one_line(path_));
      if (Status looked = into(std::move(inner)); !looked) return looked;
      --depth_;
    }
    return each_({folder, name, path_, info});
  }

  bool is_kept() const {
    for (const std::string& folder : keep_) {
      const bool within = path_.starts_with(folder);
      if (within && (path_.size() == folder.size() || path_[folder.size()] == '/')) return true;
    }
    return false;
  }

  const std::vector<std::string>& keep_;
  FolderWatches* watches_;
  std::function<Status(const Entry&)> each_;
  std::string path_;
  std::size_t depth_ = 0;
};

std::uint64_t number_of(const Entry& entry) {
  const struct stat& info = entry.info;
  const bool folder = S_ISDIR(info.st_mode);
  // The size and the times of a folder are those of its entries, which are looked at themselves.
  const Facts facts = {fnv1a(entry.path),
                       info.st_mode,
                       info.st_uid,
                       info.st_gid,
                       info.st_ino,
                       folder ? 0 : static_cast<std::uint64_t>(info.st_size),
                       folder ? 0 : static_cast<std::uint64_t>(info.st_mtim.tv_sec),
                       folder ? 0 : static_cast<std::uint64_t>(info.st_mtim.tv_nsec),
                       folder ? 0 : static_cast<std::uint64_t>(info.st_ctim.tv_sec),
                       folder ? 0 : static_cast<std::uint64_t>(info.st_ctim.tv_nsec)};
  return fnv1a({reinterpret_cast<const char*>(facts.data()), sizeof facts});
}

/// Attributes that the user or an access list gave it. Those that the system gives (security
/// labels) a fresh file has as well.
bool has_attributes(const Entry& entry) {
  const Fd file(::openat(entry.folder, entry.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  std::array<char, 4096> names{};
  const ssize_t size = file ? ::flistxattr(file.get(), names.data(), names.size()) : -1;
  if (size < 0) return errno == ERANGE;
  for (const std::string_view name :
       split(std::string_view(names.data(), static_cast<std::size_t>(size)), '\0')) {
    if (name.starts_with("user.") || name.starts_with("system.posix_acl")) return true;
  }
  return false;
}

/// What a checkout never makes, and what git does not see.
std::string oddity_of(const Entry& entry) {
  const mode_t mode = entry.info.st_mode;
  if (S_ISLNK(mode)) return {};
  if (!S_ISREG(mode) && !S_ISDIR(mode)) return "is no file, folder or link";
  if (S_ISREG(mode) && entry.info.st_nlink != 1) return "has another name elsewhere";
  if (entry.info.st_uid != ::geteuid()) return "belongs to another user";
  return has_attributes(entry) ? "has attributes" : "";
}

bool is_older(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/// Gives it the mode that a checkout gives.
Status with_checkout_mode(Entry& entry, mode_t mask) {
  const mode_t mode = entry.info.st_mode;
  if (S_ISLNK(mode)) return {};
  const bool runs = S_ISDIR(mode) || (mode & S_IXUSR) != 0;
  const mode_t wanted = (runs ? 0777 : 0666) & ~mask;
  // Folders keep the group of the one around them where that says so.
  if ((mode & 0777) == wanted && (mode & (S_ISUID | S_ISVTX)) == 0) return {};
  if (::fchmodat(entry.folder, entry.name, wanted | (mode & S_ISGID), 0) != 0 ||
      ::fstatat(entry.folder, entry.name, &entry.info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno_failure(errno, "cannot change the mode of " + one_line(entry.path));
  return {};
}

/// Sums up what it is shown.
class Look {
 public:
  explicit Look(const std::optional<Tidying>& tidying) : tidying_(tidying) {}

  Status at(Entry entry) {
    if (entry.path == ".git") return {};  // git's pointer, and nobody's file
    const bool folder = S_ISDIR(entry.info.st_mode);
    if (tidying_) {
      if (folder && ::unlinkat(entry.folder, entry.name, AT_REMOVEDIR) == 0) return {};
      if (Status tidied = tidy(entry); !tidied) return tidied;
    }
    const std::uint64_t number = number_of(entry);
    sum_ += number;
    squares_ += number * (number | 1);
    if (!folder) ++look_.files;
    return {};
  }

  SlotLook result() && {
    look_.print = fmt::format("{:016x}{:016x}", sum_, squares_);
    return std::move(look_);
  }

 private:
  Status tidy(Entry& entry) {
    if (is_older(entry.info.st_ctim, tidying_->since)) return {};
    if (!S_ISDIR(entry.info.st_mode) && look_.touched.size() < kMostTouched) {
      look_.touched.push_back(entry.path);
      if (is_older(tidying_->seen, entry.info.st_ctim)) look_.late.push_back(entry.path);
    }
    const std::string oddity = oddity_of(entry);
    if (!oddity.empty() && look_.odd.empty()) look_.odd = one_line(entry.path, 100) + ' ' + oddity;
    return oddity.empty() ? with_checkout_mode(entry, tidying_->mask) : Status();
  }

  const std::optional<Tidying>& tidying_;
  SlotLook look_;
  // A sum, as a folder tells its entries in any order; two, so that no accident makes them equal.
  std::uint64_t sum_ = 0;
  std::uint64_t squares_ = 0;
};

}  // namespace

Result<SlotLook> look_over_slot(const fs::path& folder, const std::vector<std::string>& keep,
                                const std::optional<Tidying>& tidying, FolderWatches* watches) {
  Fd top(::open(folder.c_str(), kFolder));
  if (!top) return errno_failure(errno, "cannot open " + one_line(folder.native()));
  Look look(tidying);
  Descent descent(keep, watches, [&look](const Entry& entry) { return look.at(entry); });
  if (const Status looked = descent.into(std::move(top)); !looked) return passed_on(looked);
  return std::move(look).result();
}

}  // namespace orch::git
