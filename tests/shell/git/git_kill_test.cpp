// The supervisor is killed at any instant of an operation; the same operation run again leads to
// the same end.
//
// Each round forks a process that runs the operation and kills it: at each of its failpoints, then
// at moments spread over the time it takes. Its gits die with it or end by themselves.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/slot.hpp"
#include "orch/base/failpoint.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>

/// In the place of the library's, which reads the environment once: here a fork decides.
void orch::failpoint(std::string_view name) {
  const char* const armed = std::getenv("TMUX_ORCH_FAILPOINT");
  if (armed != nullptr && name == armed) ::kill(::getpid(), SIGKILL);
}

using namespace orch;
using orch::test::Fixture;
namespace fs = std::filesystem;

namespace {

constexpr int kKills = 15;

/// What the process under fire does, with a loop and an adapter of its own.
using Deed = std::function<void(Fixture&)>;

/// Runs the deed in a child with a loop of its own; never returns there.
pid_t start(Fixture& fixture, const Deed& deed, const char* failpoint) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setpgid(0, 0);
  if (failpoint != nullptr) ::setenv("TMUX_ORCH_FAILPOINT", failpoint, 1);
  try {
    Fixture mine(fixture.repo);
    deed(mine);
    ::_exit(0);
  } catch (...) {
    // A failed REQUIRE: the test's own code must not go on twice.
    ::_exit(3);
  }
}

/// True if the kill came before the end.
bool ended_by_kill(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  const bool killed = WIFSIGNALED(status);
  if (!killed) REQUIRE(WEXITSTATUS(status) == 0);
  return killed;
}

void sleep_for(std::chrono::nanoseconds span) {
  const timespec wait{static_cast<time_t>(span.count() / 1'000'000'000),
                      static_cast<long>(span.count() % 1'000'000'000)};
  ::nanosleep(&wait, nullptr);
}

/// The same deed by the next program, in this process so that its checks are the test's. It comes
/// an hour later, so that only what is still at work speaks for a lock.
void finish(Fixture& fixture, const Deed& deed) {
  std::error_code gone;
  for (fs::recursive_directory_iterator entry(fixture.repo.root() / ".git", gone), end;
       !gone && entry != end; entry.increment(gone)) {
    std::error_code ignored;
    if (entry->path().extension() == ".lock")
      fs::last_write_time(entry->path(), fs::file_time_type::clock::now() - std::chrono::hours(1),
                          ignored);
  }
  Fixture next(fixture.repo);
  deed(next);
}

/// `prepare` brings the repository into the state before the deed, `check` looks at it after the
/// deed was killed and then done in full by this process.
void bombard(Fixture& fixture, const std::vector<const char*>& failpoints,
             const std::function<void(int)>& prepare, const std::function<Deed(int)>& deed_of,
             const std::function<void(int)>& check) {
  int round = 0;
  for (const char* failpoint : failpoints) {
    prepare(++round);
    INFO(failpoint);
    REQUIRE(ended_by_kill(start(fixture, deed_of(round), failpoint)));
    finish(fixture, deed_of(round));
    check(round);
  }
  prepare(++round);
  const auto begun = std::chrono::steady_clock::now();
  REQUIRE_FALSE(ended_by_kill(start(fixture, deed_of(round), nullptr)));
  const auto whole = std::chrono::steady_clock::now() - begun;
  check(round);

  std::mt19937 random(4711);
  std::uniform_real_distribution<double> part(0.0, 1.0);
  int killed = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    prepare(++round);
    const pid_t pid = start(fixture, deed_of(round), nullptr);
    sleep_for(std::chrono::duration_cast<std::chrono::nanoseconds>(whole * part(random)));
    ::kill(pid, SIGKILL);
    killed += ended_by_kill(pid) ? 1 : 0;
    finish(fixture, deed_of(round));
    check(round);
  }
  CHECK(killed > 0);
}

std::string task_of(int round) {
  return "T" + std::to_string(round);
}

/// No remains: git finds nothing wrong, no lock and no scratch file lies around.
void check_sound(Fixture& fixture) {
  REQUIRE(fixture.repo.git_says_yes({"fsck", "--no-dangling", "--no-progress"}));
  for (fs::recursive_directory_iterator entry(fixture.repo.root() / ".git"), end; entry != end;
       ++entry) {
    INFO(entry->path());
    CHECK(entry->path().extension() != ".lock");
  }
}

void many_files(Fixture& fixture) {
  for (int i = 0; i < 300; ++i)
    fixture.repo.write("src/file" + std::to_string(i), std::string(2000, 'x'));
  fixture.repo.write("tasks.md", "- [ ] a task\n");
  fixture.repo.commit("many files");
}

}  // namespace

TEST_CASE("a worktree whose creation was killed is made by the next try") {
  Fixture fixture;
  many_files(fixture);
  bombard(
      fixture, {"git.worktree_add", "git.worktree_added", "git.worktree_checkout"}, [](int) {},
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

TEST_CASE("a landing that was killed lands exactly once") {
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
      });
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
  const std::vector<const char*> makes = {"git.worktree_add", "git.worktree_added",
                                          "git.slot_making", "git.worktree_fill", "git.slot_made"};
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
        if (round % 3 == 0) fixture.repo.write(worktree / "keep.log", task_of(round));
      },
      [](int round) -> Deed { return [round](Fixture& on) { park(on, task_of(round)); }; },
      [&](int round) {
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
      fixture, {"git.worktree_add", "git.worktree_added", "git.test_checkout"}, [](int) {},
      [&](int round) -> Deed {
        return [round, &first, &second](Fixture& on) {
          git::TestCheckoutRequest request;
          request.path = on.repo.worktree("tests-" + std::to_string(round % 3));
          request.reason = "tmux-orch run=1 tests";
          request.commit = round % 2 == 0 ? first : second;
          const auto tree = on.wait(on.git.check_out_for_tests(request));
          REQUIRE(tree);
          CHECK(*tree == on.repo.id(request.commit.value + "^{tree}"));
        };
      },
      [&](int round) {
        const fs::path path = fixture.repo.worktree("tests-" + std::to_string(round % 3));
        CHECK(fixture.repo.git_in(path, {"status", "--porcelain", "--ignored"}).empty());
        check_sound(fixture);
      });
}
