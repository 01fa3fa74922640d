// The person's branch is brought forward only where no change of theirs can be lost.
#include "catch.hpp"
#include "stage.hpp"

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

/// A commit on top of main that writes a file, made without touching the checkout.
CommitId ahead(Stage& stage, const std::string& file, const std::string& text) {
  return stage.worktree_with("ahead-" + file, file, text);
}

git::FollowOutcome follow(Stage& stage, const CommitId& target) {
  git::FollowRequest request;
  request.branch = "main";
  request.target = target;
  request.target_name = "orch/int";
  auto outcome = stage.wait(stage.git.follow(request));
  if (!outcome) throw std::runtime_error(outcome.error().what);
  return std::move(*outcome);
}

std::string command(const Stage& stage) {
  return "git -C '" + stage.repo.folder().string() + "/it'\\''s a repo' merge --ff-only orch/int";
}

}  // namespace

TEST_CASE("a branch that is checked out nowhere is moved") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"switch", "-q", "-c", "elsewhere"});
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout.empty());
  CHECK(stage.id("main") == target);
  CHECK(std::holds_alternative<git::AlreadyThere>(follow(stage, target)));
}

TEST_CASE("a checkout comes along, and changes elsewhere in it stay") {
  Stage stage;
  stage.repo.write("other", "x\n");
  stage.repo.commit("other");
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write("other", "being edited\n");
  stage.repo.write("untracked", "u\n");
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout == stage.repo.root());
  CHECK(stage.id("main") == target);
  CHECK(stage.repo.read("README.md") == "new\n");
  CHECK(stage.repo.read("other") == "being edited\n");
  CHECK(stage.repo.git({"status", "--porcelain"}) == " M other\n?? untracked");
  CHECK_FALSE(fs::exists(stage.repo.root() / ".git/orch-following"));
}

TEST_CASE("changes in the way are told with the command for later, and stay") {
  Stage stage;
  const CommitId before = stage.id("main");
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write("README.md", "being edited\n");
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::NotSafe>(outcome).why == "your changes to README.md are in the way");
  CHECK(std::get<git::NotSafe>(outcome).command == command(stage));
  CHECK(stage.repo.read("README.md") == "being edited\n");
  CHECK(stage.id("main") == before);
}

TEST_CASE("an untracked file in the way is told and stays") {
  Stage stage;
  const CommitId target = ahead(stage, "new", "theirs\n");
  stage.repo.write("new", "mine\n");
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why == "your changes to new are in the way");
  CHECK(stage.repo.read("new") == "mine\n");
}

TEST_CASE("a branch with commits of its own has diverged") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.write("b", "b\n");
  const CommitId tip{stage.repo.commit("own")};
  CHECK(std::get<git::Diverged>(follow(stage, target)).tip == tip);
}

TEST_CASE("nothing moves in the middle of a merge, a rebase or a bisect") {
  Stage stage;
  stage.repo.git({"switch", "-q", "-c", "side"});
  stage.repo.write("README.md", "side\n");
  stage.repo.commit("side");
  stage.repo.git({"switch", "-q", "main"});
  stage.repo.write("README.md", "main\n");
  stage.repo.commit("main");
  const CommitId before = stage.id("main");
  const CommitId target = ahead(stage, "a", "a\n");

  stage.repo.try_git_in(stage.repo.root(), {"merge", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a merge");
  stage.repo.git({"merge", "--abort"});
  stage.repo.try_git_in(stage.repo.root(), {"rebase", "-q", "side"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a rebase");
  stage.repo.git({"rebase", "--abort"});
  stage.repo.git({"bisect", "start", "main", "main~1"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        stage.repo.root().string() + " is in the middle of a bisect");
  stage.repo.git({"bisect", "reset"});
  CHECK(stage.id("main") == before);
  CHECK(std::holds_alternative<git::Moved>(follow(stage, target)));
}

TEST_CASE("a branch checked out twice is left to the person") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"worktree", "add", "-q", "-f", stage.repo.folder() / "twice", "main"});
  CHECK(std::get<git::NotSafe>(follow(stage, target)).why ==
        "branch 'main' is checked out in 2 places");
}

TEST_CASE("a checkout that is another worktree comes along") {
  Stage stage;
  const CommitId target = ahead(stage, "a", "a\n");
  stage.repo.git({"switch", "-q", "-c", "elsewhere"});
  stage.repo.git({"worktree", "add", "-q", stage.repo.folder() / "second", "main"});
  const auto outcome = follow(stage, target);
  CHECK(std::get<git::Moved>(outcome).checkout == stage.repo.folder() / "second");
  CHECK(stage.repo.read(stage.repo.folder() / "second/a") == "a\n");
}

TEST_CASE("a fast-forward that was killed half way is finished") {
  Stage stage;
  stage.repo.write("changed", "old\n");
  stage.repo.write("removed", "old\n");
  stage.repo.write("untouched", "old\n");
  stage.repo.commit("files");
  stage.worktree_with("T1", "changed", "new\n");
  const fs::path worktree = stage.repo.worktree("T1");
  fs::remove(worktree / "removed");
  stage.repo.write(worktree / "added", "new\n");
  stage.repo.write(worktree / "untouched", "new\n");
  const CommitId target{stage.repo.commit_in(worktree, "more")};
  // As git leaves it when it is killed: some files written, the index not.
  stage.repo.write("changed", "ne");
  stage.repo.write("added", "new\n");
  fs::remove(stage.repo.root() / "removed");
  fs::remove(stage.repo.root() / "untouched");
  CHECK(std::holds_alternative<git::NotSafe>(follow(stage, target)));
  stage.repo.write(stage.repo.root() / ".git/orch-following", "");
  CHECK(std::holds_alternative<git::Moved>(follow(stage, target)));
  CHECK(stage.repo.git({"status", "--porcelain"}).empty());
  CHECK(stage.id("main") == target);
}

TEST_CASE("after a killed fast-forward a change of the person's is still in the way") {
  Stage stage;
  const CommitId target = ahead(stage, "README.md", "new\n");
  stage.repo.write(stage.repo.root() / ".git/orch-following", "");
  stage.repo.write("README.md", "mine\n");
  CHECK(std::holds_alternative<git::NotSafe>(follow(stage, target)));
  CHECK(stage.repo.read("README.md") == "mine\n");
}
