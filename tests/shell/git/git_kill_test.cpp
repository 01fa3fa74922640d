// Worktrees, landings and rescues are finished after a kill.
#include "catch.hpp"
#include "kills.hpp"

#include <map>

using namespace orch;
using namespace orch::test;
namespace fs = std::filesystem;

namespace {

/// Three failpoints and fifteen moments.
void kill_landings(unsigned seed) {
  Fixture fixture;
  many_files(fixture);
  REQUIRE(fixture.wait(fixture.git.ensure_branch("orch/int", fixture.id("main"))));
  std::map<int, CommitId> onto;
  bombard(
      fixture, {"git.candidate", "git.land", "git.landed"},
      [&](int round) {
        onto[round] = fixture.id("orch/int");
        fixture.worktree_with(task_of(round), "file-of-" + task_of(round), "work\n");
      },
      [&](int round) -> Deed {
        return [round, base = onto[round]](Fixture& on) {
          // As the supervisor does: a candidate under its ref is used again.
          const std::string ref = "refs/orch/cand/" + task_of(round);
          auto candidate = on.wait(on.git.ref(ref));
          REQUIRE(candidate);
          if (!*candidate) {
            auto request = on.landing(on.id("orch/" + task_of(round)));
            request.onto = base;
            request.candidate_ref = ref;
            request.task_file = git::TaskFile{
                "tasks.md",
                [round](std::string_view text) -> Result<std::string> {
                  return std::string(text) + "- [x] " + task_of(round) + "\n";
                },
                [](std::string_view text, std::string_view) { return std::string(text); }};
            const auto landing = on.wait(on.git.prepare_landing(request));
            REQUIRE(landing);
            *candidate = std::get<git::Candidate>(*landing).commit;
          }
          const auto landed = on.wait(on.git.land("refs/heads/orch/int", **candidate, base));
          REQUIRE(landed);
          REQUIRE(std::holds_alternative<git::Landed>(*landed));
        };
      },
      [&](int round) {
        CHECK(fixture.repo.git({"rev-list", "--first-parent", "--count",
                                onto[round].value + "..orch/int"}) == "1");
        CHECK(fixture.repo.git({"show", "orch/int:file-of-" + task_of(round)}) == "work");
        CHECK(fixture.repo.git({"show", "orch/int:tasks.md"}).ends_with("- [x] " + task_of(round)));
        check_sound(fixture);
      },
      seed);
}

}  // namespace

TEST_CASE("a worktree whose creation was killed is made by the next try") {
  Fixture fixture;
  many_files(fixture);
  bombard(
      fixture,
      {"git.worktree_add", "git.worktree_registering", "git.worktree_registered",
       "git.worktree_folder", "git.worktree_added", "git.worktree_checkout"},
      [](int) {},
      [](int round) -> Deed {
        return [round](Fixture& on) {
          const auto made = on.wait(on.git.ensure_worktree(on.spec(task_of(round))));
          REQUIRE(made);
        };
      },
      [&](int round) {
        const auto spec = fixture.spec(task_of(round));
        const auto status = fixture.wait(fixture.git.status_of(spec.path));
        REQUIRE(status);
        CHECK(status->branch == spec.branch);
        CHECK(status->head == spec.start);
        CHECK(status->changes.count == 0);
        CHECK(fixture.repo.git_in(spec.path, {"ls-files"}).size() > 300 * 9);
        const auto worktrees = fixture.wait(fixture.git.list_worktrees());
        REQUIRE(worktrees);
        CHECK(worktrees->size() == static_cast<std::size_t>(round) + 1);
        check_sound(fixture);
      });
}

TEST_CASE("a sparse worktree whose creation was killed has its folders and no more") {
  Fixture fixture;
  many_files(fixture);
  for (const char* name : {"in/a", "out/b"})
    fixture.repo.write(fixture.repo.root() / name, name);
  fixture.repo.commit("folders");
  REQUIRE(fixture.wait(fixture.git.let_worktrees_be_sparse()));
  bombard(
      fixture,
      {"git.worktree_registered", "git.worktree_added", "git.worktree_sparse",
       "git.worktree_checkout"},
      [](int) {},
      [](int round) -> Deed {
        return [round](Fixture& on) {
          git::WorktreeSpec spec = on.spec(task_of(round));
          spec.sparse = {"in"};
          REQUIRE(on.wait(on.git.ensure_worktree(spec)));
        };
      },
      [&](int round) {
        const fs::path worktree = fixture.repo.worktree(task_of(round));
        CHECK(fixture.repo.git_in(worktree, {"status", "--porcelain"}).empty());
        CHECK(fixture.repo.read(worktree / "in/a") == "in/a");
        CHECK_FALSE(fs::exists(worktree / "out"));
        check_sound(fixture);
      });
}

TEST_CASE("a landing that was killed lands exactly once") {
  kill_landings(4711);
}

