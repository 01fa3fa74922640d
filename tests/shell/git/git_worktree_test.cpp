// Worktrees are made once, however often they are asked for, and never over anybody else's things.
#include "catch.hpp"
#include "stage.hpp"

#include <algorithm>

using namespace orch;
using orch::test::Stage;
using How = orch::git::EnsuredWorktree::How;
namespace fs = std::filesystem;

namespace {

/// The worktree is there as asked for, and git has nothing to say about it.
void check_whole(Stage& stage, const git::WorktreeSpec& spec) {
  const auto status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->exists);
  CHECK(status->branch == spec.branch);
  CHECK(status->changes.count == 0);
  const auto worktrees = stage.wait(stage.git.list_worktrees());
  REQUIRE(worktrees);
  const auto here =
      std::count_if(worktrees->begin(), worktrees->end(), [&](const git::Worktree& worktree) {
        return worktree.path == spec.path && worktree.lock_reason == spec.reason;
      });
  CHECK(here == 1);
  CHECK(stage.repo.git_in(spec.path, {"rev-parse", "--show-toplevel"}) == spec.path.string());
}

}  // namespace

TEST_CASE("a worktree is made with its branch, its lock and its files") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const auto made = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE(made);
  CHECK(made->how == How::Made);
  CHECK(made->head == stage.id("main"));
  check_whole(stage, spec);
  CHECK(stage.repo.read(spec.path / "README.md") == "hello\n");
  CHECK(stage.repo.git({"status", "--porcelain"}).empty());
  CHECK(stage.repo.try_git_in(stage.repo.root(), {"config", "branch.orch/T1.remote"}).code == 1);
}

TEST_CASE("a worktree that is there is left as it is") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId work = stage.worktree_with("T1", "a", "committed\n");
  stage.repo.write(spec.path / "a", "not committed\n");
  const auto again = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->how == How::Existing);
  CHECK(again->head == work);
  CHECK(stage.repo.read(spec.path / "a") == "not committed\n");
}

TEST_CASE("many worktrees asked for at once are all made") {
  Stage stage;
  int made = 0;
  for (int i = 0; i < 8; ++i) {
    loop::spawn<Result<git::EnsuredWorktree>>(
        stage.git.ensure_worktree(stage.spec("T" + std::to_string(i))), [&](const auto& result) {
          CHECK(result);
          if (++made == 8) stage.loop.stop();
        });
  }
  stage.loop.run();
  for (int i = 0; i < 8; ++i)
    check_whole(stage, stage.spec("T" + std::to_string(i)));
}

TEST_CASE("a branch of somebody else is refused and stays") {
  Stage stage;
  stage.repo.git({"branch", "orch/T1"});
  const auto made = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Refused);
  CHECK(made.error().what == "branch 'orch/T1' exists already, at " +
                                 stage.repo.id("main").substr(0, 10) + ", and is not of this run");
  CHECK(made.error().hint == "git branch -m orch/T1 another-name");
  CHECK(stage.repo.git_says_yes({"rev-parse", "--verify", "refs/heads/orch/T1"}));
  CHECK_FALSE(fs::exists(stage.repo.worktree("T1")));
}

TEST_CASE("a branch of ours whose worktree is gone gets a new one, with its commits") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "work\n");
  stage.repo.git({"worktree", "remove", "-f", "-f", stage.repo.worktree("T1")});
  auto spec = stage.spec("T1");
  CHECK_FALSE(stage.wait(stage.git.ensure_worktree(spec)));
  spec.branch_ours = true;
  const auto made = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE(made);
  CHECK(made->head == work);
  CHECK(stage.repo.read(spec.path / "a") == "work\n");
}

TEST_CASE("a branch that is checked out elsewhere is refused with the place") {
  Stage stage;
  stage.repo.git({"switch", "-q", "-c", "orch/T1"});
  auto spec = stage.spec("T1");
  spec.branch_ours = true;
  const auto made = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE_FALSE(made);
  CHECK(made.error().what == "branch 'orch/T1' is checked out at " + stage.repo.root().string());
}

