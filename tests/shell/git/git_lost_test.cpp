// What a pruning takes while it is being committed is made anew of the files, and a branch that
// names what is gone is put back without losing one.
#include "catch.hpp"
#include "stage.hpp"

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

const git::Identity kSomebody{"A Person", "a@b", false};

/// From now on `git update-ref` has the shell command `before` run first, and `after` after it:
/// once, with $root, the repository, and $id, what the ref is to be.
void on_update_ref(Stage& stage, const std::string& before, const std::string& after) {
  const fs::path bin = stage.repo.folder() / "bin";
  const std::string path = std::getenv("PATH");
  stage.repo.write(
      bin / "git",
      "#!/bin/sh\nexport PATH='" + path +
          "'\nbin=${0%/*}\n"
          "root=\"$bin/../it's a repo\"\n"
          "case \" $* \" in *' update-ref '*) ;; *) exec git \"$@\" ;; esac\n"
          "for word; do case $word in *[!0-9a-f]*) ;; ????????????????????*)\n"
          "  [ \"$id\" ] || id=$word ;; esac; done\n"
          "[ ! -e \"$bin/done\" ] || exec git \"$@\"\n: > \"$bin/done\"\n"
          "there() { env -u GIT_DIR -u GIT_WORK_TREE -u GIT_COMMON_DIR git -C \"$root\" \"$@\"; }\n"
          "drop() { rm -f \"$root/.git/objects/$(echo $1 | cut -c1-2)/$(echo $1 | cut -c3-)\"; "
          "}\n" +
          before + "\ngit \"$@\"; code=$?\n" + after + "\nexit $code\n");
  fs::permissions(bin / "git", fs::perms::owner_all);
  stage.repo.set("PATH", bin.string() + ":" + path);
}

void drop(Stage& stage, const std::string& id) {
  fs::remove(stage.repo.root() / ".git/objects" / id.substr(0, 2) / id.substr(2));
}

}  // namespace

TEST_CASE("a commit of everything that is pruned at once is made anew") {
  for (const bool before : {true, false}) {
    CAPTURE(before);
    Stage stage;
    const auto spec = stage.spec("T1");
    REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
    stage.repo.write(spec.path / "a/file", "work\n");
    stage.repo.git_in(spec.path, {"add", "a"});
    if (before) {
      on_update_ref(stage, "there prune --expire=now", "");
    } else {
      on_update_ref(stage, "", "drop $(there rev-parse $id:a/file); drop $id");
    }
    const auto work = stage.wait(stage.git.commit_all(spec.path, "work\n", kSomebody));
    REQUIRE(work);
    CHECK(fs::exists(stage.repo.folder() / "bin/done"));
    CHECK(stage.repo.id("orch/T1") == work->value);
    CHECK(stage.repo.id("orch/T1^") == stage.repo.id("main"));
    CHECK(stage.repo.git({"show", "orch/T1:a/file"}) == "work");
    CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
    CHECK(stage.repo.git_says_yes({"fsck", "--no-reflogs"}));
  }
}

TEST_CASE("a rescue that is pruned at once is made anew") {
  Stage stage;
  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  stage.repo.write(spec.path / "file", "work\n");
  on_update_ref(stage, "", "drop $(there rev-parse $id:file); drop $id");
  const auto saved = stage.wait(stage.git.rescue(stage.rescue("T1")));
  REQUIRE(saved);
  CHECK(saved->ref == "refs/orch/rescue/T1");
  CHECK(stage.repo.git({"show", saved->ref + ":file"}) == "work");
  CHECK_FALSE(saved->lost);
  CHECK(stage.repo.git_says_yes({"fsck"}));
}

TEST_CASE("a branch that names what is gone is put back, and the files are saved") {
  for (const std::string gone : {"", ":a"}) {
    CAPTURE(gone);
    Stage stage;
    const auto spec = stage.spec("T1");
    const CommitId first = stage.worktree_with("T1", "first", "first\n");
    stage.repo.write(spec.path / "a", "a\n");
    const CommitId lost{stage.repo.commit_in(spec.path, "lost")};
    stage.repo.write(spec.path / "b", "b\n");
    drop(stage, stage.repo.id(lost.value + gone));

    const auto saved = stage.wait(stage.git.rescue(stage.rescue("T1")));
    REQUIRE(saved);
    REQUIRE(saved->lost);
    CHECK(saved->lost->commits == std::vector<CommitId>{lost});
    CHECK(saved->lost->good == first);
    CHECK_FALSE(saved->lost->ours);
    CHECK(stage.repo.id(saved->ref + "^") == first.value);
    CHECK(stage.repo.git({"show", saved->ref + ":a"}) == "a");
    CHECK(stage.repo.git({"show", saved->ref + ":b"}) == "b");
    CHECK(stage.repo.id("orch/T1") == first.value);
    CHECK(stage.repo.git_in(spec.path, {"status", "--porcelain"}) == "?? a\n?? b");
    CHECK(stage.repo.git_says_yes({"fsck", "--no-reflogs"}));
  }
}

TEST_CASE("a branch that names what is gone holds up neither a fresh attempt nor a removal") {
  Stage stage;
  const auto spec = stage.spec("T1");
  const CommitId lost = stage.worktree_with("T1", "a", "a\n");
  fs::remove(spec.path / "a");
  drop(stage, lost.value);
  const auto saved = stage.wait(stage.git.rescue(stage.rescue("T1")));
  REQUIRE(saved);
  // What was staged is there still.
  CHECK(stage.repo.git({"show", saved->ref + "^2:a"}) == "a");
  CHECK(stage.repo.id("orch/T1") == stage.repo.id("main"));
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  git::RemoveRequest remove;
  remove.path = spec.path;
  remove.branch = spec.branch;
  remove.reason = spec.reason;
  remove.safe = {saved->commit};
  remove.saved = saved->commit;
  REQUIRE(stage.wait(stage.git.remove_worktree(remove)));
  CHECK(stage.repo.git({"for-each-ref", "--format=%(refname)"}) ==
        "refs/heads/main\nrefs/orch/rescue/T1");
}

TEST_CASE("what cannot be looked at is not taken for gone") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  const std::vector<CommitId> known = {stage.id("main")};
  const auto none = stage.wait(stage.git.lost_commits(stage.repo.worktree("T1"), "orch/T1", known));
  REQUIRE(none);
  CHECK_FALSE(*none);
  const std::vector<CommitId> nonsense = {CommitId{"--no-such-option"}};
  CHECK(stage.error(stage.git.has_all_objects(work, nonsense)).fault == Fault::Io);
}

TEST_CASE("the work of a landing that is gone is told from a candidate that is") {
  Stage stage;
  const CommitId work = stage.worktree_with("T1", "a", "a\n");
  drop(stage, stage.repo.id(work.value + ":a"));
  const auto request = stage.landing(work);
  CHECK(stage.error(stage.git.prepare_landing(request)).fault == Fault::Corrupt);
  const CommitId other = stage.worktree_with("T2", "b", "b\n");
  const auto landing = stage.wait(stage.git.prepare_landing(stage.landing(other)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  stage.repo.git({"branch", "run"});
  drop(stage, candidate.value);
  CHECK(stage.error(stage.git.land("refs/heads/run", candidate, stage.id("main"))).fault ==
        Fault::Corrupt);
}
