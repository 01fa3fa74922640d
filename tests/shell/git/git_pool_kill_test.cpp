// What the pool does is finished after a kill.
#include "catch.hpp"
#include "git/locks.hpp"
#include "git/slot.hpp"
#include "kills.hpp"

#include <map>

using namespace orch;
using namespace orch::test;
namespace fs = std::filesystem;

namespace {

git::PoolPlan pool_of(const Fixture& fixture) {
  return {fixture.repo.root() / ".worktrees/.pool", 3, fixture.id("main"), {}};
}

/// As a clean-up does it: what is there is saved, then the worktree is parked.
void park(Fixture& on, const std::string& task) {
  git::RescueRequest rescue = on.rescue(task);
  rescue.known = {on.id("main")};
  const auto saved = on.wait(on.git.rescue(rescue));
  REQUIRE(saved);
  git::RemoveRequest request;
  request.path = on.repo.worktree(task);
  request.branch = "orch/" + task;
  request.reason = on.spec(task).reason;
  request.safe = {on.id("main"), saved->commit};
  request.saved = saved->commit;
  request.seen = saved->seen;
  request.pool = pool_of(on);
  REQUIRE(on.wait(on.git.remove_worktree(request)));
}

void lease(Fixture& on, const std::string& task) {
  git::WorktreeSpec spec = on.spec(task);
  spec.pool = pool_of(on);
  REQUIRE(on.wait(on.git.ensure_worktree(spec)));
}

}  // namespace

TEST_CASE("a lease that was killed is finished, and gives a whole worktree") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".worktrees\n");
  many_files(fixture);
  lease(fixture, task_of(0));
  bombard(
      fixture, {"git.slot_taken", "git.slot_leased", "git.slot_moved", "git.slot_branch"},
      [&](int round) {
        park(fixture, task_of(round - 1));
        fixture.repo.write("src/file7", task_of(round));
        fixture.repo.commit("main goes on");
      },
      [](int round) -> Deed { return [round](Fixture& on) { lease(on, task_of(round)); }; },
      [&](int round) {
        const auto spec = fixture.spec(task_of(round));
        const auto status = fixture.wait(fixture.git.look_at(spec.path));
        REQUIRE(status);
        CHECK(status->branch == spec.branch);
        CHECK(status->head == spec.start);
        REQUIRE(status->files);
        CHECK(status->files->is_spotless());
        CHECK(fixture.repo.read(spec.path / "src/file7") == task_of(round));
        check_sound(fixture);
      });
}

TEST_CASE("a slot that was being prepared is made anew after a kill") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".worktrees\n");
  many_files(fixture);
  const bool is_made = GENERATE(true, false);
  const auto prepare = [](Fixture& on) {
    const git::PoolPlan pool = pool_of(on);
    const auto done =
        on.wait(on.git.prepare_slot(pool, {1, 1}, on.repo.root() / ".worktrees/.trash"));
    REQUIRE(done);
  };
  const std::vector<const char*> makes = {"git.worktree_add",        "git.worktree_registering",
                                          "git.worktree_registered", "git.worktree_folder",
                                          "git.worktree_added",      "git.slot_making",
                                          "git.worktree_fill",       "git.slot_made"};
  const std::vector<const char*> brings = {"git.slot_bringing", "git.slot_brought"};
  bombard(
      fixture, is_made ? makes : brings,
      [&](int round) {
        if (is_made && round > 1) lease(fixture, task_of(round));
        if (!is_made) prepare(fixture);
        fixture.repo.write("src/file7", task_of(round));
        fixture.repo.commit("main goes on");
      },
      [&](int) -> Deed { return prepare; },
      [&](int round) {
        // A git that outlived its program may have made a slot meanwhile, which goes with the next.
        prepare(fixture);
        const std::vector<git::Slot> slots =
            git::slots_in(fixture.repo.root() / ".git", pool_of(fixture).folder);
        REQUIRE(slots.size() == 1);
        CHECK(slots.front().is_parked());
        CHECK(slots.front().note.commit == fixture.id("main"));
        const fs::path slot = slots.front().registration.path;
        CHECK(
            fixture.repo.git_in(slot, {"--no-optional-locks", "status", "--porcelain", "--ignored"})
                .empty());
        CHECK(fixture.repo.read(slot / "src/file7") == task_of(round));
        check_sound(fixture);
      });
}

