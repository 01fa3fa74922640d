#pragma once
// Worktrees from the pool with a set-up, as the app asks for them.
#include "fixture.hpp"
#include "pool_fixture.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace orch::test {

inline const std::vector<std::string> kBrought = {".env"};

inline fs::path trash_of(const Fixture& fixture) {
  return fixture.repo.root() / ".worktrees/.trash";
}

inline void commit_project(Fixture& fixture) {
  const fs::path root = fixture.repo.root();
  fixture.repo.write(root / ".gitignore", "deps/\n*.log\n.env\nout\n.worktrees\n");
  fixture.repo.write(root / "lock", "one\n");
  fixture.repo.write(root / "src/a.c", "int a;\n");
  fixture.repo.commit("a project");
}

/// The commands of the set-up.
using Commands = std::function<void(Fixture&, const fs::path&)>;

inline void install(Fixture& fixture, const fs::path& worktree) {
  const std::string version = fixture.repo.read(worktree / "lock");
  fixture.repo.write(worktree / "deps/x/lib.js", "lib " + version);
  fixture.repo.write(worktree / "deps/x/empty", "");
  fixture.repo.write(worktree / "deps/y/run", "#!/bin/sh\n");
  ::chmod((worktree / "deps/y/run").c_str(), 0755);
  fs::create_directories(worktree / "deps/void");
  fs::create_directories(worktree / "deps/.bin");
  fs::create_symlink("../y/run", worktree / "deps/.bin/run");
  fixture.repo.write(worktree / "src/gen/a.log", "gen\n");
  ::chmod((worktree / "src/gen").c_str(), 0700);
}

struct SetUp {
  bool ran = false;
  git::Made made;
};

/// What the app does for a worktree in which no agent has worked yet.
inline SetUp set_up(Fixture& fixture, const fs::path& worktree,
                    const Commands& commands = install) {
  git::SetUpPrintRequest wanted;
  wanted.worktree = worktree;
  wanted.source = fixture.repo.root();
  wanted.brought = kBrought;
  wanted.patterns = {"lock"};
  const auto print = fixture.wait(fixture.git.print_set_up(wanted));
  REQUIRE(print);
  const auto there = fixture.wait(fixture.git.has_made(worktree, print->print, trash_of(fixture)));
  REQUIRE(there);
  fixture.repo.write(worktree / ".env", "secret\n");
  SetUp done;
  if (!*there) {
    REQUIRE(fixture.wait(fixture.git.note_set_up(worktree, {})));
    commands(fixture, worktree);
    const auto made = fixture.wait(fixture.git.list_made({worktree, print->print, kBrought, {}}));
    REQUIRE(made);
    done = {true, *made};
  }
  REQUIRE(fixture.wait(fixture.git.note_set_up(worktree, {})));
  return done;
}

inline SetUp begin(Fixture& fixture, const std::string& task, How how,
                   const Commands& commands = install) {
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, task)));
  REQUIRE(made);
  CHECK(made->how == how);
  return set_up(fixture, fixture.repo.worktree(task), commands);
}

/// The clean-up of a task.
inline Result<git::Removed> try_end(Fixture& fixture, const std::string& task) {
  const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue(task)));
  if (!saved) return passed_on(saved);
  git::RemoveRequest request = request_of(fixture, task);
  if (!saved->commit.empty()) request.safe.push_back(saved->commit);
  request.saved = saved->commit;
  request.seen = saved->seen;
  return fixture.wait(fixture.git.remove_worktree(request));
}

inline git::Removed end(Fixture& fixture, const std::string& task) {
  const auto removed = try_end(fixture, task);
  REQUIRE(removed);
  return *removed;
}

/// A worktree from the pool with what is left of an earlier set-up, and one that is all new.
inline void check_like_new_set_up(Fixture& fixture, const std::string& task) {
  const git::WorktreeSpec spec = fixture.spec(task + "-new");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  set_up(fixture, spec.path);
  CHECK(picture(fixture, fixture.repo.worktree(task)) == picture(fixture, spec.path));
}

}  // namespace orch::test
