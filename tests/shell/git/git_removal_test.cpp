// Nothing is taken away before what it holds is safe elsewhere.
#include "catch.hpp"
#include "stage.hpp"

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

git::RemoveRequest removal(Stage& stage, const std::string& task) {
  const auto spec = stage.spec(task);
  git::RemoveRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.safe = {stage.id("main")};
  return request;
}

bool has_branch(const Stage& stage, const std::string& branch) {
  return stage.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/heads/" + branch});
}

void check_gone(Stage& stage, const std::string& task) {
  CHECK_FALSE(fs::exists(stage.repo.worktree(task)));
  CHECK_FALSE(has_branch(stage, "orch/" + task));
  CHECK_FALSE(fs::exists(stage.repo.root() / ".git/worktrees" / task));
}

CommitId rescued(Stage& stage, const std::string& task) {
  git::RescueRequest request;
  request.worktree = stage.repo.worktree(task);
  request.branch = "orch/" + task;
  request.ref = "refs/orch/rescue/" + task;
  request.known = {stage.id("main")};
  const auto saved = stage.wait(stage.git.rescue(request));
  if (!saved) throw std::runtime_error(saved.error().what);
  return saved->commit;
}

}  // namespace

TEST_CASE("a worktree whose commits are safe goes, with its branch and its ignored files") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", ".gitignore", "*.o\n");
  stage.repo.write(stage.repo.worktree("T1") / "x.o", "x");
  auto request = removal(stage, "T1");
  request.safe.push_back(work);
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->trash.empty());
  check_gone(stage, "T1");
  CHECK(stage.wait(stage.git.remove_worktree(request)));
}

TEST_CASE("a worktree with commits that are nowhere else stays") {
  Stage stage;
  stage.worktree_with("T1", "a", "a\n");
  const auto removed = stage.wait(stage.git.remove_worktree(removal(stage, "T1")));
  REQUIRE_FALSE(removed);
  CHECK(removed.error().fault == Fault::Refused);
  CHECK(removed.error().what ==
        stage.repo.worktree("T1").string() + " has commits that would be lost");
  CHECK(fs::exists(stage.repo.worktree("T1") / "a"));
}

TEST_CASE("a worktree with uncommitted changes stays until they are rescued") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  stage.repo.write(stage.repo.worktree("T1") / "a", "a\n");
  auto request = removal(stage, "T1");
  const auto refused = stage.wait(stage.git.remove_worktree(request));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what ==
        stage.repo.worktree("T1").string() + " has uncommitted changes that would be lost");
  CHECK(refused.error().hint == "rescue it first");
  request.safe.push_back(rescued(stage, "T1"));
  stage.repo.write(stage.repo.worktree("T1") / "a", "b\n");
  CHECK_FALSE(stage.wait(stage.git.remove_worktree(request)));
  stage.repo.write(stage.repo.worktree("T1") / "a", "a\n");
  CHECK(stage.wait(stage.git.remove_worktree(request)));
  check_gone(stage, "T1");
}

TEST_CASE("a worktree that was deleted by hand is forgotten, with its branch") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  fs::remove_all(stage.repo.worktree("T1"));
  auto request = removal(stage, "T1");
  request.safe.push_back(work);
  CHECK(stage.wait(stage.git.remove_worktree(request)));
  check_gone(stage, "T1");
}

TEST_CASE("a worktree with repositories inside goes to the trash as a whole") {
  Stage stage;
  const auto spec = stage.spec("T1");
  for (int round = 1; round <= 2; ++round) {
    REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
    stage.repo.git({"init", "-q", spec.path / "inner"});
    stage.repo.write(spec.path / "inner/x", "x");
    const std::string inner = stage.repo.commit_in(spec.path / "inner", "inner");
    auto request = removal(stage, "T1");
    request.safe.push_back(rescued(stage, "T1"));
    const auto removed = stage.wait(stage.git.remove_worktree(request));
    REQUIRE(removed);
    CHECK(removed->trash ==
          stage.repo.root() / ".worktrees/.trash" / ("T1-" + std::to_string(round)));
    CHECK(stage.repo.git_in(removed->trash / "inner", {"rev-parse", "HEAD"}) == inner);
    check_gone(stage, "T1");
  }
}

