// The configuration that counts is the one of the run's beginning.
#include "catch.hpp"
#include "git/frozen.hpp"
#include "stage.hpp"

#include <fstream>

using namespace orch;
using orch::test::Stage;
namespace fs = std::filesystem;

namespace {

/// A filter for *.txt that leaves a proof.
void set_filter(Stage& stage, const fs::path& proof) {
  stage.repo.git({"config", "filter.x.clean", "tee '" + proof.native() + "'"});
  stage.repo.git({"config", "filter.x.smudge", "tee '" + proof.native() + "'"});
  stage.repo.write(".git/info/attributes", "*.txt filter=x\n");
}

}  // namespace

TEST_CASE("a frozen configuration says what git said, whatever the values are") {
  Stage stage;
  stage.repo.git({"config", "a.plain", "x"});
  stage.repo.git({"config", "a.strange", "\" \\ # ; \t\n b "});
  stage.repo.git({"config", "sub.With \"quotes\\ and.dots.Key", ""});
  stage.repo.git({"config", "--add", "a.many", "1"});
  stage.repo.git({"config", "--add", "a.many", "2"});
  std::ofstream(stage.repo.root() / ".git/config", std::ios::app) << "[a]\n\tbare\n";
  const std::string before = stage.repo.git({"config", "--local", "--list", "-z"});
  stage.repo.git({"config", "--file", ".git/more", "b.included", "yes"});
  stage.repo.git({"config", "include.path", "more"});

  const fs::path folder = stage.repo.folder() / "frozen";
  REQUIRE(stage.wait(stage.git.freeze(folder)));
  const std::string after =
      stage.repo.git({"config", "--file", (folder / "config").native(), "--list", "-z"});
  CHECK(after == before + "b.included\nyes" + std::string(1, '\0'));
}

TEST_CASE("a filter that was set after the beginning is not run, and work lands as ever") {
  Stage stage;
  const fs::path folder = stage.repo.folder() / "frozen";
  const fs::path proof = stage.repo.folder() / "proof";
  REQUIRE(stage.wait(stage.git.freeze(folder)));
  set_filter(stage, proof);

  const auto spec = stage.spec("T1");
  REQUIRE(stage.wait(stage.git.ensure_worktree(spec)));
  CHECK(stage.repo.read(spec.path / ".git") ==
        "gitdir: " + (stage.repo.root() / ".git/worktrees/T1").native() + "\n");
  stage.repo.write(spec.path / "a.txt", "work\n");
  const git::Identity somebody{"A Person", "person@example.org", false};
  const auto work = stage.wait(stage.git.commit_all(spec.path, "work\n", somebody));
  REQUIRE(work);
  const CommitId main = stage.id("main");
  REQUIRE(stage.wait(stage.git.ensure_branch("integration", main)));
  const auto landing = stage.wait(stage.git.prepare_landing(stage.landing(*work)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  REQUIRE(stage.wait(stage.git.land("refs/heads/integration", candidate, main)));
  git::FollowRequest follow;
  follow.branch = "main";
  follow.target = candidate;
  REQUIRE(stage.wait(stage.git.follow(follow)));
  CHECK(stage.repo.read("a.txt") == "work\n");
  git::RemoveRequest remove;
  remove.path = spec.path;
  remove.branch = spec.branch;
  remove.reason = spec.reason;
  remove.safe = {candidate};
  REQUIRE(stage.wait(stage.git.remove_worktree(remove)));
  CHECK_FALSE(fs::exists(proof));

  // The next program on the same run, with the repository at another place meanwhile or not.
  Stage next(stage.repo);
  REQUIRE(next.git.use_frozen(folder));
  stage.repo.write("b.txt", "more\n");
  REQUIRE(next.wait(next.git.status_of(stage.repo.root())));
  CHECK_FALSE(fs::exists(proof));
}

TEST_CASE("a filter of the beginning goes on, and who commits is told as it is now") {
  Stage stage;
  const fs::path proof = stage.repo.folder() / "proof";
  set_filter(stage, proof);
  REQUIRE(stage.wait(stage.git.freeze(stage.repo.folder() / "frozen")));
  stage.repo.git({"config", "user.name", "New Name"});
  stage.repo.git({"config", "user.email", "new@example.org"});
  stage.repo.write("a.txt", "x\n");
  REQUIRE(stage.wait(stage.git.tree_now(stage.repo.root(), {})));
  CHECK(fs::exists(proof));
  const auto identity = stage.wait(stage.git.identity());
  REQUIRE(identity);
  CHECK(identity->name == "New Name");
}

TEST_CASE("plain settings are those that run nothing, and attributes are left out") {
  Stage stage;
  const fs::path proof = stage.repo.folder() / "proof";
  set_filter(stage, proof);
  for (const char* key :
       {"core.fsmonitor", "core.pager", "diff.external", "gpg.program", "include.path",
        "core.attributesFile", "alias.x", "branch.x.mergeOptions"})
    stage.repo.git({"config", key, "x"});
  stage.repo.git({"config", "core.autocrlf", "input"});
  const fs::path folder = stage.repo.folder() / "plain";
  REQUIRE(stage.wait(stage.git.use_plain(folder)));
  CHECK(stage.repo.git({"config", "--file", (folder / "config").native(), "--list"}) ==
        "core.repositoryformatversion=0\ncore.filemode=true\ncore.bare=false\n"
        "core.logallrefupdates=true\ncore.autocrlf=input");
  CHECK_FALSE(fs::exists(folder / "info/attributes"));

  stage.repo.write("a.txt", "one\r\n");
  const auto tree = stage.wait(stage.git.tree_now(stage.repo.root(), {}));
  REQUIRE(tree);
  CHECK(stage.repo.git({"show", *tree + ":a.txt"}) == "one");
  CHECK_FALSE(fs::exists(proof));
}
