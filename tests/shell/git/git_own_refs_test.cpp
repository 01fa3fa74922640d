// The refs that runs leave, and taking them away.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;

TEST_CASE("refs of runs are listed with age and whether the base has them, and dropped at once") {
  Fixture fixture;
  const git::LandingRequest landing = fixture.landing(fixture.worktree_with("T1", "a", "a\n"));
  REQUIRE(fixture.wait(fixture.git.prepare_landing(landing)));
  fixture.repo.git({"branch", "tmux-orch/1", "main"});
  fixture.repo.git({"branch", "tmux-orch/2", "main"});
  const std::vector<std::string> patterns = {"refs/orch/cand", "refs/heads/tmux-orch/1",
                                             "refs/heads/tmux-orch/2"};
  const auto refs = fixture.wait(fixture.git.own_refs(patterns, fixture.id("main")));
  REQUIRE(refs);
  REQUIRE(refs->size() == 3);
  CHECK((*refs)[0].name == "refs/heads/tmux-orch/1");
  CHECK((*refs)[0].merged);
  CHECK((*refs)[2].name == "refs/orch/cand/T1");
  CHECK((*refs)[2].committed_s > 1'000'000'000);
  CHECK_FALSE((*refs)[2].merged);

  fixture.repo.git({"worktree", "add", "-q", fixture.repo.worktree("look"), "tmux-orch/2"});
  CHECK(*fixture.wait(fixture.git.drop_refs(*refs)) == 2);  // what is checked out stays
  const auto left = fixture.wait(fixture.git.own_refs(patterns, fixture.id("main")));
  REQUIRE(left->size() == 1);
  CHECK(left->front().name == "refs/heads/tmux-orch/2");
}

TEST_CASE("a ref that moved after it was seen is not dropped") {
  Fixture fixture;
  fixture.repo.git({"branch", "tmux-orch/1", "main"});
  auto refs = fixture.wait(fixture.git.own_refs({"refs/heads/tmux-orch/1"}, fixture.id("main")));
  REQUIRE(refs);
  fixture.repo.commit("later");
  fixture.repo.git({"branch", "-f", "tmux-orch/1", "main"});
  CHECK_FALSE(fixture.wait(fixture.git.drop_refs(*refs)));
  CHECK(fixture.repo.id("tmux-orch/1") == fixture.repo.id("main"));
}
