// The configuration that counts is the one of the run's beginning.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/frozen.hpp"

#include <fstream>

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

/// A filter for *.txt that leaves a proof.
void set_filter(Fixture& fixture, const fs::path& proof) {
  fixture.repo.git({"config", "filter.x.clean", "tee '" + proof.native() + "'"});
  fixture.repo.git({"config", "filter.x.smudge", "tee '" + proof.native() + "'"});
  fixture.repo.write(".git/info/attributes", "*.txt filter=x\n");
}

}  // namespace

TEST_CASE("a frozen configuration says what git said, whatever the values are") {
  Fixture fixture;
  fixture.repo.git({"config", "a.plain", "x"});
  fixture.repo.git({"config", "a.strange", "\" \\ # ; \t\n b "});
  fixture.repo.git({"config", "sub.With \"quotes\\ and.dots.Key", ""});
  fixture.repo.git({"config", "--add", "a.many", "1"});
  fixture.repo.git({"config", "--add", "a.many", "2"});
  std::ofstream(fixture.repo.root() / ".git/config", std::ios::app) << "[a]\n\tbare\n";
  const std::string before = fixture.repo.git({"config", "--local", "--list", "-z"});
  fixture.repo.git({"config", "--file", ".git/more", "b.included", "yes"});
  fixture.repo.git({"config", "include.path", "more"});

  const fs::path folder = fixture.repo.folder() / "frozen";
  REQUIRE(fixture.wait(fixture.git.freeze(folder)));
  const std::string after =
      fixture.repo.git({"config", "--file", (folder / "config").native(), "--list", "-z"});
  CHECK(after == before + "b.included\nyes" + std::string(1, '\0'));
}

TEST_CASE("a filter that was set after the beginning is not run, and work lands as ever") {
  Fixture fixture;
  const fs::path folder = fixture.repo.folder() / "frozen";
  const fs::path proof = fixture.repo.folder() / "proof";
  REQUIRE(fixture.wait(fixture.git.freeze(folder)));
  set_filter(fixture, proof);

  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  CHECK(fixture.repo.read(spec.path / ".git") ==
        "gitdir: " + (fixture.repo.root() / ".git/worktrees/T1").native() + "\n");
  fixture.repo.write(spec.path / "a.txt", "work\n");
  const git::Identity somebody{"A Person", "person@example.org", false};
  const auto work =
      fixture.wait(fixture.git.commit_all({spec.path, "work\n", somebody, false, {}}));
  REQUIRE(work);
  const CommitId main = fixture.id("main");
  REQUIRE(fixture.wait(fixture.git.ensure_branch("integration", main)));
  const auto landing = fixture.wait(fixture.git.prepare_landing(fixture.landing(*work)));
  REQUIRE(landing);
  const CommitId candidate = std::get<git::Candidate>(*landing).commit;
  REQUIRE(fixture.wait(fixture.git.land("refs/heads/integration", candidate, main)));
  git::FollowRequest follow;
  follow.branch = "main";
  follow.target = candidate;
  REQUIRE(fixture.wait(fixture.git.follow(follow)));
  CHECK(fixture.repo.read("a.txt") == "work\n");
  git::RemoveRequest remove;
  remove.path = spec.path;
  remove.branch = spec.branch;
  remove.reason = spec.reason;
  remove.safe = {candidate};
  REQUIRE(fixture.wait(fixture.git.remove_worktree(remove)));
  CHECK_FALSE(fs::exists(proof));

  // The next program on the same run, with the repository at another place meanwhile or not.
  Fixture next(fixture.repo);
  REQUIRE(next.git.use_frozen(folder));
  fixture.repo.write("b.txt", "more\n");
  REQUIRE(next.wait(next.git.status_of(fixture.repo.root())));
  CHECK_FALSE(fs::exists(proof));
}

TEST_CASE("a filter of the beginning goes on, and who commits is told as it is now") {
  Fixture fixture;
  const fs::path proof = fixture.repo.folder() / "proof";
  set_filter(fixture, proof);
  REQUIRE(fixture.wait(fixture.git.freeze(fixture.repo.folder() / "frozen")));
  fixture.repo.git({"config", "user.name", "New Name"});
  fixture.repo.git({"config", "user.email", "new@example.org"});
  fixture.repo.write("a.txt", "x\n");
  REQUIRE(fixture.wait(fixture.git.tree_now(fixture.repo.root(), {})));
  CHECK(fs::exists(proof));
  const auto identity = fixture.wait(fixture.git.identity());
  REQUIRE(identity);
  CHECK(identity->name == "New Name");
}

TEST_CASE("plain settings are those that run nothing, and attributes are left out") {
  Fixture fixture;
  const fs::path proof = fixture.repo.folder() / "proof";
  set_filter(fixture, proof);
  for (const char* key :
       {"core.fsmonitor", "core.pager", "diff.external", "gpg.program", "include.path",
        "core.attributesFile", "alias.x", "branch.x.mergeOptions"})
    fixture.repo.git({"config", key, "x"});
  fixture.repo.git({"config", "core.autocrlf", "input"});
  const fs::path folder = fixture.repo.folder() / "plain";
  REQUIRE(fixture.wait(fixture.git.use_plain(folder)));
  CHECK(fixture.repo.git({"config", "--file", (folder / "config").native(), "--list"}) ==
        "core.repositoryformatversion=0\ncore.filemode=true\ncore.bare=false\n"
        "core.logallrefupdates=true\ncore.autocrlf=input");
  CHECK_FALSE(fs::exists(folder / "info/attributes"));

  fixture.repo.write("a.txt", "one\r\n");
  const auto tree = fixture.wait(fixture.git.tree_now(fixture.repo.root(), {}));
  REQUIRE(tree);
  CHECK(fixture.repo.git({"show", *tree + ":a.txt"}) == "one");
  CHECK_FALSE(fs::exists(proof));
}
