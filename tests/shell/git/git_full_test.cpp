// The disk becomes full while a slot is parked, leased or set up, or the user's checkout is brought
// forward: nothing is lost, and with room again the same call comes to the same end.
#include "catch.hpp"
#include "fixture.hpp"
#include "set_up_worktree.hpp"
#include "tests/fake/small_disk.hpp"

#include <array>
#include <iterator>
#include <optional>

using namespace orch;
using namespace orch::test;

namespace {

/// From no room at all to enough for all that is done.
constexpr std::array<unsigned, 14> kFree = {0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 50, 200};

/// One for the program, made before any thread is; nothing where there can be none.
SmallDisk* small_disk() {
  static SmallDisk disk("16m");
  if (!disk) WARN("skipped: this machine lets nobody mount a small disk in a namespace");
  return disk ? &disk : nullptr;
}

/// Repositories of tests lie on the small disk while it lives.
class OnDisk {
 public:
  explicit OnDisk(const SmallDisk& disk) { ::setenv("TMPDIR", disk.folder().c_str(), 1); }

  OnDisk(const OnDisk&) = delete;
  OnDisk& operator=(const OnDisk&) = delete;

  ~OnDisk() { ::unsetenv("TMPDIR"); }
};

std::size_t times_in_trash(const Fixture& fixture, const std::string& name) {
  std::size_t times = 0;
  for (const auto& entry : fs::recursive_directory_iterator(trash_of(fixture)))
    times += entry.path().filename() == name ? 1 : 0;
  return times;
}

/// Does it with so little room, and again with enough; says whether it failed first.
template <class Deed>
bool fails_when_full(const SmallDisk& disk, unsigned blocks, Deed deed) {
  std::optional<Error> error;
  {
    const Filler filler(disk.folder(), blocks);
    REQUIRE(filler);
    error = deed();
  }
  if (!error) return false;
  INFO(to_text(*error));
  CHECK(error->fault == Fault::Full);
  const std::optional<Error> again = deed();
  if (again) UNSCOPED_INFO(to_text(*again));
  CHECK_FALSE(again);
  return true;
}

}  // namespace

TEST_CASE("a disk that is full while a worktree is parked loses nothing") {
  const SmallDisk* disk = small_disk();
  if (disk == nullptr) return;
  const OnDisk here(*disk);
  int failed = 0;
  for (const unsigned blocks : kFree) {
    INFO(blocks);
    Fixture fixture;
    commit_project(fixture);
    begin(fixture, "T1", How::Made);
    const fs::path worktree = fixture.repo.worktree("T1");
    fixture.repo.write(worktree / "src/a.c", "int changed;\n");
    fixture.repo.write(worktree / "mine.log", "of the agent\n");
    failed += fails_when_full(*disk, blocks, [&]() -> std::optional<Error> {
      const auto removed = try_end(fixture, "T1");
      return removed ? std::nullopt : std::optional(removed.error());
    });
    CHECK_FALSE(fs::exists(worktree));
    CHECK(fixture.repo.git({"show", "refs/orch/rescue/T1:src/a.c"}) == "int changed;");
    CHECK(times_in_trash(fixture, "mine.log") == 1);
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, "T2"))));
    set_up(fixture, fixture.repo.worktree("T2"));
    check_like_new_set_up(fixture, "T2");
  }
  CHECK(failed > 2);
}

TEST_CASE(
    "a disk that is full while a worktree is leased and set up is no matter with room again") {
  const SmallDisk* disk = small_disk();
  if (disk == nullptr) return;
  const OnDisk here(*disk);
  int failed = 0;
  for (const unsigned blocks : kFree) {
    INFO(blocks);
    Fixture fixture;
    commit_project(fixture);
    begin(fixture, "T1", How::Made);
    REQUIRE(end(fixture, "T1").parked);
    fixture.repo.write(fixture.repo.root() / "src/new.c", std::string(9000, 'x'));
    fixture.repo.write(fixture.repo.root() / "lock", "two\n");
    fixture.repo.commit("main goes on");
    const fs::path worktree = fixture.repo.worktree("T2");
    failed += fails_when_full(*disk, blocks, [&]() -> std::optional<Error> {
      const auto made = fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, "T2")));
      if (!made) return made.error();
      const auto there = fixture.wait(fixture.git.has_made(worktree, "two", trash_of(fixture)));
      return there ? std::nullopt : std::optional(there.error());
    });
    set_up(fixture, worktree);
    CHECK(fixture.repo.git_in(worktree, {"symbolic-ref", "HEAD"}) == "refs/heads/orch/T2");
    check_like_new_set_up(fixture, "T2");
  }
  CHECK(failed > 2);
}

TEST_CASE("a disk that is full while it is listed what a set-up made is no matter") {
  const SmallDisk* disk = small_disk();
  if (disk == nullptr) return;
  const OnDisk here(*disk);
  Fixture fixture;
  commit_project(fixture);
  REQUIRE(fixture.wait(fixture.git.ensure_worktree(spec_of(fixture, "T1"))));
  const fs::path worktree = fixture.repo.worktree("T1");
  install(fixture, worktree);
  const git::MadeRequest request{worktree, "print", kBrought, {}};
  for (const unsigned blocks : {0u, 1u, 2u}) {
    fails_when_full(*disk, blocks, [&]() -> std::optional<Error> {
      const auto made = fixture.wait(fixture.git.list_made(request));
      if (made) CHECK(made->why_not.empty());
      return made ? std::nullopt : std::optional(made.error());
    });
    CHECK(*fixture.wait(fixture.git.has_made(worktree, "print", trash_of(fixture))));
  }
}

TEST_CASE("a disk that is full while the user's checkout is brought forward is no matter later") {
  const SmallDisk* disk = small_disk();
  if (disk == nullptr) return;
  const OnDisk here(*disk);
  int refused = 0;
  for (const unsigned blocks : kFree) {
    INFO(blocks);
    Fixture fixture;
    for (int i = 0; i < 6; ++i)
      fixture.repo.write(fmt::format("old{}", i), std::string(9000, 'o'));
    fixture.repo.write("mine", "as committed\n");
    fixture.repo.commit("files");
    REQUIRE(fixture.wait(fixture.git.ensure_worktree(fixture.spec("T1"))));
    const fs::path worktree = fixture.repo.worktree("T1");
    for (int i = 0; i < 6; ++i) {
      fixture.repo.write(worktree / fmt::format("old{}", i), std::string(30000, 'n'));
      fixture.repo.write(worktree / fmt::format("new{}", i), std::string(9000, 'n'));
    }
    const CommitId target{fixture.repo.commit_in(worktree, "work")};
    fixture.repo.write("mine", "being edited\n");
    git::FollowRequest request{.branch = "main", .target = target, .target_name = "orch/T1"};
    {
      const Filler filler(disk->folder(), blocks);
      REQUIRE(filler);
      const auto outcome = fixture.wait(fixture.git.follow(request));
      refused += outcome ? 0 : 1;
      if (!outcome) CHECK(outcome.error().fault == Fault::Full);
    }
    const auto again = fixture.wait(fixture.git.follow(request));
    REQUIRE(again);
    if (const auto* unsafe = std::get_if<git::NotSafe>(&*again)) UNSCOPED_INFO(unsafe->why);
    CHECK_FALSE(std::holds_alternative<git::NotSafe>(*again));
    CHECK(fixture.id("main") == target);
    CHECK(fixture.repo.git({"status", "--porcelain"}) == " M mine");
    CHECK(fixture.repo.read("mine") == "being edited\n");
  }
  CHECK(refused > 2);
}
