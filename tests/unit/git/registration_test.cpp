// What git keeps about a worktree, read from folders as a killed git leaves them.
#include "git/registration.hpp"

#include "catch.hpp"
#include "orch/base/files.hpp"

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

using namespace orch;
using namespace orch::git;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string pattern = fs::temp_directory_path() / "orch-registration-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = fs::canonical(pattern);
    fs::create_directories(path / "worktrees/T1");
  }

  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void file(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    REQUIRE(write_file(path / name, text));
  }

  void whole() const {
    file("worktrees/T1/gitdir", "/some where/T1/.git\n");
    file("worktrees/T1/commondir", "../..\n");
    file("worktrees/T1/HEAD", "ref: refs/heads/orch/T1\n");
    file("worktrees/T1/locked", "tmux-orch run=1 task=T1\n");
  }

  fs::path path;
};

}  // namespace

TEST_CASE("a registration tells path, reason and branch") {
  const Folder git_dir;
  git_dir.whole();
  const auto found = find_registration(git_dir.path, "/some where/T1");
  REQUIRE(found);
  CHECK(found->sound());
  CHECK(found->lock_reason == "tmux-orch run=1 task=T1");
  CHECK(found->branch() == "orch/T1");
}

TEST_CASE("a registration with any of its files missing or empty is not sound") {
  for (const char* name : {"HEAD", "commondir", "gitdir"}) {
    for (const bool missing : {true, false}) {
      const Folder git_dir;
      git_dir.whole();
      const std::string file = std::string("worktrees/T1/") + name;
      if (missing) fs::remove(git_dir.path / file);
      if (!missing) git_dir.file(file, "");
      const auto all = registrations(git_dir.path);
      REQUIRE(all.size() == 1);
      CHECK_FALSE(all[0].sound());
    }
  }
}

TEST_CASE("a registration whose HEAD is not written yet is not sound") {
  const Folder git_dir;
  git_dir.whole();
  git_dir.file("worktrees/T1/HEAD", std::string(40, '0') + "\n");
  CHECK_FALSE(find_registration(git_dir.path, "/some where/T1")->sound());
}

TEST_CASE("a registration may tell its path relative to itself") {
  const Folder git_dir;
  git_dir.whole();
  git_dir.file("worktrees/T1/gitdir", "../../../there/.git\n");
  CHECK(registrations(git_dir.path)[0].path == git_dir.path.parent_path() / "there");
}

TEST_CASE("a repository without worktrees has no registrations") {
  CHECK(registrations("/nonexistent").empty());
}

TEST_CASE("the operation in progress is told by the files git keeps for it") {
  const Folder git_dir;
  CHECK(operation_in(git_dir.path) == Operation::None);
  git_dir.file("BISECT_LOG", "");
  CHECK(operation_in(git_dir.path) == Operation::Bisect);
  git_dir.file("MERGE_HEAD", "");
  CHECK(operation_in(git_dir.path) == Operation::Merge);
  git_dir.file("rebase-merge/head-name", "refs/heads/main\n");
  CHECK(operation_in(git_dir.path) == Operation::Rebase);
  CHECK(branch_held_by_operation(git_dir.path) == "main");
  REQUIRE(drop_operation(git_dir.path));
  CHECK(operation_in(git_dir.path) == Operation::None);
  CHECK(branch_held_by_operation(git_dir.path).empty());
}

TEST_CASE("a mark is there from when it is set until it is cleared") {
  const Folder git_dir;
  CHECK_FALSE(has_mark(git_dir.path, StepMark::Ready));
  REQUIRE(set_mark(git_dir.path, StepMark::Ready));
  CHECK(has_mark(git_dir.path, StepMark::Ready));
  CHECK_FALSE(has_mark(git_dir.path, StepMark::Removing));
  REQUIRE(clear_mark(git_dir.path, StepMark::Ready));
  REQUIRE(clear_mark(git_dir.path, StepMark::Ready));
  CHECK_FALSE(has_mark(git_dir.path, StepMark::Ready));
}

TEST_CASE("worktrees of ours are linked anew where their folder was moved to, and only those") {
  const Folder root;
  const fs::path git_dir = root.path / "now/.git";
  const auto make = [&](const std::string& name, const std::string& reason) {
    root.file("now/.git/worktrees/" + name + "/gitdir",
              fmt::format("{}/before/{}/.git\n", root.path.native(), name));
    root.file("now/.git/worktrees/" + name + "/locked", reason);
    root.file("now/" + name + "/.git",
              fmt::format("gitdir: {}/before/.git/worktrees/{}\n", root.path.native(), name));
  };
  make("ours", "tmux-orch run=1 task=T1\n");
  make("theirs", "on a disk that is not always there\n");
  REQUIRE(move_worktrees(git_dir, root.path / "before", root.path / "now", false));
  CHECK(find_registration(git_dir, root.path / "now/ours"));
  CHECK(read_file(root.path / "now/ours/.git").value() ==
        fmt::format("gitdir: {}\n", (git_dir / "worktrees/ours").native()));
  CHECK_FALSE(find_registration(git_dir, root.path / "now/theirs"));
}

TEST_CASE("a copy forgets worktrees that lie outside of it, as they are the original's") {
  const Folder root;
  const fs::path git_dir = root.path / "copy/.git";
  root.file("copy/.git/worktrees/T1/gitdir", root.path.native() + "/outside/T1/.git\n");
  root.file("copy/.git/worktrees/T1/locked", "tmux-orch run=1 task=T1\n");
  root.file("outside/T1/.git", "gitdir: " + root.path.native() + "/original/.git/worktrees/T1\n");
  REQUIRE(move_worktrees(git_dir, root.path / "original", root.path / "copy", true));
  CHECK(registrations(git_dir).empty());
  CHECK(fs::exists(root.path / "outside/T1/.git"));
}