TEST_CASE("a folder of somebody else is refused and stays") {
  Stage stage;
  stage.repo.write(stage.repo.worktree("T1") / "notes", "mine\n");
  const auto made = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Refused);
  CHECK(made.error().what ==
        stage.repo.worktree("T1").string() + " is in the way: it is not a worktree of this run");
  CHECK(stage.repo.read(stage.repo.worktree("T1") / "notes") == "mine\n");
  CHECK_FALSE(stage.repo.git_says_yes({"rev-parse", "--verify", "-q", "refs/heads/orch/T1"}));
}

TEST_CASE("a worktree of somebody else at the same path is refused and stays") {
  Stage stage;
  stage.repo.git({"worktree", "add", "-q", "-b", "theirs", stage.repo.worktree("T1")});
  const auto made = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().what ==
        stage.repo.worktree("T1").string() + " is a worktree of somebody else");
  stage.repo.git({"worktree", "lock", "--reason", "another run", stage.repo.worktree("T1")});
  const auto locked = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE_FALSE(locked);
  CHECK(locked.error().what.ends_with("is a worktree of somebody else (another run)"));
  CHECK(stage.repo.git_in(stage.repo.worktree("T1"), {"branch", "--show-current"}) == "theirs");
}

TEST_CASE("a worktree of ours keeps the branch that its agent chose") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.git_in(spec.path, {"switch", "-q", "-c", "own-idea"});
  const std::string idea = stage.repo.commit_in(spec.path, "an idea");
  const auto again = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->head.value == idea);
  CHECK(stage.repo.git_in(spec.path, {"branch", "--show-current"}) == "own-idea");
}

TEST_CASE("a deleted branch is made again at the last commit of its worktree") {
  Stage stage;
  auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  const std::string work = stage.repo.commit_in(spec.path, "work");
  stage.repo.git({"update-ref", "-d", "refs/heads/orch/T1"});
  spec.branch_ours = true;
  const auto again = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE(again);
  CHECK(again->head.value == work);
  CHECK(stage.repo.id("orch/T1") == work);
}

TEST_CASE("commits made in a worktree are told from a branch that was checked out there") {
  Stage stage;
  stage.repo.git({"switch", "-q", "-c", "feature"});
  stage.repo.commit_in(stage.repo.root(), "not ready");
  stage.repo.git({"switch", "-q", "main"});
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  const std::vector<CommitId> known = {spec.start};
  stage.repo.git_in(spec.path, {"switch", "-q", "-c", "own-idea"});
  stage.repo.commit_in(spec.path, "an idea");
  stage.repo.git_in(spec.path, {"switch", "-q", "--detach"});
  stage.repo.git_in(spec.path, {"switch", "-q", "own-idea"});
  CHECK(*stage.wait(stage.git.grown_here(spec.path, known)));
  stage.repo.git_in(spec.path, {"switch", "-q", "feature"});
  stage.repo.commit_in(spec.path, "on top of it");
  CHECK_FALSE(*stage.wait(stage.git.grown_here(spec.path, known)));
}

TEST_CASE("a branch name that is a folder of another is a conflict, so that another is chosen") {
  Stage stage;
  stage.repo.git({"branch", "orch"});
  const auto made = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::Conflict);
  CHECK(made.error().what == "branch 'orch/T1' cannot exist next to branch 'orch'");
  CHECK_FALSE(fs::exists(stage.repo.worktree("T1")));
  stage.repo.git({"branch", "roadmap/a/b"});
  CHECK(stage.error(stage.git.ensure_branch("roadmap/a", stage.id("main"))).fault ==
        Fault::Conflict);
  CHECK(stage.wait(stage.git.ensure_branch("roadmap/c", stage.id("main"))));
}

TEST_CASE("a start commit that does not exist is named") {
  Stage stage;
  auto spec = stage.spec("T1");
  spec.start = CommitId{"no-such-thing"};
  const auto made = stage.wait(stage.git.ensure_worktree(spec));
  REQUIRE_FALSE(made);
  CHECK(made.error().what == "there is no commit no-such-thing");
}

