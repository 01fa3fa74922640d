// Worktrees are made once, however often they are asked for, and never over anybody else's things.
#include "catch.hpp"
#include "fixture.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Fixture;
using How = orch::git::EnsuredWorktree::How;
namespace fs = std::filesystem;

namespace {

/// The worktree is there as asked for, and git has nothing to say about it.
void check_whole(Fixture& fixture, const git::WorktreeSpec& spec) {
  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->exists);
  CHECK(status->branch == spec.branch);
  CHECK(status->changes.count == 0);
  const auto worktrees = fixture.wait(fixture.git.list_worktrees());
  REQUIRE(worktrees);
  const auto here =
      std::count_if(worktrees->begin(), worktrees->end(), [&](const git::Worktree& worktree) {
        return worktree.path == spec.path && worktree.lock_reason == spec.reason;
      });
  CHECK(here == 1);
  CHECK(fixture.repo.git_in(spec.path, {"rev-parse", "--show-toplevel"}) == spec.path.string());
}

}  // namespace

TEST_CASE("a worktree is made with its branch, its lock and its files") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE(made);
  CHECK(made->how == How::Made);
  CHECK(made->head == fixture.id("main"));
  check_whole(fixture, spec);
  CHECK(fixture.repo.read(spec.path / "README.md") == "hello\n");
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK(fixture.repo.try_git_in(fixture.repo.root(), {"config", "branch.orch/T1.remote"}).code ==
        1);
}

TEST_CASE("a worktree is registered as git does it") {
  Fixture fixture;
  const fs::path all = fixture.repo.root() / ".git/worktrees";
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  fixture.repo.git({"worktree", "add", "-q", "--detach", "--lock", "--reason", "theirs",
                    fixture.repo.worktree("T2").string(), "main"});
  const auto is_git_s = [&](const char* name) { return fixture.repo.read(all / "T2" / name); };
  for (const char* name : {"commondir", "locked", "gitdir", "logs/HEAD", "index"})
    CHECK(fs::exists(all / "T1" / name) == fs::exists(all / "T2" / name));
  CHECK(fixture.repo.read(all / "T1/commondir") == is_git_s("commondir"));
  std::string place = is_git_s("gitdir");
  place.replace(place.find("T2"), 2, "T1");
  CHECK(fixture.repo.read(all / "T1/gitdir") == place);
  CHECK(fixture.repo.read(all / "T1/locked") == fixture.spec("T1").reason + '\n');
  CHECK(fixture.repo.git({"worktree", "prune", "--verbose", "--expire=now"}).empty());
  CHECK(fixture.repo.git({"fsck"}).empty());
  CHECK(fixture.repo.git_in(fixture.repo.worktree("T1"), {"reflog", "--format=%H", "HEAD"})
            .starts_with(fixture.repo.id("main")));
}

TEST_CASE("a worktree has what git copies into a new one") {
  Fixture fixture;
  fixture.repo.git({"config", "extensions.worktreeConfig", "true"});
  fixture.repo.git({"config", "--worktree", "orch.test", "copied"});
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  CHECK(fixture.repo.git_in(fixture.repo.worktree("T1"), {"config", "orch.test"})
            .starts_with("copied"));
}

TEST_CASE("a worktree that is there is left as it is") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const CommitId work = fixture.worktree_with("T1", "a", "committed\n");
  fixture.repo.write(spec.path / "a", "not committed\n");
  const auto again = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->how == How::Existing);
  CHECK(again->head == work);
  CHECK(fixture.repo.read(spec.path / "a") == "not committed\n");
}

TEST_CASE("many worktrees asked for at once are all made") {
  Fixture fixture;
  int made = 0;
  for (int i = 0; i < 8; ++i) {
    loop::spawn<Result<git::EnsuredWorktree>>(
        fixture.git.ensure_worktree(fixture.spec("T" + std::to_string(i))),
        [&](const auto& result) {
          CHECK(result);
          if (++made == 8) fixture.loop.stop();
        });
  }
  fixture.loop.run();
  for (int i = 0; i < 8; ++i)
    check_whole(fixture, fixture.spec("T" + std::to_string(i)));
}

TEST_CASE("a branch of somebody else is refused and stays") {
  Fixture fixture;
  fixture.repo.git({"branch", "orch/T1"});
  const auto made = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Refused);
  CHECK(made.error().what == "branch 'orch/T1' exists already, at " +
                                 fixture.repo.id("main").substr(0, 10) +
                                 ", and is not of this run");
  CHECK(made.error().hint == "git branch -m orch/T1 another-name");
  CHECK(fixture.repo.git_says_yes({"rev-parse", "--verify", "refs/heads/orch/T1"}));
  CHECK_FALSE(fs::exists(fixture.repo.worktree("T1")));
}