TEST_CASE("a parking that was killed is finished, with nothing lost and nothing saved twice") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".worktrees\n*.log\n");
  many_files(fixture);
  bombard(
      fixture, {"git.slot_park", "git.slot_parking", "git.slot_home"},
      [&](int round) {
        lease(fixture, task_of(round));
        const fs::path worktree = fixture.repo.worktree(task_of(round));
        if (round % 2 == 0) fixture.repo.write(worktree / "src/file5", task_of(round));
        if (round % 5 == 0) fixture.repo.write(worktree / "keep.log", task_of(round));
      },
      [](int round) -> Deed { return [round](Fixture& on) { park(on, task_of(round)); }; },
      [&](int round) {
        git::clear_stale_ref_locks(fixture.repo.root() / ".git", fixture.repo.root(),
                                   {"refs/heads/orch/" + task_of(round)}, Span(0));
        CHECK_FALSE(fs::exists(fixture.repo.worktree(task_of(round))));
        CHECK_FALSE(
            fixture.repo.git_says_yes({"rev-parse", "-q", "--verify", "orch/" + task_of(round)}));
        const std::string refs = fixture.repo.git(
            {"for-each-ref", "--format=%(refname)", "refs/orch/rescue/" + task_of(round) + "*"});
        CHECK(refs == (round % 2 == 0 ? "refs/orch/rescue/" + task_of(round) : std::string()));
        if (round % 2 == 0)
          CHECK(fixture.repo.git({"show", "refs/orch/rescue/" + task_of(round) + ":src/file5"}) ==
                task_of(round));
        check_sound(fixture);
      });
}

TEST_CASE("a set-up that was killed is done by the next try, and what it made is known") {
  Fixture fixture;
  fixture.repo.write(".gitignore", ".worktrees\ndeps\n");
  many_files(fixture);
  lease(fixture, task_of(0));
  const auto trash = fixture.repo.root() / ".worktrees/.trash";
  const auto set_up = [&trash](Fixture& on, const std::string& task) {
    lease(on, task);
    const fs::path worktree = on.repo.worktree(task);
    const auto there = on.wait(on.git.has_made(worktree, task, trash));
    REQUIRE(there);
    if (*there) return;
    for (int i = 0; i < 50; ++i)
      on.repo.write(worktree / "deps" / std::to_string(i), task);
    REQUIRE(on.wait(on.git.list_made({worktree, task, {}, {}})));
  };
  set_up(fixture, task_of(0));
  bombard(
      fixture, {"git.made_gone", "git.made_listed"},
      [&](int round) { park(fixture, task_of(round - 1)); },
      [&](int round) -> Deed {
        return [&set_up, round](Fixture& on) { set_up(on, task_of(round)); };
      },
      [&](int round) {
        const fs::path worktree = fixture.repo.worktree(task_of(round));
        for (int i = 0; i < 50; ++i)
          CHECK(fixture.repo.read(worktree / "deps" / std::to_string(i)) == task_of(round));
        const auto there = fixture.wait(fixture.git.has_made(worktree, task_of(round), trash));
        REQUIRE(there);
        CHECK(*there);
        check_sound(fixture);
      });
}

TEST_CASE("a checkout of the user's whose fast-forward was killed comes along") {
  Fixture fixture;
  many_files(fixture);
  fixture.repo.write(".gitignore", ".worktrees\n");
  fixture.repo.commit("ignore");
  CommitId target;
  bombard(
      fixture, {"git.follow"},
      [&](int round) {
        fixture.worktree_with(task_of(round), "file-of-" + task_of(round), task_of(round));
        const fs::path worktree = fixture.repo.worktree(task_of(round));
        for (int i = 0; i < 300; ++i)
          fixture.repo.write(worktree / ("src/file" + std::to_string(i)), task_of(round));
        target = CommitId{fixture.repo.commit_in(worktree, "work")};
        fixture.repo.write("notes", "being written\n");
      },
      [&](int) -> Deed {
        return [target](Fixture& on) {
          git::FollowRequest request;
          request.branch = "main";
          request.target = target;
          const auto followed = on.wait(on.git.follow(request));
          REQUIRE(followed);
          if (const auto* unsafe = std::get_if<git::NotSafe>(&*followed)) FAIL(unsafe->why);
        };
      },
      [&](int round) {
        CHECK(fixture.id("main") == target);
        CHECK(fixture.repo.read("src/file299") == task_of(round));
        CHECK(fixture.repo.git({"status", "--porcelain"}) == "?? notes");
        check_sound(fixture);
      });
}

TEST_CASE("a worktree for tests whose checkout was killed is exact after the next") {
  Fixture fixture;
  many_files(fixture);
  const CommitId first = fixture.id("main");
  for (int i = 0; i < 300; ++i)
    fixture.repo.write("src/file" + std::to_string(i), "other\n");
  const CommitId second{fixture.repo.commit("other")};
  bombard(
      fixture,
      {"git.worktree_add", "git.worktree_registering", "git.worktree_registered",
       "git.worktree_folder", "git.worktree_added", "git.test_checkout"},
      [](int) {},
      [&](int round) -> Deed {
        return [round, &first, &second](Fixture& on) {
          git::TestCheckoutRequest request;
          request.path = on.repo.worktree("tests-" + std::to_string(round % 5));
          request.reason = "tmux-orch run=1 tests";
          request.commit = round % 2 == 0 ? first : second;
          const auto tree = on.wait(on.git.check_out_for_tests(request));
          REQUIRE(tree);
          CHECK(*tree == on.repo.id(request.commit.value + "^{tree}"));
        };
      },
      [&](int round) {
        const fs::path path = fixture.repo.worktree("tests-" + std::to_string(round % 5));
        CHECK(fixture.repo.git_in(path, {"status", "--porcelain", "--ignored"}).empty());
        check_sound(fixture);
      });
}
