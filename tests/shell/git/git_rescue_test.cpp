// Nothing that an agent left uncommitted is lost, and nobody's staging area is touched.
#include "catch.hpp"
#include "stage.hpp"

using namespace orch;
using orch::test::Stage;
using What = orch::git::Rescue::What;
namespace fs = std::filesystem;

namespace {

git::Rescue rescue(Stage& stage, const git::RescueRequest& request) {
  auto saved = stage.wait(stage.git.rescue(request));
  if (!saved) throw std::runtime_error(saved.error().what);
  return std::move(*saved);
}

}  // namespace

TEST_CASE("tracked, untracked and deleted files are saved, ignored ones and ours are not") {
  Stage stage;
  stage.repo.write(".gitignore", "*.log\n");
  stage.repo.write("gone", "x");
  stage.repo.commit("ignore");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "README.md", "changed\n");
  stage.repo.write(spec.path / "new/deep", "new\n");
  stage.repo.write(spec.path / "x.log", "noise\n");
  fs::remove(spec.path / "gone");
  const std::string before = stage.repo.git_in(spec.path, {"status", "--porcelain"});

  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(saved.what == What::Uncommitted);
  CHECK(saved.ref == "refs/orch/rescue/T1");
  CHECK(stage.repo.id(saved.ref) == saved.commit.value);
  CHECK(stage.repo.git({"show", saved.ref + ":README.md"}) == "changed");
  CHECK(stage.repo.git({"show", saved.ref + ":new/deep"}) == "new");
  CHECK(stage.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nnew/deep");
  CHECK(stage.repo.id(saved.ref + "^") == stage.repo.id("orch/T1"));
  CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}) == before);
}

TEST_CASE("files that became folders, and folders that became files, are saved") {
  Stage stage;
  stage.repo.write("file", "x");
  stage.repo.write("folder/inside", "x");
  stage.repo.commit("both");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  fs::remove(spec.path / "file");
  stage.repo.write(spec.path / "file/inside", "now a folder\n");
  fs::remove_all(spec.path / "folder");
  stage.repo.write(spec.path / "folder", "now a file\n");

  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(stage.repo.git({"show", saved.ref + ":file/inside"}) == "now a folder");
  CHECK(stage.repo.git({"show", saved.ref + ":folder"}) == "now a file");
}

TEST_CASE("a rescue repeated is the same rescue, and a later one does not replace it") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "a", "one\n");
  const auto first = rescue(stage, stage.rescue("T1"));
  const auto again = rescue(stage, stage.rescue("T1"));
  CHECK(again.commit == first.commit);
  CHECK(again.ref == first.ref);
  stage.repo.write(spec.path / "a", "two\n");
  const auto later = rescue(stage, stage.rescue("T1"));
  CHECK(later.ref == "refs/orch/rescue/T1-2");
  CHECK(stage.repo.git({"show", first.ref + ":a"}) == "one");
  CHECK(stage.repo.git({"show", later.ref + ":a"}) == "two");
}

TEST_CASE("a clean worktree at a known commit needs no rescue, its own commits do") {
  Stage stage;
  REQUIRE(stage.wait(stage.git.ensure_worktree(stage.spec("T1"))));
  const auto none = rescue(stage, stage.rescue("T1"));
  CHECK(none.what == What::Nothing);
  CHECK(none.ref.empty());
  CHECK_FALSE(stage.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/orch/rescue/T1"}));

  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  const auto commits = rescue(stage, stage.rescue("T1"));
  CHECK(commits.what == What::Commits);
  CHECK(commits.commit == work);
  CHECK(rescue(stage, stage.rescue("T1")).ref == commits.ref);
}

TEST_CASE("the commits are saved where the folder, or the whole worktree, is gone") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  fs::remove_all(stage.repo.worktree("T1"));
  CHECK(rescue(stage, stage.rescue("T1")).commit == work);
  stage.repo.git({"worktree", "remove", "-f", "-f", stage.repo.worktree("T1")});
  stage.repo.git({"update-ref", "-d", "refs/orch/rescue/T1"});
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(saved.what == What::Commits);
  CHECK(saved.commit == work);
}

TEST_CASE("a worktree and branch that never were need no rescue") {
  Stage stage;
  CHECK(rescue(stage, stage.rescue("T9")).what == What::Nothing);
}

TEST_CASE("what was staged and then changed again is saved, too") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "a", "staged\n");
  stage.repo.git_in(spec.path, {"add", "a"});
  stage.repo.write(spec.path / "a", "on disk\n");
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(stage.repo.git({"show", saved.ref + ":a"}) == "on disk");
  CHECK(stage.repo.git({"show", saved.ref + "^2:a"}) == "staged");
  CHECK(rescue(stage, stage.rescue("T1")).commit == saved.commit);
}

TEST_CASE("in the middle of a conflict and of a rebase both sides are saved") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId work = stage.worktree_with("T1", "README.md", "theirs\n");
  stage.repo.write("README.md", "ours\n");
  stage.repo.commit("ours");
  stage.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  auto request = stage.rescue("T1");
  const auto saved = rescue(stage, request);
  CHECK(saved.what == What::Uncommitted);
  CHECK(stage.repo.git_says_yes({"merge-base", "--is-ancestor", work.value, saved.ref}));
  CHECK(stage.repo.git({"show", saved.ref + ":README.md"}).find("<<<<<<<") != std::string::npos);
}

