// Slots that are made ready before a task wants one.
#include "pool_fixture.hpp"

using namespace orch;
using namespace orch::test;

namespace {

fs::path trash_of(const Fixture& fixture) {
  return fixture.repo.root() / ".worktrees/.trash";
}

/// One step; `most` at the tip, and made.
bool prepared(Fixture& fixture, std::size_t most = 1) {
  const git::PoolPlan pool{pool_of(fixture), 4, fixture.id("main"), {}};
  const auto done = fixture.wait(fixture.git.prepare_slot(pool, {most, most}, trash_of(fixture)));
  REQUIRE(done);
  return *done;
}

std::vector<git::Slot> slots_of(const Fixture& fixture) {
  return git::slots_in(fixture.repo.root() / ".git", pool_of(fixture));
}

}  // namespace

TEST_CASE("a slot that was made before a task wants one is as a new worktree") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  CHECK(prepared(fixture));
  CHECK_FALSE(prepared(fixture));
  CHECK(prepared(fixture, 2));
  CHECK(slots_of(fixture).size() == 2);
  CHECK(fixture.repo.git({"status", "--porcelain"}).empty());
  CHECK(leased(fixture, "T1").how == How::Leased);
  check_like_new(fixture, "T1");
  CHECK(parked(fixture, "T1").parked);
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("a parked slot is brought to the tip before a task wants it") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  leased(fixture, "T1");
  REQUIRE(parked(fixture, "T1").parked);
  CHECK_FALSE(prepared(fixture));
  fixture.repo.write(fixture.repo.root() / "src/one.c", "int more;\n");
  fixture.repo.write(fixture.repo.root() / "added/file", "new\n");
  fs::remove(fixture.repo.root() / "src/deep/er/two.c");
  fixture.repo.commit("main goes on");
  CHECK(prepared(fixture));
  REQUIRE(slots_of(fixture).size() == 1);
  CHECK(slots_of(fixture).front().note.commit == fixture.id("main"));
  CHECK(leased(fixture, "T2").how == How::Leased);
  check_like_new(fixture, "T2");
}

TEST_CASE("a slot that was changed by hand is not brought anywhere, and stays") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  REQUIRE(prepared(fixture));
  const fs::path slot = slots_of(fixture).front().registration.path;
  fixture.repo.write(slot / "src/one.c", "by hand\n");
  fixture.repo.write(fixture.repo.root() / "src/one.c", "int more;\n");
  fixture.repo.commit("main goes on");
  CHECK(prepared(fixture));
  CHECK(fixture.repo.read(slot / "src/one.c") == "by hand\n");
  CHECK(leased(fixture, "T1").how == How::Leased);
  CHECK(fixture.repo.read(slot / "src/one.c") == "by hand\n");
  check_like_new(fixture, "T1");
}

TEST_CASE("a repository with submodules has no slots ahead") {
  Fixture fixture;
  fixture.repo.write(fixture.repo.root() / ".gitmodules", "[submodule \"x\"]\n");
  fixture.repo.commit("a submodule");
  CHECK_FALSE(prepared(fixture));
  CHECK(slots_of(fixture).empty());
}

TEST_CASE("of a slot that was being made only what git wrote is removed") {
  Fixture fixture;
  commit_tree_of_all_kinds(fixture);
  REQUIRE(prepared(fixture));
  git::Slot half = slots_of(fixture).front();
  half.note.print.clear();
  REQUIRE(git::write_slot_note(half.registration.admin, half.note));
  fs::remove(half.registration.path / "run.sh");
  SECTION("with an index") {}
  SECTION("without an index") {
    fs::remove(half.registration.admin / "index");
  }
  SECTION("on its way to another commit") {
    fixture.repo.write(fixture.repo.root() / "src/one.c", "int more;\n");
    fixture.repo.commit("main goes on");
    half.note.start = fixture.id("main");
    REQUIRE(git::write_slot_note(half.registration.admin, half.note));
    fixture.repo.write(half.registration.path / "src/one.c", "int more;\n");
  }
  SECTION("in the middle of a file") {
    fixture.repo.write(half.registration.path / "src/one.c", "int o");
  }
  SECTION("before anything was in its folder") {
    fs::remove_all(half.registration.path);
    fs::create_directory(half.registration.path);
    fs::remove(half.registration.admin / "index");
  }
  SECTION("that somebody wrote to") {
    fixture.repo.write(half.registration.path / "src/one.c", "by hand\n");
    CHECK(prepared(fixture));
    CHECK(fixture.repo.read(half.registration.path / "src/one.c") == "by hand\n");
    CHECK(fixture.repo.read(half.registration.admin / "locked") == git::kAsideReason);
    return;
  }
  CHECK(prepared(fixture));
  REQUIRE(slots_of(fixture).size() == 1);
  CHECK(slots_of(fixture).front().is_parked());
  CHECK(leased(fixture, "T1").how == How::Leased);
  check_like_new(fixture, "T1");
}