TEST_CASE("a branch of ours whose worktree is gone gets a new one, with its commits") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "work\n");
  fixture.repo.git({"worktree", "remove", "-f", "-f", fixture.repo.worktree("T1")});
  auto spec = fixture.spec("T1");
  CHECK_FALSE(fixture.wait(fixture.git.ensure_worktree(spec)));
  spec.branch_ours = true;
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE(made);
  CHECK(made->head == work);
  CHECK(fixture.repo.read(spec.path / "a") == "work\n");
}

TEST_CASE("a branch that is checked out elsewhere is refused with the place") {
  Fixture fixture;
  fixture.repo.git({"switch", "-q", "-c", "orch/T1"});
  auto spec = fixture.spec("T1");
  spec.branch_ours = true;
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE_FALSE(made);
  CHECK(made.error().what == "branch 'orch/T1' is checked out at " + fixture.repo.root().string());
}

TEST_CASE("a folder of somebody else is refused and stays") {
  Fixture fixture;
  fixture.repo.write(fixture.repo.worktree("T1") / "notes", "mine\n");
  const auto made = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Refused);
  CHECK(made.error().what ==
        fixture.repo.worktree("T1").string() + " is in the way: it is not a worktree of this run");
  CHECK(fixture.repo.read(fixture.repo.worktree("T1") / "notes") == "mine\n");
  CHECK_FALSE(fixture.repo.git_says_yes({"rev-parse", "--verify", "-q", "refs/heads/orch/T1"}));
}

TEST_CASE("a worktree of somebody else at the same path is refused and stays") {
  Fixture fixture;
  fixture.repo.git({"worktree", "add", "-q", "-b", "theirs", fixture.repo.worktree("T1")});
  const auto made = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().what ==
        fixture.repo.worktree("T1").string() + " is a worktree of somebody else");
  fixture.repo.git({"worktree", "lock", "--reason", "another run", fixture.repo.worktree("T1")});
  const auto locked = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE_FALSE(locked);
  CHECK(locked.error().what.ends_with("is a worktree of somebody else (another run)"));
  CHECK(fixture.repo.git_in(fixture.repo.worktree("T1"), {"branch", "--show-current"}) == "theirs");
}

TEST_CASE("a worktree of ours keeps the branch that its agent chose") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.git_in(spec.path, {"switch", "-q", "-c", "own-idea"});
  const std::string idea = fixture.repo.commit_in(spec.path, "an idea");
  const auto again = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->head.value == idea);
  CHECK(fixture.repo.git_in(spec.path, {"branch", "--show-current"}) == "own-idea");
}

TEST_CASE("a deleted branch is made again at the last commit of its worktree") {
  Fixture fixture;
  auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const std::string work = fixture.repo.commit_in(spec.path, "work");
  fixture.repo.git({"update-ref", "-d", "refs/heads/orch/T1"});
  spec.branch_ours = true;
  const auto again = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->head.value == work);
  CHECK(fixture.repo.id("orch/T1") == work);
}

TEST_CASE("commits made in a worktree are told from a branch that was checked out there") {
  Fixture fixture;
  fixture.repo.git({"switch", "-q", "-c", "feature"});
  fixture.repo.commit_in(fixture.repo.root(), "not ready");
  fixture.repo.git({"switch", "-q", "main"});
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const std::vector<CommitId> known = {spec.start};
  fixture.repo.git_in(spec.path, {"switch", "-q", "-c", "own-idea"});
  fixture.repo.commit_in(spec.path, "an idea");
  fixture.repo.git_in(spec.path, {"switch", "-q", "--detach"});
  fixture.repo.git_in(spec.path, {"switch", "-q", "own-idea"});
  CHECK(*fixture.wait(fixture.git.grown_here(spec.path, known)));
  fixture.repo.git_in(spec.path, {"switch", "-q", "feature"});
  fixture.repo.commit_in(spec.path, "on top of it");
  CHECK_FALSE(*fixture.wait(fixture.git.grown_here(spec.path, known)));
}

TEST_CASE("a branch name that is a folder of another is a conflict, so that another is chosen") {
  Fixture fixture;
  fixture.repo.git({"branch", "orch"});
  const auto made = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Conflict);
  CHECK(made.error().what == "branch 'orch/T1' cannot exist next to branch 'orch'");
  CHECK_FALSE(fs::exists(fixture.repo.worktree("T1")));
  fixture.repo.git({"branch", "roadmap/a/b"});
  CHECK(fixture.error(fixture.git.ensure_branch("roadmap/a", fixture.id("main"))).fault ==
        Fault::Conflict);
  CHECK(fixture.wait(fixture.git.ensure_branch("roadmap/c", fixture.id("main"))));
}