// More than 150 kills: takes a minute, so it is run by its tag.
TEST_CASE("landings that are killed at many moments land exactly once", "[.many]") {
  kill_landings(GENERATE(range(1U, 10U)));
}

TEST_CASE("a removal that was killed is finished") {
  Fixture fixture;
  many_files(fixture);
  bombard(
      fixture, {"git.worktree_remove", "git.worktree_trashed", "git.sweep", "git.branch_remove"},
      [&](int round) { fixture.worktree_with(task_of(round), "a", "a\n"); },
      [&](int round) -> Deed {
        const CommitId work = fixture.repo.git_says_yes({"rev-parse", "-q", "--verify",
                                                         "refs/heads/orch/" + task_of(round)})
                                  ? fixture.id("orch/" + task_of(round))
                                  : fixture.id("main");
        return [round, work](Fixture& on) {
          const auto spec = on.spec(task_of(round));
          git::RemoveRequest request;
          request.path = spec.path;
          request.branch = spec.branch;
          request.reason = spec.reason;
          request.safe = {work};
          const auto removed = on.wait(on.git.remove_worktree(request));
          REQUIRE(removed);
        };
      },
      [&](int round) {
        CHECK_FALSE(fs::exists(fixture.repo.worktree(task_of(round))));
        CHECK_FALSE(fixture.repo.git_says_yes(
            {"rev-parse", "-q", "--verify", "refs/heads/orch/" + task_of(round)}));
        CHECK_FALSE(fs::exists(fixture.repo.root() / ".git/worktrees" / task_of(round)));
        check_sound(fixture);
      });
}

TEST_CASE("a worktree whose removal was killed can be used again") {
  Fixture fixture;
  many_files(fixture);
  const auto spec = fixture.spec("T1");
  for (const char* failpoint :
       {"git.worktree_remove", "git.worktree_trashed", "git.sweep", "git.branch_remove"}) {
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
    const Deed removal = [&](Fixture& on) {
      git::RemoveRequest request;
      request.path = spec.path;
      request.branch = spec.branch;
      request.reason = spec.reason;
      request.safe = {spec.start};
      (void)on.wait(on.git.remove_worktree(request));  // it is killed
    };
    REQUIRE(ended_by_kill(start(fixture, removal, failpoint)));
    fs::remove(spec.path / "README.md");
    auto again = spec;
    again.branch_ours = true;
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(again)));
    CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
  }
}

TEST_CASE("a reset that was killed is finished") {
  Fixture fixture;
  many_files(fixture);
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  CommitId expected;
  bombard(
      fixture,
      {"git.worktree_reset", "git.worktree_clean", "git.worktree_cleaned", "git.sweep",
       "git.worktree_refill"},
      [&](int round) {
        for (int i = 0; i < 200; ++i)
          fixture.repo.write(spec.path / ("src/file" + std::to_string(i)), task_of(round));
        fs::remove(spec.path / "src/file299");
        expected = CommitId{fixture.repo.commit_in(spec.path, "work")};
        fixture.repo.git({"update-ref", "refs/orch/rescue/" + task_of(round), expected.value});
      },
      [&](int) -> Deed {
        return [&spec, expected](Fixture& on) {
          git::ResetRequest request;
          request.path = spec.path;
          request.branch = spec.branch;
          request.reason = spec.reason;
          request.commit = spec.start;
          request.expected = expected;
          const auto reset = on.wait(on.git.reset_worktree(request));
          REQUIRE(reset);
        };
      },
      [&](int) {
        CHECK(fixture.id("orch/T1") == spec.start);
        CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
        check_sound(fixture);
      });
}

TEST_CASE("a rescue and a commit that were killed are finished, with nothing lost") {
  Fixture fixture;
  many_files(fixture);
  const auto spec = fixture.spec("T1");
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec)));
  bombard(
      fixture, {"git.rescue", "git.commit_all"},
      [&](int round) {
        for (int i = 0; i < 100; ++i)
          fixture.repo.write(spec.path / ("src/file" + std::to_string(i)), task_of(round));
      },
      [&](int round) -> Deed {
        return [&spec, round](Fixture& on) {
          git::RescueRequest request;
          request.worktree = spec.path;
          request.branch = spec.branch;
          request.ref = "refs/orch/rescue/" + task_of(round);
          const auto saved = on.wait(on.git.rescue(request));
          REQUIRE(saved);
          const git::Identity identity{"A Person", "a@b", false};
          const auto commit =
              on.wait(on.git.commit_all({spec.path, task_of(round), identity, false, {}}));
          REQUIRE(commit);
        };
      },
      [&](int round) {
        CHECK(fixture.repo.git({"show", "refs/orch/rescue/" + task_of(round) + ":src/file99"}) ==
              task_of(round));
        CHECK(fixture.repo.git({"show", "orch/T1:src/file99"}) == task_of(round));
        CHECK(fixture.repo.git_in(spec.path, {"status", "--porcelain"}).empty());
        check_sound(fixture);
      });
}
