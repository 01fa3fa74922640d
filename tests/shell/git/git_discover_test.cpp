// Which repository a folder lies in, and the words for it when there is none to use.
#include "catch.hpp"
#include "stage.hpp"

using namespace orch;
using orch::test::Stage;
using orch::test::TempRepo;
namespace fs = std::filesystem;

namespace {

Result<git::RepositoryFacts> discover(Stage& stage, const fs::path& folder) {
  return stage.wait(git::Repository::discover(stage.loop, stage.children, folder));
}

}  // namespace

TEST_CASE("a repository is found from its top and from a folder in it") {
  Stage stage;
  stage.repo.write("src/deep/x", "x");
  for (const fs::path& folder : {stage.repo.root(), stage.repo.root() / "src/deep"}) {
    const auto facts = discover(stage, folder);
    REQUIRE(facts);
    CHECK(facts->root == stage.repo.root());
    CHECK(facts->git_dir == stage.repo.root() / ".git");
    CHECK(facts->branch == "main");
    CHECK(facts->head == stage.id("main"));
    CHECK_FALSE(facts->in_linked_worktree);
  }
}

TEST_CASE("a linked worktree leads to the main one, and says so") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  const auto facts = discover(stage, stage.repo.worktree("T1"));
  REQUIRE(facts);
  CHECK(facts->root == stage.repo.root());
  CHECK(facts->called_from == stage.repo.worktree("T1"));
  CHECK(facts->in_linked_worktree);
  CHECK(facts->branch == "main");
}

TEST_CASE("a detached main worktree has no branch") {
  Stage stage;
  stage.repo.git({"switch", "-q", "--detach"});
  const auto facts = discover(stage, stage.repo.root());
  REQUIRE(facts);
  CHECK(facts->branch.empty());
}

TEST_CASE("a folder outside any repository is refused with the way to make one") {
  Stage stage;
  const auto facts = discover(stage, stage.repo.folder());
  REQUIRE_FALSE(facts);
  CHECK(facts.error().fault == Fault::NotFound);
  CHECK(facts.error().what == stage.repo.folder().string() + " is not in a git repository");
  CHECK(facts.error().hint.find("git init") != std::string::npos);
}

TEST_CASE("a folder that does not exist is named") {
  Stage stage;
  const auto facts = discover(stage, "/nonexistent");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what == "cannot use /nonexistent: No such file or directory");
}

TEST_CASE("a repository without commits is refused with the command that makes one") {
  Stage stage;
  stage.repo.git({"init", "-q", stage.repo.folder() / "empty"});
  const auto facts = discover(stage, stage.repo.folder() / "empty");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what == (stage.repo.folder() / "empty").string() + " has no commits yet");
  CHECK(facts.error().hint == "git add -A && git commit -m 'first commit'");
}

TEST_CASE("a bare repository is refused") {
  Stage stage;
  stage.repo.git({"init", "-q", "--bare", stage.repo.folder() / "bare"});
  const auto facts = discover(stage, stage.repo.folder() / "bare");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().fault == Fault::Refused);
  CHECK(facts.error().what == (stage.repo.folder() / "bare").string() + " is a bare repository");
}

TEST_CASE("git's own folder is refused") {
  Stage stage;
  const auto facts = discover(stage, stage.repo.root() / ".git");
  REQUIRE_FALSE(facts);
  CHECK(facts.error().what.find("is inside git's own folder") != std::string::npos);
}

TEST_CASE("what a hook sets in the environment does not lead astray") {
  Stage stage;
  stage.repo.git({"init", "-q", stage.repo.folder() / "other"});
  const std::string other = stage.repo.folder() / "other/.git";
  const CommitId head = stage.id("main");
  stage.repo.set("GIT_DIR", other);
  stage.repo.set("GIT_WORK_TREE", stage.repo.folder() / "other");
  stage.repo.set("GIT_INDEX_FILE", other + "/index");
  const auto facts = discover(stage, stage.repo.root());
  REQUIRE(facts);
  CHECK(facts->root == stage.repo.root());
  const auto tip = stage.wait(stage.git.branch_tip("main"));
  REQUIRE(tip);
  CHECK(*tip == head);
}

TEST_CASE("the identity is the person's, or ours where there is none") {
  Stage stage;
  const auto none = stage.wait(stage.git.identity());
  REQUIRE(none);
  CHECK(*none == git::Identity{"tmux-orch", "tmux-orch@localhost", true});
  stage.repo.git({"config", "user.name", "A Person"});
  stage.repo.git({"config", "user.email", "a@b"});
  const auto theirs = stage.wait(stage.git.identity());
  REQUIRE(theirs);
  CHECK(*theirs == git::Identity{"A Person", "a@b", false});
}