TEST_CASE("a branch of the agent's own making is saved in addition to the task's") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId first = stage.worktree_with("T1", "a", "a\n");
  stage.repo.git_in(spec.path, {"switch", "-q", "-c", "own", "main"});
  stage.repo.write(spec.path / "b", "b\n");
  const std::string second = stage.repo.commit_in(spec.path, "own");
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(stage.repo.git_says_yes({"merge-base", "--is-ancestor", first.value, saved.ref}));
  CHECK(stage.repo.git_says_yes({"merge-base", "--is-ancestor", second, saved.ref}));
}

TEST_CASE("repositories inside the worktree are reported, unless ignored, and left out") {
  Stage stage;
  stage.repo.write(".gitignore", "vendor/\n");
  stage.repo.commit("ignore");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.git({"init", "-q", spec.path / "no commits"});
  stage.repo.git({"init", "-q", spec.path / "vendor/lib"});
  stage.repo.git({"init", "-q", spec.path / "sub/dir"});
  stage.repo.write(spec.path / "sub/dir/x", "x");
  stage.repo.commit_in(spec.path / "sub/dir", "inner");
  stage.repo.write(spec.path / "sub/y", "y");
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(saved.nested == std::vector<std::string>{"no commits", "sub/dir"});
  CHECK(stage.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nsub/y");
}

TEST_CASE("files that git was told not to look at are saved, too") {
  Stage stage;
  stage.repo.write("config", "one\n");
  stage.repo.commit("config");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.git_in(spec.path, {"update-index", "--assume-unchanged", "README.md"});
  stage.repo.git_in(spec.path, {"update-index", "--skip-worktree", "config"});
  stage.repo.write(spec.path / "README.md", "changed\n");
  stage.repo.write(spec.path / "config", "changed, too\n");
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(stage.repo.git({"show", saved.ref + ":README.md"}) == "changed");
  CHECK(stage.repo.git({"show", saved.ref + ":config"}) == "changed, too");
}

TEST_CASE("what the set-up brought is no change and in no commit, as long as it is the same") {
  Stage stage;
  stage.repo.write(".gitignore", "node_modules/\n");
  stage.repo.commit("ignore");
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  fs::create_symlink(stage.repo.root(), spec.path / "node_modules");
  fs::create_directory(spec.path / "data");
  fs::create_symlink(stage.repo.root(), spec.path / "data/raw");
  stage.repo.write(spec.path / "local.cfg", "copied\n");
  REQUIRE(stage.wait(stage.git.note_set_up(spec.path, {"node_modules", "data/raw"})));
  const auto clean = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(clean);
  CHECK(clean->changes == git::Changes{});
  CHECK(rescue(stage, stage.rescue("T1")).what == What::Nothing);
  stage.repo.write(spec.path / "local.cfg", "mine\n");
  const auto changed = stage.wait(stage.git.status_of(spec.path));
  REQUIRE(changed);
  CHECK(changed->changes.names == std::vector<std::string>{"local.cfg"});
  const auto saved = rescue(stage, stage.rescue("T1"));
  CHECK(stage.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nlocal.cfg");
}

TEST_CASE("everything becomes a commit, and the index follows") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "staged", "s\n");
  stage.repo.git_in(spec.path, {"add", "staged"});
  stage.repo.write(spec.path / "untracked", "u\n");
  const git::Identity person{"A Person", "a@b", false};
  const auto commit =
      stage.wait(stage.git.commit_all(spec.path, "all of it\n\nOrch-Task: T1\n", person));
  REQUIRE(commit);
  CHECK(stage.repo.id("orch/T1") == commit->value);
  CHECK(stage.repo
            .git({"log", "-1", "--format=%an <%ae> %s|%(trailers:key=Orch-Task,valueonly)",
                  "orch/T1"})
            .starts_with("A Person <a@b> all of it|T1"));
  CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
  const auto again = stage.wait(stage.git.commit_all(spec.path, "nothing\n", person));
  REQUIRE(again);
  CHECK(*again == *commit);
}

TEST_CASE("a commit of everything is refused in the middle of a merge") {
  Stage stage;
  const auto spec = stage.spec("T1");
  stage.worktree_with("T1", "README.md", "one\n");
  stage.repo.write("README.md", "two\n");
  stage.repo.commit("two");
  stage.repo.try_git_in(spec.path, {"merge", "-q", "main"});
  const auto commit = stage.wait(stage.git.commit_all(spec.path, "x\n", git::Identity{"a", "b"}));
  REQUIRE_FALSE(commit);
  CHECK(commit.error().what == spec.path.string() + " is in the middle of a merge");
}

TEST_CASE("a rescue needs no configured identity and runs no hook") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  const fs::path hook = stage.repo.root() / ".git/hooks/reference-transaction";
  stage.repo.write(hook, "#!/bin/sh\nexit 1\n");
  fs::permissions(hook, fs::perms::owner_all);
  stage.repo.write(spec.path / "a", "a\n");
  CHECK(rescue(stage, stage.rescue("T1")).what == What::Uncommitted);
}
