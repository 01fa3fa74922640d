// The pool: a slot that was leased cannot be told from a worktree that git has just made, whatever
// was done in it before.
#include "orch/base/random.hpp"
#include "pool_fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <random>

using namespace orch;
using namespace orch::test;

namespace {

using Deed = std::function<void(Fixture&, const fs::path&)>;

/// What agents do to worktrees.
const std::vector<std::pair<std::string, Deed>>& deeds() {
  static const std::vector<std::pair<std::string, Deed>> all = {
      {"edit", [](Fixture& f, const fs::path& w) { f.repo.write(w / "src/one.c", "changed\n"); }},
      {"new file", [](Fixture& f, const fs::path& w) { f.repo.write(w / "new/x", "x\n"); }},
      {"ignored", [](Fixture& f, const fs::path& w) { f.repo.write(w / "secret.log", "s\n"); }},
      {"build", [](Fixture& f, const fs::path& w) { f.repo.write(w / "build/a/b.o", "o\n"); }},
      {"empty folder", [](Fixture&, const fs::path& w) { fs::create_directories(w / "void/er"); }},
      {"mode", [](Fixture&, const fs::path& w) { ::chmod((w / "src/one.c").c_str(), 0600); }},
      {"folder mode", [](Fixture&, const fs::path& w) { ::chmod((w / "src/deep").c_str(), 0700); }},
      {"read-only",
       [](Fixture&, const fs::path& w) { ::chmod((w / "src/deep/er").c_str(), 0500); }},
      {"no more runs", [](Fixture&, const fs::path& w) { ::chmod((w / "run.sh").c_str(), 0644); }},
      {"deleted", [](Fixture&, const fs::path& w) { fs::remove_all(w / "src/deep"); }},
      {"file for folder",
       [](Fixture& f, const fs::path& w) {
         fs::remove_all(w / "src");
         f.repo.write(w / "src", "a file\n");
       }},
      {"link for folder",
       [](Fixture&, const fs::path& w) {
         fs::rename(w / "src/deep", w / "elsewhere");
         fs::create_directory_symlink("../elsewhere", w / "src/deep");
       }},
      {"fifo", [](Fixture&, const fs::path& w) { ::mkfifo((w / "pipe").c_str(), 0600); }},
      {"hard link",
       [](Fixture& f, const fs::path& w) {
         std::error_code ec;
         fs::create_hard_link(w / "src/one.c", f.repo.folder() / random_hex(), ec);
       }},
      {"attribute",
       [](Fixture&, const fs::path& w) {
         ::setxattr((w / "run.sh").c_str(), "user.note", "x", 1, 0);
       }},
      {"staged",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / "staged", "s\n");
         f.repo.git_in(w, {"add", "staged"});
         fs::remove(w / "staged");
       }},
      {"assume unchanged",
       [](Fixture& f, const fs::path& w) {
         f.repo.try_git_in(w, {"update-index", "--assume-unchanged", "src/one.c"});
         f.repo.write(w / "README.md", "hidden\n");
         f.repo.try_git_in(w, {"update-index", "--assume-unchanged", "README.md"});
       }},
      {"skip worktree",
       [](Fixture& f, const fs::path& w) {
         f.repo.try_git_in(w, {"update-index", "--skip-worktree", "run.sh"});
         fs::remove(w / "run.sh");
       }},
      {"intent to add",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / "meant", "m\n");
         f.repo.git_in(w, {"add", "-N", "meant"});
       }},
      {"sparse",
       [](Fixture& f, const fs::path& w) {
         f.repo.try_git_in(w, {"sparse-checkout", "set", "src/deep"});
         f.repo.try_git_in(f.repo.root(), {"config", "--unset", "extensions.worktreeConfig"});
       }},
      {"own refs",
       [](Fixture& f, const fs::path& w) {
         f.repo.git_in(w, {"update-ref", "refs/worktree/mine", "HEAD"});
       }},
      {"bisect",
       [](Fixture& f, const fs::path& w) {
         f.repo.try_git_in(w, {"bisect", "start", "HEAD"});
       }},
      {"detached",
       [](Fixture& f, const fs::path& w) {
         f.repo.git_in(w, {"checkout", "-q", "--detach"});
       }},
      {"commit",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / "committed", "c\n");
         f.repo.commit_in(w, "work");
       }},
      {"nested",
       [](Fixture& f, const fs::path& w) {
         fs::create_directories(w / "inner");
         f.repo.git_in(w / "inner", {"init", "-q"});
         f.repo.write(w / "inner/file", "i\n");
       }},
      {"other line ends",
       [](Fixture& f, const fs::path& w) {
         fs::remove(w / "src/one.c");
         f.repo.git_in(w, {"-c", "core.autocrlf=true", "checkout", "-q", "-f", "--", "src/one.c"});
       }},
      {"attributes",
       [](Fixture& f, const fs::path& w) {
         f.repo.write(w / ".gitattributes", "*.c text eol=crlf\n");
         f.repo.commit_in(w, "attributes");
         fs::remove(w / "src/one.c");
         f.repo.git_in(w, {"checkout", "-q", "-f", "--", "src/one.c"});
       }},
      {"git file",
       [](Fixture& f, const fs::path& w) { f.repo.write(w / ".git", "gitdir: /nowhere\n"); }},
  };
  return all;
}

}  // namespace

