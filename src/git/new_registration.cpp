// Writes gitrepository-layout(5), "worktrees".
#include "git/new_registration.hpp"

#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string_view>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

/// Git changes other names, so that they can be part of a ref's.
bool is_plain(std::string_view name) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.find_first_not_of(kPlain) == name.npos;
}

/// Git would copy the first two into the worktree; with the last, HEAD is no file.
bool has_more_to_it(const fs::path& git_dir) {
  std::error_code error;
  return fs::exists(git_dir / "config.worktree", error) ||
         fs::exists(git_dir / "info/sparse-checkout", error) ||
         fs::exists(git_dir / "reftable", error);
}

std::string first_log_line(const CommitId& start) {
  const std::string zeros(start.value.size(), '0');
  return fmt::format("{} {} tmux-orch <tmux-orch@localhost> {} +0000\n", zeros, start.value,
                     std::time(nullptr));
}

/// The folder last: when there is one, all that git needs to know of it is there.
Status write_all(const fs::path& admin, const fs::path& path, const CommitId& start,
                 const std::string& reason) {
  Status done = write_file(admin / "locked", reason + '\n');
  failpoint("git.worktree_registering");
  if (done) done = write_file(admin / "gitdir", (path / ".git").native() + '\n');
  if (done) done = write_file(admin / "commondir", "../..\n");
  if (done) done = make_folders(admin / "logs", 0777);
  if (done) done = write_file(admin / "logs/HEAD", first_log_line(start));
  if (done) done = write_file(admin / "HEAD", start.value + '\n');
  failpoint("git.worktree_registered");
  if (done) done = make_folders(path, 0777);
  failpoint("git.worktree_folder");
  if (done) done = write_pointer(path, admin);
  return done;
}

}  // namespace

Status write_pointer(const fs::path& folder, const fs::path& admin) {
  const fs::path pointer = folder / ".git";
  const std::string text = pointer_to(admin);
  const Fd fd(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644));
  const bool written =
      fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const std::string unnamed = fmt::format("/proc/self/fd/{}", fd.get());
  const bool linked = written && ::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, pointer.c_str(),
                                          AT_SYMLINK_FOLLOW) == 0;
  // Not every file system has files without a name.
  return linked ? Status() : replace_pointer(folder, admin);
}

Result<std::optional<Registration>> register_by_files(const GitContext& git, const fs::path& path,
                                                      const CommitId& start,
                                                      const std::string& reason) {
  if (!is_plain(path.filename().native()) || has_more_to_it(git.git_dir)) return std::nullopt;
  const fs::path all = git.git_dir / "worktrees";
  if (Status made = make_folders(all, 0777); !made) return passed_on(made);
  const fs::path admin = all / path.filename();
  if (::mkdir(admin.c_str(), 0777) != 0) {
    if (errno == EEXIST) return std::nullopt;
    return errno_failure(errno, "cannot make " + one_line(admin.native()));
  }
  if (const Status written = write_all(admin, path, start, reason); !written) {
    Registration half = read_registration(admin);
    half.path = path;
    (void)drop_registration(half);  // what is told is why it could not be made
    return passed_on(written);
  }
  return read_registration(admin);
}

}  // namespace orch::git
