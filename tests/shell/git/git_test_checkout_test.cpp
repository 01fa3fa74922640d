// The worktree in which a candidate is tested.
#include "catch.hpp"
#include "fixture.hpp"

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

TEST_CASE("the worktree for tests is exactly the commit, again and again") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "cache/\n*.o\n");
  fixture.repo.commit("ignore");
  git::TestCheckoutRequest request;
  request.path = fixture.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.keep = {"cache"};
  request.commit = fixture.id("main");
  const auto first = fixture.wait(fixture.git.check_out_for_tests(request));
  REQUIRE(first);
  CHECK(*first == fixture.repo.id("main^{tree}"));

  const CommitId work = fixture.worktree_with("T1", "README.md", "changed\n");
  fixture.repo.write(request.path / "cache/x", "kept\n");
  fixture.repo.write(request.path / "x.o", "x");
  fixture.repo.write(request.path / "left over", "x");
  fixture.repo.write(request.path / "README.md", "dirtied\n");
  fixture.repo.git({"init", "-q", request.path / "inner"});
  fixture.repo.git_in(request.path, {"switch", "-q", "-c", "by-a-test"});
  request.commit = work;
  const auto second = fixture.wait(fixture.git.check_out_for_tests(request));
  REQUIRE(second);
  CHECK(*second == fixture.repo.id(work.value + "^{tree}"));
  CHECK(fixture.repo.read(request.path / "README.md") == "changed\n");
  CHECK(fixture.repo.read(request.path / "cache/x") == "kept\n");
  CHECK(fixture.repo.git_in(request.path, {"status", "--porcelain", "--ignored"}) == "!! cache/");
  CHECK(fixture.repo.git_in(request.path, {"branch", "--show-current"}).empty());
  CHECK(fixture.repo.id("by-a-test") == fixture.repo.id("main"));
}

TEST_CASE("the worktree for tests survives what tests do to it") {
  Fixture fixture;
  git::TestCheckoutRequest request;
  request.path = fixture.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.commit = fixture.id("main");
  REQUIRE(fixture.wait(fixture.git.check_out_for_tests(request)));
  const std::vector<std::function<void()>> harm = {
      [&] { fs::remove(request.path / ".git"); },
      [&] {
        fs::remove(request.path / ".git");
        fixture.repo.git({"init", "-q", request.path});
      },
      [&] { fs::remove_all(request.path); },
      [&] { fixture.repo.write(fixture.repo.root() / ".git/worktrees/tests/index.lock", ""); },
      [&] { fs::remove(fixture.repo.root() / ".git/worktrees/tests/index"); },
      [&] { fixture.repo.write(fixture.repo.root() / ".git/worktrees/tests/MERGE_HEAD", "x"); },
  };
  for (const auto& damage : harm) {
    damage();
    const auto exact = fixture.wait(fixture.git.check_out_for_tests(request));
    REQUIRE(exact);
    CHECK(fixture.repo.git_in(request.path, {"status", "--porcelain", "--ignored"}).empty());
  }
}

TEST_CASE("tests that change the tree are noticed, caches and ignored files are not") {
  Fixture fixture;
  fixture.repo.write(".gitignore", "*.o\n");
  fixture.repo.commit("ignore");
  git::TestCheckoutRequest request;
  request.path = fixture.repo.worktree("tests");
  request.reason = "tmux-orch run=1 tests";
  request.commit = fixture.id("main");
  const auto tree = fixture.wait(fixture.git.check_out_for_tests(request));
  REQUIRE(tree);
  fixture.repo.write(request.path / "x.o", "x");
  fixture.repo.write(request.path / "cache/x", "x");
  CHECK(*fixture.wait(fixture.git.tree_now(request.path, {"cache"})) == *tree);
  CHECK(*fixture.wait(fixture.git.tree_now(request.path, {})) != *tree);
  fs::remove_all(request.path / "cache");
  // Same size, same second: only the content differs.
  fixture.repo.write(request.path / "README.md", "hallo\n");
  CHECK(*fixture.wait(fixture.git.tree_now(request.path, {})) != *tree);
}
