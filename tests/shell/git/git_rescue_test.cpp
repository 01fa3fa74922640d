// Nothing that an agent left uncommitted is lost, and nobody's staging area is touched.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
using What = orch::git::Rescue::What;
namespace fs = std::filesystem;

namespace {

git::Rescue rescue(Fixture& fixture, const git::RescueRequest& request) {
  auto saved = fixture.wait(fixture.git.rescue(request));
  if (!saved) throw std::runtime_error(saved.error().what);
  return std::move(*saved);
}

}  // namespace

TEST_CASE("tracked, untracked and deleted files are saved, ignored ones and ours are not") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "*.log\n");
  fixture.repo.write("gone", "x");
  fixture.repo.commit("ignore");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "README.md", "changed\n");
  fixture.repo.write(spec.path / "new/deep", "new\n");
  fixture.repo.write(spec.path / "x.log", "noise\n");
  fs::remove(spec.path / "gone");
  const std::string before = fixture.repo.git_in(spec.path, {"status", "--porcelain"});

  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(saved.what == What::Uncommitted);
  CHECK(saved.ref == "refs/orch/rescue/T1");
  CHECK(fixture.repo.id(saved.ref) == saved.commit.value);
  CHECK(fixture.repo.git({"show", saved.ref + ":README.md"}) == "changed");
  CHECK(fixture.repo.git({"show", saved.ref + ":new/deep"}) == "new");
  CHECK(fixture.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nnew/deep");
  CHECK(fixture.repo.id(saved.ref + "^") == fixture.repo.id("orch/T1"));
  CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}) == before);
}

TEST_CASE("files that became folders, and folders that became files, are saved") {
  Fixture fixture;
  fixture.repo.write("file", "x");
  fixture.repo.write("folder/inside", "x");
  fixture.repo.commit("both");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fs::remove(spec.path / "file");
  fixture.repo.write(spec.path / "file/inside", "now a folder\n");
  fs::remove_all(spec.path / "folder");
  fixture.repo.write(spec.path / "folder", "now a file\n");

  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(fixture.repo.git({"show", saved.ref + ":file/inside"}) == "now a folder");
  CHECK(fixture.repo.git({"show", saved.ref + ":folder"}) == "now a file");
}

TEST_CASE("what was staged in a folder that was a file is work, also where git ignores it") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "/file\n");
  fixture.repo.write("file", "x");
  fixture.repo.git({"add", "-f", "file"});
  fixture.repo.commit("a file");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fs::remove(spec.path / "file");
  fixture.repo.write(spec.path / "file/inside", "staged\n");
  fixture.repo.write(spec.path / "file/other", "ignored\n");
  fixture.repo.git_in(spec.path, {"add", "--force", "file/inside"});
  fixture.repo.write(spec.path / "file/inside", "and changed\n");

  SECTION("where it is saved") {
    const auto saved = rescue(fixture, fixture.rescue("T1"));
    CHECK(fixture.repo.git({"show", saved.ref + ":file/inside"}) == "and changed");
  }
  SECTION("where it is committed") {
    std::string wanted = "file/inside";
    SECTION("and is there") {}
    SECTION("and is a file again, which git ignores now") {
      fs::remove_all(spec.path / "file");
      fixture.repo.write(spec.path / "file", "another\n");
      wanted.clear();
    }
    SECTION("and is gone") {
      fs::remove_all(spec.path / "file");
      wanted.clear();
    }
    const git::Identity somebody{"A Person", "person@example.org", false};
    const auto work =
        fixture.wait(fixture.git.commit_all({spec.path, "work\n", somebody, false, {}}));
    REQUIRE(work);
    CHECK(fixture.repo.git({"ls-tree", "-r", "--name-only", work->value, "file"}) == wanted);
  }
}