TEST_CASE("a folder that an agent deleted comes back with the commits") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "work\n");
  fs::remove_all(stage.repo.worktree("T1"));
  const auto again = stage.wait(stage.git.ensure_worktree(stage.spec("T1")));
  REQUIRE(again);
  CHECK(again->how == How::Repaired);
  CHECK(again->head == work);
  check_whole(stage, stage.spec("T1"));
  CHECK(stage.repo.read(stage.repo.worktree("T1") / "a") == "work\n");
}

TEST_CASE("a deleted .git file comes back, and nothing else is touched") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "README.md", "changed\n");
  fs::remove(spec.path / ".git");
  const auto status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->branch == spec.branch);
  CHECK(status->changes.names == std::vector<std::string>{"README.md"});
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  CHECK(stage.repo.git_in(spec.path, {"branch", "--show-current"}) == spec.branch);
  CHECK(stage.repo.read(spec.path / "README.md") == "changed\n");
}

TEST_CASE("the folder of the worktrees hides itself only where that hides nobody's files") {
  Stage stage;
  auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  CHECK(stage.repo.read(".worktrees/.gitignore") == "*\n");

  auto elsewhere = stage.spec("T2");
  elsewhere.path = stage.repo.folder() / "outside/T2";
  REQUIRE(stage.wait(stage.git.ensure_worktree(elsewhere)));
  CHECK_FALSE(fs::exists(stage.repo.folder() / "outside/.gitignore"));

  stage.repo.write("src/main.c", "int main;\n");
  stage.repo.commit("code");
  auto within = stage.spec("T3");
  within.path = stage.repo.root() / "src/T3";
  REQUIRE(stage.wait(stage.git.ensure_worktree(within)));
  CHECK_FALSE(fs::exists(stage.repo.root() / "src/.gitignore"));

  stage.repo.write(".gitignore", "/hidden\n");
  auto hidden = stage.spec("T4");
  hidden.path = stage.repo.root() / "hidden/T4";
  REQUIRE(stage.wait(stage.git.ensure_worktree(hidden)));
  CHECK_FALSE(fs::exists(stage.repo.root() / "hidden/.gitignore"));
}

TEST_CASE("no hook of the repository runs") {
  Stage stage;
  const fs::path hook = stage.repo.root() / ".git/hooks/post-checkout";
  stage.repo.write(hook, "#!/bin/sh\ntouch \"$(git rev-parse --git-common-dir)/ran\"\n");
  fs::permissions(hook, fs::perms::owner_all);
  stage.repo.git({"checkout", "-q", "."});
  fs::remove(stage.repo.root() / ".git/ran");
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  CHECK_FALSE(fs::exists(stage.repo.root() / ".git/ran"));
}

TEST_CASE("the status tells a rebase, changes and a folder that is gone") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "README.md", "one\n");
  stage.repo.write("README.md", "two\n");
  stage.repo.commit("two");
  stage.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  auto status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->operation == git::Operation::Rebase);
  CHECK(status->branch.empty());
  CHECK(stage.git.checked_out_at("orch/T1") ==
        std::vector<git::Holder>{{spec.path, git::Operation::Rebase}});

  stage.repo.git_in(spec.path, {"rebase", "--abort"});
  fs::remove_all(spec.path);
  status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK_FALSE(status->exists);
  CHECK(status->branch == "orch/T1");
  CHECK(status->head == stage.id("orch/T1"));
  status = stage.wait(stage.git.status_of("/nonexistent"));
  REQUIRE(status);
  CHECK_FALSE(status->exists);
  CHECK(status->head.empty());
}

TEST_CASE("looking at a worktree takes no lock and writes no index") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "README.md", "hello\n");
  const fs::path index = stage.repo.root() / ".git/worktrees/T1/index";
  const auto before = fs::last_write_time(index);
  stage.repo.write(stage.repo.root() / ".git/worktrees/T1/index.lock", "");
  REQUIRE(stage.wait(stage.git.status_of(spec.path)));
  REQUIRE(stage.wait(stage.git.tree_now(spec.path, {})));
  CHECK(fs::last_write_time(index) == before);
}