TEST_CASE("a worktree that was parked is leased to the next task as if it were new") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  CHECK(leased(fixture, "T1").how == How::Made);
  CHECK(parked(fixture, "T1").parked);
  CHECK_FALSE(fs::exists(fixture.repo.worktree("T1")));
  CHECK(fixture.repo.try_git_in(fixture.repo.root(), {"rev-parse", "-q", "--verify", "orch/T1"})
            .code != 0);
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("a worktree with changes, new and ignored files is parked, and what was in it is kept") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  const fs::path worktree = fixture.repo.worktree("T1");
  fixture.repo.write(worktree / "src/one.c", "changed\n");
  fixture.repo.write(worktree / "new", "new\n");
  fixture.repo.write(worktree / "secret.log", "secret\n");
  const git::Removed removed = parked(fixture, "T1");
  CHECK(removed.parked);
  CHECK(fixture.repo.read(removed.kept.folder / "secret.log") == "secret\n");
  CHECK(fixture.repo.git({"show", "refs/orch/rescue/T1:src/one.c"}) == "changed");
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("a slot is brought to where the next task begins") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  fixture.repo.write(fixture.repo.root() / "src/one.c", "int more;\n");
  fixture.repo.write(fixture.repo.root() / "added/file", "new\n");
  fs::remove(fixture.repo.root() / "src/deep/er/two.c");
  fixture.repo.commit("main goes on");
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("whatever an agent does, the next task gets a worktree like a new one") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  const auto one = GENERATE(range(std::size_t{0}, deeds().size()));
  const auto& [name, deed] = deeds()[one];
  INFO(name);
  leased(fixture, "T1");
  deed(fixture, fixture.repo.worktree("T1"));
  parked(fixture, "T1");
  leased(fixture, "T2");
  check_like_new(fixture, "T2");
}

TEST_CASE("after many deeds by several tasks in a row the next worktree is like a new one") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  std::mt19937 random(GENERATE(1u, 2u, 3u, 4u));
  int from_pool = 0;
  for (int round = 0; round < 4; ++round) {
    const std::string task = fmt::format("T{}", round);
    from_pool += leased(fixture, task).how == How::Leased ? 1 : 0;
    const fs::path worktree = fixture.repo.worktree(task);
    for (int count = 0; count < 3; ++count) {
      const auto& [name, deed] = deeds()[random() % deeds().size()];
      INFO(name);
      try {
        deed(fixture, worktree);
      } catch (const std::exception&) {  // one deed may make another impossible
      }
    }
    parked(fixture, task);
  }
  leased(fixture, "Last");
  check_like_new(fixture, "Last");
}

