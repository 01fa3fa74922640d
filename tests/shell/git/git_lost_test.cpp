// What a pruning takes while it is being committed is made anew of the files, and a branch that
// names what is gone is put back without losing one.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

const git::Identity kSomebody{"A Person", "a@b", false};

/// From now on `git update-ref` has the shell command `before` run first, and `after` after it:
/// once, with $root, the repository, and $id, what the ref is to be. None stays.
void on_update_ref(Fixture& fixture, const std::string& before, const std::string& after) {
  const fs::path bin = fixture.repo.folder() / "bin";
  const std::string path = std::getenv("PATH");
  fixture.repo.write(
      bin / "git",
      "#!/bin/sh\nexport PATH='" + path +
          "'\nbin=${0%/*}\n"
          "root=\"$bin/../it's a repo\"\n"
          "case \" $* \" in *' update-ref '*' --stdin '*) exit 1 ;; *' update-ref '*) ;; *) exec "
          "git \"$@\" ;; esac\n"
          "for word; do case $word in *[!0-9a-f]*) ;; ????????????????????*)\n"
          "  [ \"$id\" ] || id=$word ;; esac; done\n"
          "[ ! -e \"$bin/done\" ] || exec git \"$@\"\n: > \"$bin/done\"\n"
          "there() { env -u GIT_DIR -u GIT_WORK_TREE -u GIT_COMMON_DIR git -C \"$root\" \"$@\"; }\n"
          "drop() { rm -f \"$root/.git/objects/$(echo $1 | cut -c1-2)/$(echo $1 | cut -c3-)\"; "
          "}\n" +
          before + "\ngit \"$@\"; code=$?\n" + after + "\nexit $code\n");
  fs::permissions(bin / "git", fs::perms::owner_all);
  fixture.repo.set("PATH", bin.string() + ":" + path);
}

void drop(Fixture& fixture, const std::string& id) {
  fs::remove(fixture.repo.root() / ".git/objects" / id.substr(0, 2) / id.substr(2));
}

}  // namespace

TEST_CASE("a commit of everything that is pruned at once is made anew") {
  for (const bool before : {true, false}) {
    CAPTURE(before);
    Fixture fixture;
    const auto spec = fixture.spec("T1");
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
    fixture.repo.write(spec.path / "a/file", "work\n");
    fixture.repo.git_in(spec.path, {"add", "a"});
    if (before) {
      on_update_ref(fixture, "there prune --expire=now", "");
    } else {
      on_update_ref(fixture, "", "drop $(there rev-parse $id:a/file); drop $id");
    }
    const auto work =
        fixture.wait(fixture.git.commit_all({spec.path, "work\n", kSomebody, false, {}}));
    REQUIRE(work);
    CHECK(fs::exists(fixture.repo.folder() / "bin/done"));
    CHECK(fixture.repo.id("orch/T1") == work->value);
    CHECK(fixture.repo.id("orch/T1^") == fixture.repo.id("main"));
    CHECK(fixture.repo.git({"show", "orch/T1:a/file"}) == "work");
    CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
    CHECK(fixture.repo.git_says_yes({"fsck", "--no-reflogs"}));
  }
}

TEST_CASE("a rescue that is pruned at once is made anew") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  fixture.repo.write(spec.path / "file", "work\n");
  on_update_ref(fixture, "", "drop $(there rev-parse $id:file); drop $id");
  const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue("T1")));
  REQUIRE(saved);
  CHECK(saved->ref == "refs/orch/rescue/T1");
  CHECK(fixture.repo.git({"show", saved->ref + ":file"}) == "work");
  CHECK_FALSE(saved->lost);
  CHECK(fixture.repo.git_says_yes({"fsck"}));
}

TEST_CASE("a branch that names what is gone is put back, and the files are saved") {
  for (const std::string gone : {"", ":a"}) {
    CAPTURE(gone);
    Fixture fixture;
    const auto spec = fixture.spec("T1");
    const CommitId first = fixture.worktree_with("T1", "first", "first\n");
    fixture.repo.write(spec.path / "a", "a\n");
    const CommitId lost{fixture.repo.commit_in(spec.path, "lost")};
    fixture.repo.write(spec.path / "b", "b\n");
    drop(fixture, fixture.repo.id(lost.value + gone));

    const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue("T1")));
    REQUIRE(saved);
    REQUIRE(saved->lost);
    CHECK(saved->lost->commits == std::vector<CommitId>{lost});
    CHECK(saved->lost->good == first);
    CHECK_FALSE(saved->lost->ours);
    CHECK(fixture.repo.id(saved->ref + "^") == first.value);
    CHECK(fixture.repo.git({"show", saved->ref + ":a"}) == "a");
    CHECK(fixture.repo.git({"show", saved->ref + ":b"}) == "b");
    CHECK(fixture.repo.id("orch/T1") == first.value);
    CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}) == "?? a\n?? b");
    CHECK(fixture.repo.git_says_yes({"fsck", "--no-reflogs"}));
  }
}

TEST_CASE("a branch that names what is gone holds up neither a fresh attempt nor a removal") {
  Fixture fixture;
  const auto spec = fixture.spec("T1");
  const CommitId lost = fixture.worktree_with("T1", "a", "a\n");
  fs::remove(spec.path / "a");
  drop(fixture, lost.value);
  const auto saved = fixture.wait(fixture.git.rescue(fixture.rescue("T1")));
  REQUIRE(saved);
  // What was staged is there still.
  CHECK(fixture.repo.git({"show", saved->ref + "^2:a"}) == "a");
  CHECK(fixture.repo.id("orch/T1") == fixture.repo.id("main"));
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  git::RemoveRequest remove;
  remove.path = spec.path;
  remove.branch = spec.branch;
  remove.reason = spec.reason;
  remove.safe = {saved->commit};
  remove.saved = saved->commit;
  REQUIRE(fixture.wait(fixture.git.remove_worktree(remove)));
  CHECK(fixture.repo.git({"for-each-ref", "--format=%(refname)"}) ==
        "refs/heads/main\nrefs/orch/rescue/T1");
}

TEST_CASE("what cannot be looked at is not taken for gone") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  const std::vector<CommitId> known = {fixture.id("main")};
  const auto none =
      fixture.wait(fixture.git.lost_commits(fixture.repo.worktree("T1"), "orch/T1", known));
  REQUIRE(none);
  CHECK_FALSE(*none);
  const std::vector<CommitId> nonsense = {CommitId{"--no-such-option"}};
  CHECK(fixture.error(fixture.git.has_all_objects(work, nonsense)).fault == Fault::Io);
}

TEST_CASE("the work of a landing that is gone is told from a candidate that is") {
  Fixture fixture;
  const CommitId work = fixture.worktree_with("T1", "a", "a\n");
  drop(fixture, fixture.repo.id(work.value + ":a"));
  const auto request = fixture.landing(work);
  CHECK(fixture.error(fixture.git.prepare_landing(request)).fault == Fault::Corrupt);
  const CommitId other = fixture.worktree_with("T2", "b", "b\n");
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(other)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  fixture.repo.git({"branch", "run"});
  drop(fixture, candidate.value);
  CHECK(fixture.error(fixture.git.land("refs/heads/run", candidate, fixture.id("main"))).fault ==
        Fault::Corrupt);
}
