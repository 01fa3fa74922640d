// Lock files: held ones are waited for and named, left ones are removed only with proof.
#include "catch.hpp"
#include "git/locks.hpp"
#include "stage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

using namespace orch;
using namespace std::chrono_literals;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

void make_old(const fs::path& lock) {
  fs::last_write_time(lock, fs::file_time_type::clock::now() - 1h);
}

bool clear(const Stage& stage, const fs::path& lock) {
  return git::clear_stale_lock(lock, stage.repo.root() / ".git", stage.repo.root());
}

}  // namespace

TEST_CASE("a lock is stale when it is old and nobody is at work") {
  Stage stage;
  const fs::path lock = stage.repo.root() / ".git/index.lock";
  CHECK(clear(stage, lock));
  stage.repo.write(lock, "");
  CHECK_FALSE(clear(stage, lock));
  make_old(lock);
  CHECK(clear(stage, lock));
  CHECK_FALSE(fs::exists(lock));
}

TEST_CASE("an old lock that a process has open is held") {
  Stage stage;
  const fs::path lock = stage.repo.root() / ".git/index.lock";
  const int fd = ::open(lock.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(fd >= 0);
  make_old(lock);
  CHECK_FALSE(clear(stage, lock));
  ::close(fd);
  CHECK(clear(stage, lock));
}

TEST_CASE("an old lock is held while a git is at work there, as one with an editor open") {
  Stage stage;
  const fs::path lock = stage.repo.root() / ".git/index.lock";
  stage.repo.write(lock, "");
  make_old(lock);
  loop::Command waiting;  // reads names from a pipe that stays open
  waiting.argv = {"git", "cat-file", "--batch"};
  waiting.cwd = stage.repo.root();
  auto pipe = stage.children.open(
      waiting, [](std::string_view) {}, [](const loop::Finished&) {});
  REQUIRE(pipe);
  // The name of the process is git's once it answers.
  while (!git::is_in_use(lock, stage.repo.root() / ".git", stage.repo.root()))
    ::usleep(1000);
  CHECK_FALSE(clear(stage, lock));
  (*pipe)->kill(9);
}

TEST_CASE("a lock that goes away is waited for") {
  Stage stage;
  const fs::path lock = stage.repo.root() / ".git/refs/heads/orch/T1.lock";
  stage.repo.write(lock, "");
  loop::Timer release(stage.loop, [&] { fs::remove(lock); });
  release.once(300ms);
  CHECK(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
}

TEST_CASE("an old lock on a ref of ours does not stop a landing") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_branch("orch/int", stage.id("main"))));
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  const auto landing = stage.wait(stage.git.prepare_landing(stage.landing(work)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  const fs::path lock = stage.repo.root() / ".git/refs/heads/orch/int.lock";
  stage.repo.write(lock, "");
  make_old(lock);
  REQUIRE(stage.wait(stage.git.land("refs/heads/orch/int", candidate, stage.id("main"))));
  CHECK(stage.id("orch/int") == candidate);
}

TEST_CASE("a lock in the user's checkout is named, never removed") {
  Stage stage;
  const CommitId target = stage.worktree_with("T1", "a", "a\n");
  const fs::path lock = stage.repo.root() / ".git/index.lock";
  stage.repo.write(lock, "");
  make_old(lock);
  git::FollowRequest request;
  request.branch = "main";
  request.target = target;
  const auto outcome = stage.wait(stage.git.follow(request));
  REQUIRE(outcome);
  CHECK(std::get<git::NotSafe>(*outcome).why ==
        "cannot bring branch 'main' forward: another git holds " + lock.string());
  CHECK(fs::exists(lock));
}
