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
  CHECK_FALSE(has_mark(git_dir.path, Mark::Ready));
  REQUIRE(set_mark(git_dir.path, Mark::Ready));
  CHECK(has_mark(git_dir.path, Mark::Ready));
  CHECK_FALSE(has_mark(git_dir.path, Mark::Removing));
  REQUIRE(clear_mark(git_dir.path, Mark::Ready));
  REQUIRE(clear_mark(git_dir.path, Mark::Ready));
  CHECK_FALSE(has_mark(git_dir.path, Mark::Ready));
}