TEST_CASE("a rescue repeated is the same rescue, and a later one does not replace it") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "a", "one\n");
  const auto first = rescue(fixture, fixture.rescue("T1"));
  const auto again = rescue(fixture, fixture.rescue("T1"));
  CHECK(again.commit == first.commit);
  CHECK(again.ref == first.ref);
  fixture.repo.write(spec.path / "a", "two\n");
  const auto later = rescue(fixture, fixture.rescue("T1"));
  CHECK(later.ref == "refs/orch/rescue/T1-2");
  CHECK(fixture.repo.git({"show", first.ref + ":a"}) == "one");
  CHECK(fixture.repo.git({"show", later.ref + ":a"}) == "two");
}

TEST_CASE("a clean worktree at a known commit needs no rescue, its own commits do") {
  Fixture fixture;
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
  const auto none = rescue(fixture, fixture.rescue("T1"));
  CHECK(none.what == What::Nothing);
  CHECK(none.ref.empty());
  CHECK_FALSE(fixture.repo.git_says_yes({"rev-parse", "-q", "--verify", "refs/orch/rescue/T1"}));

  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  const auto commits = rescue(fixture, fixture.rescue("T1"));
  CHECK(commits.what == What::Commits);
  CHECK(commits.commit == work);
  CHECK(rescue(fixture, fixture.rescue("T1")).ref == commits.ref);
}

TEST_CASE("the commits are saved where the folder, or the whole worktree, is gone") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  fs::remove_all(fixture.repo.worktree("T1"));
  CHECK(rescue(fixture, fixture.rescue("T1")).commit == work);
  fixture.repo.git({"worktree", "remove", "-f", "-f", fixture.repo.worktree("T1")});
  fixture.repo.git({"update-ref", "-d", "refs/orch/rescue/T1"});
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(saved.what == What::Commits);
  CHECK(saved.commit == work);
}

TEST_CASE("a worktree and branch that never were need no rescue") {
  Fixture fixture;
  CHECK(rescue(fixture, fixture.rescue("T9")).what == What::Nothing);
}

TEST_CASE("what was staged and then changed again is saved, too") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "a", "staged\n");
  fixture.repo.git_in(spec.path, {"add", "a"});
  fixture.repo.write(spec.path / "a", "on disk\n");
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(fixture.repo.git({"show", saved.ref + ":a"}) == "on disk");
  CHECK(fixture.repo.git({"show", saved.ref + "^2:a"}) == "staged");
  CHECK(rescue(fixture, fixture.rescue("T1")).commit == saved.commit);
}

TEST_CASE("in the middle of a conflict and of a rebase both sides are saved") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const CommitId work = fixture.worktree_with("T1", "README.md", "theirs\n");
  fixture.repo.write("README.md", "ours\n");
  fixture.repo.commit("ours");
  fixture.repo.try_git_in(spec.path, {"rebase", "-q", "main"});
  auto request = fixture.rescue("T1");
  const auto saved = rescue(fixture, request);
  CHECK(saved.what == What::Uncommitted);
  CHECK(fixture.repo.git_says_yes({"merge-base", "--is-ancestor", work.value, saved.ref}));
  CHECK(fixture.repo.git({"show", saved.ref + ":README.md"}).find("<<<<<<<") != std::string::npos);
}

TEST_CASE("a branch of the agent's own making is saved in addition to the task's") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const CommitId first = fixture.worktree_with("T1", "a", "a\n");
  fixture.repo.git_in(spec.path, {"switch", "-q", "-c", "own", "main"});
  fixture.repo.write(spec.path / "b", "b\n");
  const std::string second = fixture.repo.commit_in(spec.path, "own");
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(fixture.repo.git_says_yes({"merge-base", "--is-ancestor", first.value, saved.ref}));
  CHECK(fixture.repo.git_says_yes({"merge-base", "--is-ancestor", second, saved.ref}));
}

TEST_CASE("repositories inside the worktree are reported, unless ignored, and left out") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "vendor/\n");
  fixture.repo.commit("ignore");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.git({"init", "-q", spec.path / "no commits"});
  fixture.repo.git({"init", "-q", spec.path / "vendor/lib"});
  fixture.repo.git({"init", "-q", spec.path / "sub/dir"});
  fixture.repo.write(spec.path / "sub/dir/x", "x");
  fixture.repo.commit_in(spec.path / "sub/dir", "inner");
  fixture.repo.write(spec.path / "sub/y", "y");
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(saved.nested == std::vector<std::string>{"no commits", "sub/dir"});
  CHECK(fixture.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nsub/y");
}

