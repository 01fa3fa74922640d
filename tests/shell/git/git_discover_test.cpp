// Which repository a folder lies in, and the words for it when there is none to use.
#include "catch.hpp"
#include "git/layout.hpp"
#include "orch/base/files.hpp"
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

TEST_CASE("a linked worktree has a branch of its own and the root of all") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  const auto facts = discover(stage, stage.repo.worktree("T1"));
  REQUIRE(facts);
  CHECK(facts->root == stage.repo.root());
  CHECK(facts->main == stage.repo.root());
  CHECK(facts->checkout == stage.repo.worktree("T1"));
  CHECK(facts->in_linked_worktree);
  CHECK(facts->in_worktree_of_ours);
  CHECK(facts->branch == "orch/T1");
  const fs::path theirs = stage.repo.folder() / "theirs";
  stage.repo.git({"worktree", "add", "-q", "-b", "feature", theirs});
  const auto others = discover(stage, theirs);
  REQUIRE(others);
  CHECK(others->branch == "feature");
  CHECK_FALSE(others->in_worktree_of_ours);
}

TEST_CASE("of a bare repository the worktrees can be used, and its HEAD holds no branch") {
  Stage stage;
  const fs::path bare = stage.repo.folder() / "bare.git";
  const fs::path work = stage.repo.folder() / "work";
  stage.repo.git({"clone", "-q", "--bare", stage.repo.root(), bare});
  stage.repo.git({"--git-dir", bare, "worktree", "add", "-q", "-b", "feature", work});
  const auto facts = discover(stage, work);
  REQUIRE(facts);
  CHECK(facts->bare);
  CHECK(facts->root == bare);
  CHECK(facts->main.empty());
  CHECK(facts->checkout == work);
  const git::Repository repository(stage.loop, stage.children, *facts);
  CHECK(repository.checked_out_at("main").empty());
  CHECK(repository.checked_out_at("feature").size() == 1);
  const auto seen = stage.wait(git::Repository::locate(stage.loop, stage.children, bare));
  REQUIRE(seen);
  CHECK(seen->root == bare);
  CHECK(seen->checkout.empty());
}

TEST_CASE("a folder whose .git file leads to a bare repository is its root") {
  Stage stage;
  const fs::path project = stage.repo.folder() / "project";
  stage.repo.git({"clone", "-q", "--bare", stage.repo.root(), project / ".bare"});
  REQUIRE(write_file(project / ".git", "gitdir: ./.bare\n"));
  stage.repo.git(
      {"--git-dir", project / ".bare", "worktree", "add", "-q", project / "main", "main"});
  const auto facts = discover(stage, project / "main");
  REQUIRE(facts);
  CHECK(facts->root == project);
}

TEST_CASE(
    "from a linked worktree of a separate git folder the main one is found once it is noted") {
  Stage stage;
  const fs::path main = stage.repo.folder() / "there";
  const fs::path git_dir = stage.repo.folder() / "elsewhere.git";
  const fs::path linked = stage.repo.folder() / "linked";
  stage.repo.git({"clone", "-q", "--separate-git-dir", git_dir, stage.repo.root(), main});
  stage.repo.git({"--git-dir", git_dir, "worktree", "add", "-q", "-b", "feature", linked});
  const auto first = discover(stage, linked);
  REQUIRE(first);
  CHECK(first->main.empty());
  CHECK(first->root == linked);
  REQUIRE(git::remember_root(git_dir, main));
  const auto then = discover(stage, linked);
  REQUIRE(then);
  CHECK(then->root == main);
  CHECK(then->main == main);
  CHECK(then->branch == "feature");
  // A note that leads to a folder of another repository is not followed.
  REQUIRE(git::remember_root(git_dir, stage.repo.root()));
  CHECK(discover(stage, linked)->root == linked);
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

TEST_CASE("the identity is the user's, or ours where there is none") {
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

TEST_CASE("nothing is fetched to find a repository, whatever its configuration says of remotes") {
  Stage stage;
  const fs::path proof = stage.repo.folder() / "proof";
  stage.repo.git({"config", "remote.x.url", stage.repo.root().native()});
  stage.repo.git({"config", "remote.x.promisor", "true"});
  stage.repo.git({"config", "remote.x.uploadpack", "touch '" + proof.native() + "'; false"});
  stage.repo.write(".git/refs/heads/main", std::string(40, 'a') + "\n");
  const auto facts = discover(stage, stage.repo.root());
  REQUIRE_FALSE(facts);
  CHECK_FALSE(fs::exists(proof));
}
