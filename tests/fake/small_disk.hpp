#pragma once
// A small file system of a test program's own, to be full.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace orch::test {

/// Where the machine lets us have one. Only threads that begin later see it: a program makes it
/// first of all.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size) {
    std::string pattern = std::filesystem::temp_directory_path() / "orch-small-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return;
    folder_ = pattern;
    // In a private mount namespace, so that nothing of it can outlive the test program.
    mounted_ = has_namespace() &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("small", folder_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }

  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  ~SmallDisk() {
    if (mounted_) ::umount(folder_.c_str());
    std::error_code ignored;
    std::filesystem::remove(folder_, ignored);
  }

  explicit operator bool() const { return mounted_; }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  /// Others than root are root in a namespace of their own.
  static bool has_namespace() {
    if (::unshare(CLONE_NEWNS) == 0) return true;
    const auto user = ::getuid();
    const auto group = ::getgid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    return ::geteuid() == 0;
  }

  std::filesystem::path folder_;
  bool mounted_ = false;
};

/// Leaves only so many blocks of a disk free while it lives.
class Filler {
 public:
  Filler(const std::filesystem::path& folder, unsigned blocks) : file_(folder / "filler") {
    struct statvfs info {};

    const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (::fstatvfs(fd, &info) == 0 && info.f_bavail > blocks)
      filled_ = ::posix_fallocate(fd, 0,
                                  static_cast<off_t>((info.f_bavail - blocks) * info.f_bsize)) == 0;
    ::close(fd);
  }

  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

  ~Filler() { ::unlink(file_.c_str()); }

  explicit operator bool() const { return filled_; }

 private:
  std::filesystem::path file_;
  bool filled_ = false;
};

}  // namespace orch::test