TEST_CASE("a slot that was changed by hand is not used, and stays") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  const fs::path slot = pool_of(fixture) / "orch-1";
  REQUIRE(fs::is_directory(slot));
  SECTION("written to") {
    fixture.repo.write(slot / "src/one.c", "by hand\n");
  }
  SECTION("a new file") {
    fixture.repo.write(slot / "mine", "by hand\n");
  }
  SECTION("an ignored file") {
    fixture.repo.write(slot / "mine.log", "by hand\n");
  }
  SECTION("a mode") {
    ::chmod((slot / "run.sh").c_str(), 0600);
  }
  SECTION("switched") {
    fixture.repo.git_in(slot, {"switch", "-q", "-c", "mine"});
  }
  SECTION("staged") {
    fixture.repo.write(slot / "mine", "by hand\n");
    fixture.repo.git_in(slot, {"add", "mine"});
    fs::remove(slot / "mine");
  }
  CHECK(leased(fixture, "T2").how == How::Made);
  check_like_new(fixture, "T2");
  CHECK(fs::is_directory(slot));
  CHECK(leased(fixture, "T3").how == How::Made);
}

TEST_CASE("a slot that was deleted or moved is not used") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  const fs::path slot = pool_of(fixture) / "orch-1";
  SECTION("deleted") {
    fs::remove_all(slot);
  }
  SECTION("moved") {
    fs::rename(slot, fixture.repo.folder() / "mine");
  }
  SECTION("moved by git") {
    fixture.repo.git({"worktree", "move", "-f", "-f", slot, fixture.repo.folder() / "mine"});
  }
  CHECK(leased(fixture, "T2").how == How::Made);
  check_like_new(fixture, "T2");
}

TEST_CASE("a look and a clean-up by hand leave parked slots alone") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  CHECK(fixture.repo.git_in(pool_of(fixture) / "orch-1", {"status", "--porcelain"}).empty());
  fixture.repo.git({"worktree", "prune", "--expire=now"});
  fixture.repo.git({"gc", "-q", "--prune=now"});
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("a worktree in which somebody is at work is removed, not parked") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  const Fd open(::open((fixture.repo.worktree("T1") / "src/one.c").c_str(), O_RDONLY | O_CLOEXEC));
  CHECK_FALSE(parked(fixture, "T1").parked);
  CHECK_FALSE(fs::exists(fixture.repo.worktree("T1")));
  CHECK(leased(fixture, "T2").how == How::Made);
}

TEST_CASE("no more is parked than the pool has room for") {
  Fixture fixture;
  leased(fixture, "T1");
  leased(fixture, "T2");
  git::RemoveRequest request = request_of(fixture, "T1");
  request.pool.most = 1;
  CHECK(fixture.wait(fixture.git.remove_worktree(request))->parked);
  request = request_of(fixture, "T2");
  request.pool.most = 1;
  CHECK_FALSE(fixture.wait(fixture.git.remove_worktree(request))->parked);
  CHECK(fixture.wait(fixture.git.shrink_pool({pool_of(fixture), 0, {}, {}},
                                             fixture.repo.root() / ".worktrees/.trash")) == 1u);
  CHECK(git::slots(fixture.repo.root() / ".git").empty());
}

TEST_CASE("a slot that was made under other settings goes when the run is over") {
  Fixture fixture;
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  const fs::path trash = fixture.repo.root() / ".worktrees/.trash";
  const git::PoolPlan pool{pool_of(fixture), 4, {}, {}};
  CHECK(fixture.wait(fixture.git.shrink_pool(pool, trash)) == 0u);
  fixture.repo.git({"config", "core.autocrlf", "true"});
  CHECK(leased(fixture, "T2").how == How::Made);
  CHECK(fixture.wait(fixture.git.shrink_pool(pool, trash)) == 1u);
}
