// Reads git's files about linked worktrees, and keeps our marks next to them.
#include "git/registration.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmall = 64u << 10;
constexpr std::string_view kBranches = "refs/heads/";

std::string read_small(const fs::path& file) {
  const Result<std::string> text = read_file(file, kSmall);
  return text ? *text : std::string();
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Git ends these files with one newline; a path may end in white space of its own.
std::string line_of(const fs::path& file) {
  std::string text = read_small(file);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string branch_of(std::string_view head) {
  const std::string prefix = fmt::format("ref: {}", kBranches);
  return head.starts_with(prefix) ? std::string(head.substr(prefix.size())) : std::string();
}

fs::path mark_file(const fs::path& git_dir, StepMark mark) {
  switch (mark) {
    case StepMark::Ready: return git_dir / "orch-ready";
    case StepMark::Removing: return git_dir / "orch-removing";
    case StepMark::Following: return git_dir / "orch-following";
    case StepMark::Bringing: return git_dir / "orch-bringing";
    case StepMark::Trashing: return git_dir / "orch-trashing";
    case StepMark::Sparse: return git_dir / "orch-sparse";
  }
  return {};
}

}  // namespace

bool Registration::sound() const {
  const bool has_head = !head.empty() && head.find_first_not_of('0') != std::string::npos;
  return has_head && !path.empty() && !line_of(admin / "commondir").empty();
}

bool Registration::is_ours() const {
  return lock_reason.starts_with("tmux-orch ");
}

std::string Registration::branch() const {
  return branch_of(head);
}

Registration read_registration(const fs::path& admin) {
  Registration registration;
  registration.admin = admin;
  if (const fs::path link = line_of(admin / "gitdir"); !link.empty())
    registration.path = (admin / link).lexically_normal().parent_path();
  registration.locked = is_there(admin / "locked");
  registration.lock_reason = std::string(trim(read_small(admin / "locked")));
  registration.head = line_of(admin / "HEAD");
  return registration;
}

std::vector<fs::path> registered_folders(const fs::path& git_dir) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(git_dir / "worktrees", error), end; !error && entry != end;
       entry.increment(error))
    found.push_back(entry->path());
  return found;
}

std::vector<Registration> registrations(const fs::path& git_dir) {
  std::vector<Registration> found;
  for (const fs::path& admin : registered_folders(git_dir))
    found.push_back(read_registration(admin));
  return found;
}

std::string pointer_to(const fs::path& admin) {
  return fmt::format("gitdir: {}\n", admin.native());
}

Status replace_pointer(const fs::path& worktree, const fs::path& admin) {
  return write_file_from(admin, worktree / ".git", pointer_to(admin));
}

std::vector<Registration> registrations_named_after(const fs::path& git_dir, const fs::path& path) {
  std::vector<Registration> found;
  std::error_code error;
  for (fs::directory_iterator entry(git_dir / "worktrees", error), end; !error && entry != end;
       entry.increment(error)) {
    // Git adds a number where the name is taken.
    if (entry->path().filename().native().starts_with(path.filename().native()))
      found.push_back(read_registration(entry->path()));
  }
  return found;
}

std::optional<Registration> registration_in(const fs::path& git_dir, const fs::path& path) {
  const Result<UntrustedFolder> folder = UntrustedFolder::open(path);
  if (!folder) return std::nullopt;
  const Result<std::string> pointer = folder->read(".git", kSmall);
  constexpr std::string_view kPointer = "gitdir: ";
  if (!pointer || !pointer->starts_with(kPointer)) return std::nullopt;
  const fs::path admin = pointer->substr(kPointer.size(), pointer->find('\n') - kPointer.size());
  if (admin.parent_path() != git_dir / "worktrees") return std::nullopt;
  Registration registration = read_registration(admin);
  if (registration.path != path) return std::nullopt;
  return registration;
}

std::optional<Registration> find_registration(const fs::path& git_dir, const fs::path& worktree) {
  std::error_code ignored;
  const fs::path wanted = fs::weakly_canonical(worktree, ignored);
  if (auto own = registration_in(git_dir, wanted)) return own;
  for (Registration& registration : registrations(git_dir)) {
    if (registration.path == wanted) return std::move(registration);
  }
  return std::nullopt;
}