TEST_CASE("files that git was told not to look at are saved, too") {
  Fixture fixture;
  fixture.repo.write("config", "one\n");
  fixture.repo.commit("config");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.git_in(spec.path, {"update-index", "--assume-unchanged", "README.md"});
  fixture.repo.git_in(spec.path, {"update-index", "--skip-worktree", "config"});
  fixture.repo.write(spec.path / "README.md", "changed\n");
  fixture.repo.write(spec.path / "config", "changed, too\n");
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(fixture.repo.git({"show", saved.ref + ":README.md"}) == "changed");
  CHECK(fixture.repo.git({"show", saved.ref + ":config"}) == "changed, too");
}

TEST_CASE("what the set-up brought is no change and in no commit, as long as it is the same") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "node_modules/\n");
  fixture.repo.commit("ignore");
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fs::create_symlink(fixture.repo.root(), spec.path / "node_modules");
  fs::create_directory(spec.path / "data");
  fs::create_symlink(fixture.repo.root(), spec.path / "data/raw");
  fixture.repo.write(spec.path / "local.cfg", "copied\n");
  REQUIRE(fixture.wait(fixture.git.note_set_up(spec.path, {"node_modules", "data/raw"})));
  const auto clean = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(clean);
  CHECK(clean->changes == git::Changes{});
  CHECK(rescue(fixture, fixture.rescue("T1")).what == What::Nothing);
  fixture.repo.write(spec.path / "local.cfg", "mine\n");
  const auto changed = fixture.wait(fixture.git.status_of(spec.path));
  REQUIRE(changed);
  CHECK(changed->changes.names == std::vector<std::string>{"local.cfg"});
  const auto saved = rescue(fixture, fixture.rescue("T1"));
  CHECK(fixture.repo.git({"ls-tree", "-r", "--name-only", saved.ref}) ==
        ".gitignore\nREADME.md\nlocal.cfg");
}

TEST_CASE("everything becomes a commit, and the index follows") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "staged", "s\n");
  fixture.repo.git_in(spec.path, {"add", "staged"});
  fixture.repo.write(spec.path / "untracked", "u\n");
  const git::Identity person{"A Person", "a@b", false};
  const auto commit = fixture.wait(
      fixture.git.commit_all({spec.path, "all of it\n\nOrch-Task: T1\n", person, false, {}}));
  REQUIRE(commit);
  CHECK(fixture.repo.id("orch/T1") == commit->value);
  CHECK(fixture.repo
            .git({"log", "-1", "--format=%an <%ae> %s|%(trailers:key=Orch-Task,valueonly)",
                  "orch/T1"})
            .starts_with("A Person <a@b> all of it|T1"));
  CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
  const auto again =
      fixture.wait(fixture.git.commit_all({spec.path, "nothing\n", person, false, {}}));
  REQUIRE(again);
  CHECK(*again == *commit);
}

TEST_CASE("a commit of everything is refused in the middle of a merge") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  fixture.worktree_with("T1", "README.md", "one\n");
  fixture.repo.write("README.md", "two\n");
  fixture.repo.commit("two");
  fixture.repo.try_git_in(spec.path, {"merge", "-q", "main"});
  const auto commit =
      fixture.wait(fixture.git.commit_all({spec.path, "x\n", git::Identity{"a", "b"}, false, {}}));
  REQUIRE_FALSE(commit);
  CHECK(commit.error().what == spec.path.string() + " is in the middle of a merge");
}

TEST_CASE("a rescue needs no configured identity and runs no hook") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  const fs::path hook = fixture.repo.root() / ".git/hooks/reference-transaction";
  fixture.repo.write(hook, "#!/bin/sh\nexit 1\n");
  fs::permissions(hook, fs::perms::owner_all);
  fixture.repo.write(spec.path / "a", "a\n");
  CHECK(rescue(fixture, fixture.rescue("T1")).what == What::Uncommitted);
}