TEST_CASE("a worktree that an agent made a repository of its own goes to the trash") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  fs::remove(spec.path / ".git");
  stage.repo.git({"init", "-q", spec.path});
  const std::string own = stage.repo.commit_in(spec.path, "own");
  auto request = removal(stage, "T1");
  request.safe.push_back(rescued(stage, "T1"));
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(stage.repo.git_in(removed->trash, {"rev-parse", "HEAD"}) == own);
  check_gone(stage, "T1");
}

TEST_CASE("worktrees of others and the main one are never removed") {
  Stage stage;
  stage.repo.git({"worktree", "add", "-q", "-b", "orch/T1", stage.repo.worktree("T1")});
  auto request = removal(stage, "T1");
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(stage.repo.worktree("T1") / "README.md"));
  request.path = stage.repo.root();
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  request.path = stage.repo.folder() / "home";
  stage.repo.write(request.path / "x", "x");
  request.branch.clear();
  CHECK(stage.error(stage.git.remove_worktree(request)).fault == Fault::Refused);
  CHECK(fs::exists(stage.repo.folder() / "home/x"));
}

TEST_CASE("a branch that somebody has checked out stays, and the place is told") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  stage.repo.git_in(stage.repo.worktree("T1"), {"switch", "-q", "--detach"});
  stage.repo.git({"switch", "-q", "orch/T1"});
  auto request = removal(stage, "T1");
  request.safe = {work};
  const auto removed = stage.wait(stage.git.remove_worktree(request));
  REQUIRE(removed);
  CHECK(removed->branch_kept_at == stage.repo.root());
  CHECK(has_branch(stage, "orch/T1"));
}

TEST_CASE("after a rescue a worktree starts anew") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "a", "a\n");
  stage.repo.write(spec.path / "b", "b\n");
  stage.repo.write(spec.path / "x.log", "ignored\n");
  stage.repo.git({"init", "-q", spec.path / "inner"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = rescued(stage, "T1");
  const auto reset = stage.wait(stage.git.reset_worktree(request));
  REQUIRE(reset);
  CHECK(*reset == stage.id("main"));
  CHECK(stage.repo.id("orch/T1") == stage.repo.id("main"));
  CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain", "--ignored"}).empty());
  CHECK(fs::exists(stage.repo.root() / ".worktrees/.trash/T1-inner-1/.git"));
  CHECK(stage.wait(stage.git.reset_worktree(request)));
}

TEST_CASE("a worktree is not reset while it has what was not rescued") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = stage.id("main");
  CHECK(stage.error(stage.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits that would be lost");
  request.expected = work;
  CHECK(stage.error(stage.git.reset_worktree(request)).what ==
        spec.path.string() + " has commits under no other ref that would be lost");
  stage.repo.git({"update-ref", "refs/orch/rescue/T1", work.value});
  stage.repo.write(spec.path / "b", "b\n");
  CHECK(stage.error(stage.git.reset_worktree(request)).what ==
        spec.path.string() + " has uncommitted changes that would be lost");
  CHECK(stage.repo.read(spec.path / "b") == "b\n");
  CHECK(stage.repo.id("orch/T1") == work.value);
}

TEST_CASE("a reset ends a rebase and returns from another branch") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "README.md", "one\n");
  stage.repo.write("README.md", "two\n");
  stage.repo.commit("two");
  stage.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  git::ResetRequest request;
  request.path = spec.path;
  request.branch = spec.branch;
  request.reason = spec.reason;
  request.commit = stage.id("main");
  request.expected = rescued(stage, "T1");
  REQUIRE(stage.wait(stage.git.reset_worktree(request)));
  const auto status = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(status);
  CHECK(status->operation == git::Operation::None);
  CHECK(status->branch == "orch/T1");
  CHECK(status->changes.count == 0);
}
