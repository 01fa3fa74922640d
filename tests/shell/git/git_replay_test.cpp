// Commits of a branch made once more on another commit.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/replay.hpp"

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

/// The branch of a worktree with a commit for each text of the file.
CommitId grown(Fixture& fixture, const std::string& file, const std::vector<std::string>& texts) {
  const fs::path worktree = fixture.repo.worktree("grown");
  if (!fixture.wait(fixture.git.ensure_worktree(fixture.spec("grown"))))
    throw std::runtime_error("no worktree");
  for (const std::string& text : texts) {
    fixture.repo.write(worktree / file, text);
    fixture.repo.commit_in(worktree, "change " + file + "\n\nSigned-off-by: A <a@b>");
  }
  return CommitId{fixture.repo.git_in(worktree, {"rev-parse", "HEAD"})};
}

std::optional<git::Candidate> landed(Fixture& fixture, const CommitId& branch) {
  git::LandingRequest request;
  request.onto = fixture.id("main");
  request.branch = branch;
  request.message = "T1: a task\n\nOrch-Task: T1\n";
  request.part_trailer = "Orch-Part: T1\n";
  request.identity = {"Us", "us@localhost"};
  request.candidate_ref = "refs/orch/cand/r/T1";
  const auto landing = fixture.wait(fixture.git.prepare_landing(request));
  if (!landing || !std::holds_alternative<git::Candidate>(*landing)) return std::nullopt;
  return std::get<git::Candidate>(*landing);
}

}  // namespace

TEST_CASE("trailers join those that a message has") {
  CHECK(git::with_trailers("a\n", "B: c\n") == "a\n\nB: c\n");
  CHECK(git::with_trailers("a\n\nText.\n", "B: c\n") == "a\n\nText.\n\nB: c\n");
  CHECK(git::with_trailers("a\n\nD-e: f\n", "B: c\n") == "a\n\nD-e: f\nB: c\n");
  CHECK(git::with_trailers("d: e\n", "B: c\n") == "d: e\n\nB: c\n");
}

TEST_CASE("commits land one after the other on what has landed meanwhile") {
  Fixture fixture;
  const CommitId branch = grown(fixture, "a", {"1\n", "2\n", "3\n"});
  fixture.repo.write("b", "b\n");
  fixture.repo.commit("meanwhile");
  const CommitId onto = fixture.id("main");
  const auto candidate = landed(fixture, branch);
  REQUIRE(candidate);
  const auto commits = fixture.wait(fixture.git.first_parents(onto, candidate->commit));
  REQUIRE(commits);
  REQUIRE(commits->size() == 3);
  CHECK_FALSE(commits->at(0).is_part);
  CHECK(commits->at(1).is_part);
  CHECK(commits->at(0).tree == candidate->tree);
  CHECK(commits->at(0).subject == "change a");
  CHECK(fixture.repo.git({"show", candidate->commit.value + ":b"}) == "b");
  CHECK(fixture.repo.git({"show", candidate->commit.value + "~1:a"}) == "2");
}

TEST_CASE("a change of the same file further down is merged commit by commit") {
  Fixture fixture;
  std::string text;
  for (int line = 0; line < 30; ++line)
    text += fmt::format("{}\n", line);
  fixture.repo.write("a", text);
  fixture.repo.commit("lines");
  const CommitId branch = grown(fixture, "a", {"top\n" + text, "top\nmore\n" + text});
  fixture.repo.write("a", text + "end\n");
  fixture.repo.commit("meanwhile");
  const CommitId onto = fixture.id("main");
  const auto candidate = landed(fixture, branch);
  REQUIRE(candidate);
  const auto commits = fixture.wait(fixture.git.first_parents(onto, candidate->commit));
  REQUIRE(commits);
  CHECK(commits->size() == 2);
  CHECK(fixture.repo.git({"show", candidate->commit.value + ":a"}) == "top\nmore\n" + text + "end");
}

TEST_CASE("a conflict of the whole is a conflict") {
  Fixture fixture;
  const CommitId branch = grown(fixture, "README.md", {"1\n"});
  fixture.repo.write("README.md", "other\n");
  fixture.repo.commit("meanwhile");
  CHECK_FALSE(landed(fixture, branch));
}
