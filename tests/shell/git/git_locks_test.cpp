// Lock files: held ones are waited for and named, left ones are removed only with proof.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/locks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

using namespace orch;
using namespace std::chrono_literals;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

void make_old(const fs::path& lock) {
  fs::last_write_time(lock, fs::file_time_type::clock::now() - 1h);
}

bool clear(const Fixture& fixture, const fs::path& lock) {
  return git::clear_stale_lock(lock, fixture.repo.root() / ".git", fixture.repo.root());
}

}  // namespace

TEST_CASE("a lock is stale when it is old and nobody is at work") {
  Fixture fixture;
  const fs::path lock = fixture.repo.root() / ".git/index.lock";
  CHECK(clear(fixture, lock));
  fixture.repo.write(lock, "");
  CHECK_FALSE(clear(fixture, lock));
  make_old(lock);
  CHECK(clear(fixture, lock));
  CHECK_FALSE(fs::exists(lock));
}

TEST_CASE("an old lock that a process has open is held") {
  Fixture fixture;
  const fs::path lock = fixture.repo.root() / ".git/index.lock";
  const int fd = ::open(lock.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  make_old(lock);
  CHECK_FALSE(clear(fixture, lock));
  ::close(fd);
  CHECK(clear(fixture, lock));
}

TEST_CASE("an old lock is held while a git is at work there, as one with an editor open") {
  Fixture fixture;
  const fs::path lock = fixture.repo.root() / ".git/index.lock";
  fixture.repo.write(lock, "");
  make_old(lock);
  loop::Command waiting;  // reads commands from a pipe that stays open
  waiting.argv = {"git", "update-ref", "--stdin"};
  waiting.cwd = fixture.repo.root();
  auto pipe = fixture.children.open(
      waiting, [](std::string_view) {}, [](const loop::Finished&) {});
  REQUIRE(pipe);
  // The name of the process is git's after a moment.
  const auto is_held = [&] {
    return git::is_in_use(lock, fixture.repo.root() / ".git", fixture.repo.root());
  };
  for (int look = 0; look < 10'000 && !is_held(); ++look)
    ::usleep(1000);
  CHECK(is_held());
  CHECK_FALSE(clear(fixture, lock));
  (*pipe)->kill(9);
}

TEST_CASE("what a killed git left on refs is cleared, and not what is held or the user's") {
  Fixture fixture;
  const fs::path git_dir = fixture.repo.root() / ".git";
  const fs::path packed = git_dir / "packed-refs.lock";
  const fs::path ours = git_dir / "refs/heads/orch/T1.lock";
  const fs::path young = git_dir / "refs/heads/orch/T2.lock";
  const fs::path users = git_dir / "refs/heads/main.lock";
  for (const fs::path& lock : {packed, ours, young, users}) {
    fixture.repo.write(lock, "");
    if (lock != young) make_old(lock);
  }
  git::clear_stale_ref_locks(git_dir, fixture.repo.root(),
                             {"refs/heads/orch/T1", "refs/heads/orch/T2", "refs/heads/orch/T3"});
  CHECK_FALSE(fs::exists(packed));
  CHECK_FALSE(fs::exists(ours));
  CHECK(fs::exists(young));
  CHECK(fs::exists(users));
}

TEST_CASE("gits that stay hold no lock") {
  Fixture fixture;
  const fs::path lock = fixture.repo.root() / ".git/index.lock";
  fixture.repo.write(lock, "");
  make_old(lock);
  REQUIRE(fixture.wait(fixture.git.tree_of(fixture.id("main"))));
  REQUIRE(fixture.wait(fixture.git.ensure_branch("new", fixture.id("main"))));
  CHECK(fixture.children.alive() == 2);
  CHECK(clear(fixture, lock));
}

TEST_CASE("a lock that goes away is waited for") {
  Fixture fixture;
  const fs::path lock = fixture.repo.root() / ".git/refs/heads/orch/T1.lock";
  fixture.repo.write(lock, "");
  loop::Timer release(fixture.loop, [&] { fs::remove(lock); });
  release.once(300ms);
  CHECK(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
}

TEST_CASE("an old lock on a ref of ours does not stop a landing") {
  Fixture fixture;
  REQUIRE(fixture.wait(fixture.git.ensure_branch("orch/int", fixture.id("main"))));
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(work)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  const fs::path lock = fixture.repo.root() / ".git/refs/heads/orch/int.lock";
  fixture.repo.write(lock, "");
  make_old(lock);
  REQUIRE(fixture.wait(fixture.git.land("refs/heads/orch/int", candidate, fixture.id("main"))));
  CHECK(fixture.id("orch/int") == candidate);
}

TEST_CASE("a lock in the user's checkout is named, never removed") {
  Fixture fixture;
  const CommitId target = fixture.worktree_with("T1", "a", "a\n");
  const fs::path lock = fixture.repo.root() / ".git/index.lock";
  fixture.repo.write(lock, "");
  make_old(lock);
  git::FollowRequest request;
  request.branch = "main";
  request.target = target;
  const auto outcome = fixture.wait(fixture.git.follow(request));
  REQUIRE(outcome);
  CHECK(std::get<git::NotSafe>(*outcome).why ==
        "cannot bring branch 'main' forward: another git holds " + lock.string());
  CHECK(fs::exists(lock));
}