TEST_CASE("a start commit that does not exist is named") {
  Fixture fixture;
  auto spec = fixture.spec("T1");
  spec.start = CommitId{"no-such-thing"};
  const auto made = fixture.wait(fixture.git.ensure_worktree(spec));
  REQUIRE_FALSE(made);
  CHECK(made.error().what == "there is no commit no-such-thing");
}

TEST_CASE("a folder that an agent deleted comes back with the commits") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "work\n");
  fs::remove_all(fixture.repo.worktree("T1"));
  const auto again = fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1")));
  REQUIRE(again);
  CHECK(again->how == How::Repaired);
  CHECK(again->head == work);
  check_whole(fixture, fixture.spec("T1"));
  CHECK(fixture.repo.read(fixture.repo.worktree("T1") / "a") == "work\n");
}

TEST_CASE("a deleted .git file comes back, and nothing else is touched") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "README.md", "changed\n");
  fs::remove(spec.path / ".git");
  const auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->branch == spec.branch);
  CHECK(status->changes.names == std::vector<std::string>{"README.md"});
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  CHECK(fixture.repo.git_in(spec.path, {"branch", "--show-current"}) == spec.branch);
  CHECK(fixture.repo.read(spec.path / "README.md") == "changed\n");
}

TEST_CASE("the folder of the worktrees hides itself only where that hides nobody's files") {
  Fixture fixture;
  auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  CHECK(fixture.repo.read(".worktrees/.gitignore") == "*\n");

  auto elsewhere = fixture.spec("T2");
  elsewhere.path = fixture.repo.folder() / "outside/T2";
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(elsewhere)));
  CHECK_FALSE(fs::exists(fixture.repo.folder() / "outside/.gitignore"));

  fixture.repo.write("src/main.c", "int main;\n");
  fixture.repo.commit("code");
  auto within = fixture.spec("T3");
  within.path = fixture.repo.root() / "src/T3";
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(within)));
  CHECK_FALSE(fs::exists(fixture.repo.root() / "src/.gitignore"));

  fixture.repo.write(".gitignore", "/hidden\n");
  auto hidden = fixture.spec("T4");
  hidden.path = fixture.repo.root() / "hidden/T4";
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(hidden)));
  CHECK_FALSE(fs::exists(fixture.repo.root() / "hidden/.gitignore"));
}

TEST_CASE("no hook of the repository runs") {
  Fixture fixture;
  const fs::path hook = fixture.repo.root() / ".git/hooks/post-checkout";
  fixture.repo.write(hook, "#!/bin/sh\ntouch \"$(git rev-parse --git-common-dir)/ran\"\n");
  fs::permissions(hook, fs::perms::owner_all);
  fixture.repo.git({"checkout", "-q", "."});
  fs::remove(fixture.repo.root() / ".git/ran");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  CHECK_FALSE(fs::exists(fixture.repo.root() / ".git/ran"));
}

TEST_CASE("the status tells a rebase, changes and a folder that is gone") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  fixture.worktree_with("T1", "README.md", "one\n");
  fixture.repo.write("README.md", "two\n");
  fixture.repo.commit("two");
  fixture.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  auto status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->operation == git::Operation::Rebase);
  CHECK(status->branch.empty());
  CHECK(fixture.git.checked_out_at("orch/T1") ==
        std::vector<git::Holder>{{spec.path, git::Operation::Rebase}});

  fixture.repo.git_in(spec.path, {"rebase", "--abort"});
  fs::remove_all(spec.path);
  status = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(status);
  CHECK_FALSE(status->exists);
  CHECK(status->branch == "orch/T1");
  CHECK(status->head == fixture.id("orch/T1"));
  status = fixture.wait(fixture.git.status_of("/nonexistent"));
  REQUIRE(status);
  CHECK_FALSE(status->exists);
  CHECK(status->head.empty());
}

TEST_CASE("looking at a worktree takes no lock and writes no index") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "README.md", "hello\n");
  const fs::path index = fixture.repo.root() / ".git/worktrees/T1/index";
  const auto before = fs::last_write_time(index);
  fixture.repo.write(fixture.repo.root() / ".git/worktrees/T1/index.lock", "");
  REQUIRE(fixture.wait(fixture.git.status_of(spec.path)));
  REQUIRE(fixture.wait(fixture.git.tree_now(spec.path, {})));
  CHECK(fs::last_write_time(index) == before);
}
