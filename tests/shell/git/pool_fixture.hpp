#pragma once
// What tests of the pool share: leases and parkings as tasks have them, and a look at everything by
// which a worktree could be told from one that git has just made.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/slot.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <map>
#include <string>
#include <vector>

namespace orch::test {

namespace fs = std::filesystem;

using How = git::EnsuredWorktree::How;

inline fs::path pool_of(const Fixture& fixture) {
  return fixture.repo.root() / ".worktrees/.pool";
}

inline git::WorktreeSpec spec_of(const Fixture& fixture, const std::string& task) {
  git::WorktreeSpec spec = fixture.spec(task);
  spec.pool.folder = pool_of(fixture);
  return spec;
}

inline git::EnsuredWorktree leased(Fixture& fixture, const std::string& task) {
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, task)));
  REQUIRE(made);
  return *made;
}

/// What the clean-up of a task asks for: its work is on `main`, and it is parked there.
inline git::RemoveRequest request_of(const Fixture& fixture, const std::string& task) {
  git::RemoveRequest request;
  request.path = fixture.repo.worktree(task);
  request.branch = "orch/" + task;
  request.reason = "tmux-orch run=1 task=" + task;
  request.safe = {fixture.id("main")};
  request.pool = {pool_of(fixture), 4, fixture.id("main"), {}};
  return request;
}

inline git::Removed parked(Fixture& fixture, const std::string& task) {
  const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue(task)));
  REQUIRE(saved);
  git::RemoveRequest request = request_of(fixture, task);
  if (!saved->commit.empty()) request.safe.push_back(saved->commit);
  request.saved = saved->commit;
  request.seen = saved->seen;
  const auto removed = fixture.wait(fixture.git.remove_worktree(request));
  REQUIRE(removed);
  return *removed;
}

inline void commit_tree_of_all_kinds(Fixture& fixture) {
  const fs::path root = fixture.repo.root();
  fixture.repo.write(root / ".gitignore", "*.log\nbuild/\n.worktrees\n");
  fixture.repo.write(root / "src/one.c", "int one;\n");
  fixture.repo.write(root / "src/deep/er/two.c", "int two;\n");
  fixture.repo.write(root / "run.sh", "#!/bin/sh\n");
  fs::permissions(root / "run.sh", fs::perms(0755));
  fs::create_symlink("src/one.c", root / "link");
  fixture.repo.commit("all kinds");
}

/// Everything about a worktree that somebody could tell it by, less inodes and times.
inline std::map<std::string, std::string> picture(const Fixture& fixture,
                                                  const fs::path& worktree) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(worktree)) {
    const std::string path = entry.path().lexically_relative(worktree);
    if (path == ".git") continue;

    struct stat info {};

    REQUIRE(::lstat(entry.path().c_str(), &info) == 0);
    std::string text =
        fmt::format("{:o} {}", info.st_mode, S_ISDIR(info.st_mode) ? 0 : info.st_nlink);
    if (S_ISREG(info.st_mode)) text += ' ' + fixture.repo.read(entry.path());
    if (S_ISLNK(info.st_mode)) text += ' ' + fs::read_symlink(entry.path()).native();
    const ssize_t attributes = ::llistxattr(entry.path().c_str(), nullptr, 0);
    all["file " + path] = fmt::format("{} {}", text, attributes);
  }
  const auto ask = [&](std::vector<std::string> args) {
    std::string name = "git";
    for (const std::string& arg : args)
      name += ' ' + arg;
    all[name] = fixture.repo.try_git_in(worktree, args).text;
  };
  ask({"status", "--porcelain=v2", "--ignored", "--untracked-files=all"});
  ask({"ls-files", "-v", "--stage"});
  ask({"ls-files", "-f"});
  ask({"stash", "list"});
  ask({"for-each-ref", "refs/worktree", "refs/bisect", "refs/rewritten"});
  ask({"config", "--worktree", "--list"});
  ask({"rev-parse", "HEAD"});
  ask({"diff", "HEAD"});
  const fs::path admin = fixture.repo.git_in(worktree, {"rev-parse", "--absolute-git-dir"});
  for (const auto& entry : fs::directory_iterator(admin))
    all["admin " + entry.path().filename().native()] = "";
  all.erase("admin ORIG_HEAD");
  return all;
}

inline void check_like_new(Fixture& fixture, const std::string& task) {
  const git::WorktreeSpec spec = spec_of(fixture, task);
  const fs::path worktree = fixture.repo.worktree(task);
  git::WorktreeSpec other = fixture.spec(task + "-new");
  other.start = spec.start;
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(other)));
  CHECK(picture(fixture, worktree) == picture(fixture, other.path));
  CHECK(fixture.repo.git_in(worktree, {"symbolic-ref", "HEAD"}) == "refs/heads/orch/" + task);
  CHECK(fixture.repo.git_in(worktree, {"rev-parse", "--show-toplevel"}) == worktree.native());
  const auto log = fixture.repo.git_in(worktree, {"log", "-g", "--format=%gs"});
  CHECK(log == fixture.repo.git_in(other.path, {"log", "-g", "--format=%gs"})
                   .replace(log.find(" to ") == std::string::npos ? 0 : log.find(" to "),
                            std::string::npos, log.substr(log.find(" to "))));
  bool listed = false;
  const auto worktrees = fixture.wait(fixture.git.list_worktrees());
  REQUIRE(worktrees);
  for (const git::Worktree& found : *worktrees)
    listed = listed || (found.path == worktree && found.lock_reason == spec.reason);
  CHECK(listed);
  CHECK(fixture.repo.try_git_in(fixture.repo.root(), {"fsck"}).code == 0);
}

}  // namespace orch::test