Status drop_registration(const Registration& registration) {
  std::error_code error;
  if (!registration.path.empty()) {
    fs::remove(registration.path / ".git", error);
    fs::remove(registration.path, error);  // only if it is empty
  }
  fs::remove_all(registration.admin, error);
  if (error)
    return errno_failure(error.value(), "cannot remove " + one_line(registration.admin.native()));
  fs::remove(registration.admin.parent_path(), error);  // as git does; only if it is empty
  return {};
}

Status move_worktrees(const fs::path& git_dir, const fs::path& before, const fs::path& now,
                      bool copied) {
  for (const Registration& found : registrations(git_dir)) {
    if (!found.is_ours()) continue;
    const fs::path below = found.path.lexically_relative(before);
    const bool outside = below.empty() || below.native().starts_with("..");
    if (outside && copied) {
      std::error_code error;
      fs::remove_all(found.admin, error);
      if (error) return errno_failure(error.value(), "cannot remove " + found.admin.native());
      continue;
    }
    const fs::path path = outside ? found.path : now / below;
    // Only where it still is the worktree that is meant; what is gone stays gone.
    const fs::path link = line_of(path / ".git");
    if (link.filename() != found.admin.filename()) continue;
    const Status there = write_file(found.admin / "gitdir", (path / ".git").native() + "\n");
    if (!there) return there;
    const Status back = replace_pointer(path, found.admin);
    if (!back) return back;
  }
  return {};
}

std::string branch_in(const fs::path& git_dir) {
  return branch_of(line_of(git_dir / "HEAD"));
}

Operation operation_in(const fs::path& git_dir) {
  if (is_there(git_dir / "rebase-merge") || is_there(git_dir / "rebase-apply"))
    return Operation::Rebase;
  if (is_there(git_dir / "MERGE_HEAD")) return Operation::Merge;
  if (is_there(git_dir / "CHERRY_PICK_HEAD")) return Operation::CherryPick;
  if (is_there(git_dir / "REVERT_HEAD")) return Operation::Revert;
  if (is_there(git_dir / "BISECT_LOG")) return Operation::Bisect;
  return Operation::None;
}

std::string branch_held_by_operation(const fs::path& git_dir) {
  for (const char* file : {"rebase-merge/head-name", "rebase-apply/head-name"}) {
    if (const std::string ref = line_of(git_dir / file); ref.starts_with(kBranches))
      return ref.substr(kBranches.size());
  }
  // BISECT_START has the short name of the branch, or a commit id.
  return line_of(git_dir / "BISECT_START");
}

Status drop_operation(const fs::path& git_dir) {
  std::error_code error;
  for (const char* state : {"rebase-merge", "rebase-apply", "sequencer", "MERGE_HEAD", "MERGE_MSG",
                            "MERGE_MODE", "AUTO_MERGE", "CHERRY_PICK_HEAD", "REVERT_HEAD",
                            "BISECT_LOG", "BISECT_START", "BISECT_NAMES", "BISECT_TERMS"}) {
    fs::remove_all(git_dir / state, error);
    if (error)
      return errno_failure(error.value(), "cannot end an operation in " + git_dir.native());
  }
  return {};
}

bool has_mark(const fs::path& git_dir, StepMark mark) {
  return is_there(mark_file(git_dir, mark));
}

Status set_mark(const fs::path& git_dir, StepMark mark, std::string_view text) {
  return write_file(mark_file(git_dir, mark), text);
}

Status renew_mark(const fs::path& git_dir, StepMark mark) {
  // Not written again: a new file is what takes longest about it.
  if (::utimensat(AT_FDCWD, mark_file(git_dir, mark).c_str(), nullptr, 0) == 0) return {};
  return set_mark(git_dir, mark);
}

std::string mark_text(const fs::path& git_dir, StepMark mark) {
  const Result<std::string> text = read_file(mark_file(git_dir, mark));
  return text ? *text : std::string();
}

Status clear_mark(const fs::path& git_dir, StepMark mark) {
  std::error_code error;
  fs::remove(mark_file(git_dir, mark), error);
  if (error) return errno_failure(error.value(), "cannot remove a mark in " + git_dir.string());
  return {};
}

}  // namespace orch::git
