// The base is merged into a task's worktree, and nothing that is there is lost.
#include "bring_fixture.hpp"
#include "catch.hpp"

using namespace orch;
using namespace orch::test;
using How = orch::git::BroughtBase::How;
namespace fs = std::filesystem;

namespace {

git::BroughtBase bring(Fixture& fixture, const git::BringRequest& request) {
  const auto brought = fixture.wait(fixture.git.bring_base(request));
  if (!brought) throw std::runtime_error(brought.error().what);
  return *brought;
}

}  // namespace

TEST_CASE("a base that does not conflict is merged, and the commits so far stay") {
  Fixture fixture;
  const git::BringRequest request = work_behind(fixture, "T1", "a", false);
  CHECK(bring(fixture, request).how == How::Merged);
  CHECK(fixture.repo.git_in(request.worktree, {"status", "--porcelain"}).empty());
  CHECK(fixture.repo.id("orch/T1^1") == request.work.value);
  CHECK(fixture.repo.id("orch/T1^2") == request.base.value);
  CHECK(fixture.repo.git({"log", "-1", "--format=%an %s", "orch/T1"}) == "A Person Merge main");
  CHECK(fixture.repo.id("refs/orch/rescue/T1") == request.work.value);
  // Once more: it is there.
  CHECK(bring(fixture, request).how == How::Merged);
  CHECK(fixture.repo.id("orch/T1^1") == request.work.value);
}

TEST_CASE("where it conflicts the merge is under way, with marks in the files") {
  Fixture fixture;
  const git::BringRequest request = work_behind(fixture, "T1", "a", true);
  const git::BroughtBase brought = bring(fixture, request);
  CHECK(brought.how == How::Conflicts);
  CHECK(brought.conflicts == std::vector<std::string>{"a"});
  const std::string text = fixture.repo.read(request.worktree / "a");
  CHECK(text.find("<<<<<<< ") != std::string::npos);
  CHECK(text.find("theirs") != std::string::npos);
  CHECK(fixture.repo.id("orch/T1") == request.work.value);
  CHECK(fixture.repo.id("refs/orch/rescue/T1") == request.work.value);
  const git::BroughtBase again = bring(fixture, request);
  CHECK(again.how == How::Conflicts);
  CHECK(again.conflicts == brought.conflicts);
}

TEST_CASE("what both sides made of a file is told, and what brought the other one") {
  Fixture fixture;
  const git::BringRequest request = work_behind(fixture, "T1", "README.md", true);
  const auto sides =
      fixture.wait(fixture.git.sides_of(request.work, request.base, {"README.md", "none"}, 1, 3));
  REQUIRE(sides);
  REQUIRE(sides->size() == 1);
  CHECK(sides->front().path == "README.md");
  CHECK(sides->front().own.back() == "+mine");
  CHECK(sides->front().others.back() == "+theirs of T1");
  CHECK(sides->front().by == std::vector<std::string>{"T0: theirs"});
}

TEST_CASE("nothing is merged over what an agent or a person has there") {
  Fixture fixture;
  const git::BringRequest request = work_behind(fixture, "T1", "a", false);
  std::string why;
  SECTION("a change") {
    fixture.repo.write(request.worktree / "a", "draft\n");
    why = "it has changes that are in no commit";
  }
  SECTION("a new file") {
    fixture.repo.write(request.worktree / "new", "draft\n");
    why = "it has changes that are in no commit";
  }
  SECTION("a commit") {
    fixture.repo.write(request.worktree / "new", "more\n");
    fixture.repo.commit_in(request.worktree, "more");
    why = "it has other commits than those that did not land";
  }
  SECTION("another branch") {
    fixture.repo.git_in(request.worktree, {"switch", "-q", "-c", "own"});
    why = "it is on another branch than its own";
  }
  SECTION("a search of its own") {
    fixture.repo.git_in(request.worktree, {"bisect", "start"});
    why = "it is in the middle of a bisect";
  }
  const std::string head = fixture.repo.id("orch/T1");
  const git::BroughtBase brought = bring(fixture, request);
  CHECK(brought.how == How::NotDone);
  CHECK(brought.why == why);
  CHECK(fixture.repo.id("orch/T1") == head);
}

TEST_CASE("an ignored file in the way is not written over") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "secret\n");
  fixture.repo.commit("ignore");
  git::BringRequest request = work_behind(fixture, "T1", "a", false);
  fixture.repo.write("secret", "DEFAULT\n");
  fixture.repo.git({"add", "-f", "secret"});
  fixture.repo.commit("secret");
  request.base = fixture.id("main");
  fixture.repo.write(request.worktree / "secret", "MINE\n");
  const git::BroughtBase brought = bring(fixture, request);
  CHECK(brought.how == How::NotDone);
  CHECK(brought.why == "secret is in the way");
  CHECK(fixture.repo.read(request.worktree / "secret") == "MINE\n");
}
