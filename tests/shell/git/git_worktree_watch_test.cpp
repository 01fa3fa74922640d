// A slot in which nothing has happened is told at once; whatever happens in one is noticed.
#include "git/slot_look.hpp"
#include "git/worktree_watch.hpp"
#include "orch/base/files.hpp"
#include "pool_fixture.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sstream>
#include <utility>

using namespace orch;
using namespace orch::test;

namespace {

/// A slot that is looked over and watched.
struct Watched {
  explicit Watched(const Fixture& fixture) : folder(fixture.repo.folder() / "slot") {
    fixture.repo.write(folder / "top", "t\n");
    fixture.repo.write(folder / "deep/er/file", "f\n");
    watches = watch.folders(folder);
    REQUIRE(git::look_over_slot(folder, {}, std::nullopt, &watches));
  }

  void begin() { watch.begin("slot", folder, std::move(watches)); }

  bool is_quiet() { return watch.is_quiet("slot", folder); }

  fs::path folder;
  git::WorktreeWatch watch;
  git::FolderWatches watches;
};

/// By a mapping that outlives the descriptor.
void write_by_mapping(const fs::path& path) {
  const Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(file);
  void* const mapped = ::mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  REQUIRE(mapped != MAP_FAILED);
  *static_cast<char*>(mapped) = 'x';
  ::munmap(mapped, 1);
}

}  // namespace

TEST_CASE("a slot in which nothing happens is quiet") {
  const Fixture fixture;
  Watched slot(fixture);
  slot.begin();
  CHECK(slot.is_quiet());
  CHECK(fixture.repo.read(slot.folder / "deep/er/file") == "f\n");
  fs::rename(slot.folder, fixture.repo.folder() / "renamed");
  fs::rename(fixture.repo.folder() / "renamed", slot.folder);
  CHECK(slot.is_quiet());
  slot.watch.end("slot");
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("that git's pointer is written before the watch begins is no change") {
  const Fixture fixture;
  Watched slot(fixture);
  REQUIRE(write_file(slot.folder / ".git", "gitdir: elsewhere\n"));
  SECTION("the pointer") {
    slot.begin();
    CHECK(slot.is_quiet());
    REQUIRE(write_file(slot.folder / ".git", "gitdir: somewhere\n"));
  }
  SECTION("in another folder") {
    REQUIRE(write_file(slot.folder / "deep/.git", "gitdir: elsewhere\n"));
    slot.begin();
  }
  SECTION("what only looks like it") {
    fixture.repo.write(slot.folder / ".orch-abcdef", "");
    slot.begin();
  }
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("whatever happens in a slot is noticed") {
  const Fixture fixture;
  Watched slot(fixture);
  const bool before = GENERATE(true, false);
  if (!before) slot.begin();
  const fs::path file = slot.folder / "deep/er/file";
  SECTION("written") {
    fixture.repo.write(file, "x\n");
  }
  SECTION("written by a mapping") {
    write_by_mapping(file);
  }
  SECTION("a mode") {
    fs::permissions(file, fs::perms(0600));
  }
  SECTION("a time") {
    fs::last_write_time(file, fs::last_write_time(file));
  }
  SECTION("an attribute") {
    ::setxattr(file.c_str(), "user.mine", "x", 1, 0);
  }
  SECTION("made and removed") {
    fixture.repo.write(slot.folder / "deep/new", "n\n");
    fs::remove(slot.folder / "deep/new");
  }
  SECTION("removed") {
    fs::remove(file);
  }
  SECTION("a folder") {
    fs::create_directory(slot.folder / "empty");
  }
  SECTION("a folder removed") {
    fs::remove_all(slot.folder / "deep/er");
  }
  SECTION("a folder exchanged") {
    fs::copy(slot.folder / "deep", fixture.repo.folder() / "copy", fs::copy_options::recursive);
    fs::rename(slot.folder / "deep", fixture.repo.folder() / "away");
    fs::rename(fixture.repo.folder() / "copy", slot.folder / "deep");
  }
  if (before) slot.begin();
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("another folder in the place of a slot is not taken for it") {
  const Fixture fixture;
  Watched slot(fixture);
  slot.begin();
  fs::copy(slot.folder, fixture.repo.folder() / "copy", fs::copy_options::recursive);
  fs::rename(slot.folder, fixture.repo.folder() / "away");
  fs::rename(fixture.repo.folder() / "copy", slot.folder);
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("of two looks over the same worktree, one at most is trusted") {
  const Fixture fixture;
  Watched slot(fixture);
  const bool begun = GENERATE(true, false);
  if (begun) slot.begin();
  git::FolderWatches again = slot.watch.folders(slot.folder);
  REQUIRE(git::look_over_slot(slot.folder, {}, std::nullopt, &again));
  if (!begun) slot.begin();
  slot.watch.begin(begun ? "slot" : "other", slot.folder, std::move(again));
  CHECK(slot.is_quiet() == begun);
  CHECK_FALSE(slot.watch.is_quiet("other", slot.folder));
  fixture.repo.write(slot.folder / "deep/er/file", "x\n");
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("a watch that another look took away is not trusted") {
  const Fixture fixture;
  Watched slot(fixture);
  git::FolderWatches again = slot.watch.folders(slot.folder);
  REQUIRE(git::look_over_slot(slot.folder, {}, std::nullopt, &again));
  const bool begun = GENERATE(true, false);
  if (begun) slot.begin();
  again.clear();
  if (!begun) slot.begin();
  CHECK_FALSE(slot.is_quiet());
}

TEST_CASE("when more happens than is remembered, no slot is quiet") {
  const Fixture fixture;
  Watched slot(fixture);
  slot.begin();
  const fs::path busy = fixture.repo.folder() / "busy";
  fixture.repo.write(busy / "file", "");
  git::FolderWatches other = slot.watch.folders(busy);
  REQUIRE(git::look_over_slot(busy, {}, std::nullopt, &other));
  std::size_t queue = 0;
  REQUIRE(std::istringstream(fixture.repo.read("/proc/sys/fs/inotify/max_queued_events")) >> queue);
  for (std::size_t i = 0; i < queue; ++i) {
    // Two in a row that are the same would count once.
    fs::permissions(busy / "file", fs::perms(i % 2 == 0 ? 0600 : 0644));
    fixture.repo.write(busy / "file", "x");
  }
  CHECK_FALSE(slot.is_quiet());
  slot.watch.begin("busy", busy, std::move(other));
  CHECK_FALSE(slot.watch.is_quiet("busy", busy));
  slot.watches = slot.watch.folders(slot.folder);
  REQUIRE(git::look_over_slot(slot.folder, {}, std::nullopt, &slot.watches));
  slot.begin();
  CHECK(slot.is_quiet());
}
