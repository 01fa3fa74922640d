// Disks that are full or fail, and somebody else's lock.
#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <fstream>

using namespace orch;
using namespace orch::store;
namespace fs = std::filesystem;

namespace {

/// A small file system of its own, where the machine lets us have one.
class SmallDisk {
 public:
  explicit SmallDisk(const fs::path& where) : where_(where) {
    // In a private mount namespace, so that nothing of it can outlive the test program.
    mounted_ = ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("small", where.c_str(), "tmpfs", 0, "size=1m") == 0;
  }

  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  ~SmallDisk() {
    if (mounted_) ::umount(where_.c_str());
  }

  explicit operator bool() const { return mounted_; }

 private:
  fs::path where_;
  bool mounted_ = false;
};

/// No file of this process may grow beyond so many bytes while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }

  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

/// Commits until it fails or `most` is reached; the last row's number.
std::int64_t commit_until_failure(RunInStore& run, int most, Error& error) {
  std::int64_t last = 0;
  for (int turn = 0; turn < most; ++turn) {
    const Verb verb = turn % 2 == 0 ? Verb::Hold : Verb::Release;
    const Result<std::int64_t> seq = run.handle(UserAsked{verb, TaskId{"T1"}});
    if (!seq) {
      error = seq.error();
      return last;
    }
    last = *seq;
  }
  return last;
}

void check_good(const Store& store, std::int64_t last_seq, const State& state) {
  const auto rows = store.trace("r1", last_seq - 1, 10);
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().state_hash == state_hash(state));
  CHECK(store.load("r1").value() == state);
}

}  // namespace

TEST_CASE("a full disk is an error, loses nothing, and is over when there is room again") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "disk");
  const SmallDisk disk(folder / "disk");
  if (!disk) {
    WARN("no file system of its own for this user: not tested");
    return;
  }
  Result<Store> store = Store::open(folder / "disk/orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  RunInStore run(*store, "r1");
  REQUIRE(run.handle(start_of(10)));
  State acknowledged = run.state();
  { std::ofstream(folder / "disk/ballast") << std::string(400'000, 'x'); }

  Error error;
  std::int64_t last = 1;
  while (error.what.empty()) {
    acknowledged = run.state();
    const std::int64_t seq = commit_until_failure(run, 1, error);
    if (seq > 0) last = seq;
  }
  CHECK(error.fault == Fault::Full);
  CHECK(error.what.find("full") != std::string::npos);
  CHECK_FALSE(error.hint.empty());
  REQUIRE(last > 10);
  check_good(*store, last, acknowledged);
  const Result<Store> reader = Store::open(folder / "disk/orch.db", Access::ReadOnly);
  REQUIRE(reader);
  check_good(*reader, last, acknowledged);

  fs::remove(folder / "disk/ballast");
  Error none;
  const std::int64_t seq = commit_until_failure(run, 20, none);
  CHECK(none.what.empty());
  CHECK(seq == last + 20);
  check_good(*store, seq, run.state());
}

TEST_CASE("a store on a full disk is not made, and nothing is left in its place that stops it") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "disk");
  const SmallDisk disk(folder / "disk");
  if (!disk) return;
  { std::ofstream(folder / "disk/ballast") << std::string(2'000'000, 'x'); }
  CHECK_FALSE(Store::open(folder / "disk/orch.db", Access::ReadWrite));

  fs::remove(folder / "disk/ballast");
  CHECK(Store::open(folder / "disk/orch.db", Access::ReadWrite));
}

TEST_CASE("a full database is told apart from other failures") {
  const TemporaryFolder folder;
  { REQUIRE(Store::open(folder / "orch.db", Access::ReadWrite)); }
  Result<Database> database = Database::open(folder / "orch.db", Lock::Write);
  REQUIRE(database);
  REQUIRE(database->script("PRAGMA max_page_count = 1"));
  const std::string long_text(100'000, 'x');
  const Status written = database->run("INSERT INTO child VALUES(1,1,?,'')", {long_text});
  CHECK(written.error().fault == Fault::Full);
}

TEST_CASE("a write that the system refuses leaves the last state readable and writable") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  RunInStore run(*store, "r1");
  REQUIRE(run.handle(start_of(10)));
  const auto log_size = fs::file_size(folder / "orch.db-wal");
  const State before = run.state();
  for (int round = 0; round < 8; ++round) {
    Error error;
    {
      const FileLimit limit(log_size + 1000 * static_cast<rlim_t>(round));
      CHECK(commit_until_failure(run, 1, error) == 0);
    }
    CHECK(error.fault == Fault::Io);
    check_good(*store, 1, before);
  }

  // Another task than the one whose change was refused: both are stored now.
  CHECK(run.handle(UserAsked{Verb::Hold, TaskId{"T4"}}).value() == 2);
  check_good(*store, 2, run.state());
}

TEST_CASE("somebody else's lock is waited for, and then named") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  Result<Database> other = Database::open(folder / "orch.db", Lock::Write);
  REQUIRE(other);
  REQUIRE(other->script("BEGIN IMMEDIATE"));

  const Result<std::int64_t> refused =
      store->commit("r1", ClockTicked{}, {}, full_state(), at_ms(1), 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Busy);
  CHECK(refused.error().what.find("database is locked") != std::string::npos);
  CHECK_FALSE(refused.error().hint.empty());

  REQUIRE(other->script("ROLLBACK"));
  CHECK(store->commit("r1", ClockTicked{}, {}, full_state(), at_ms(1), 1).value() == 1);
}

TEST_CASE("what a killed supervisor left is read where the disk has no room for an index of it") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "disk");
  const SmallDisk disk(folder / "disk");
  if (!disk) {
    WARN("no file system of its own for this user: not tested");
    return;
  }
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  RunInStore run(*store, "r1");
  REQUIRE(run.handle(start_of(3)));
  for (const char* name : {"orch.db", "orch.db-wal"})
    fs::copy_file(folder / name, folder / "disk" / name);
  { std::ofstream(folder / "disk/ballast") << std::string(2'000'000, 'x'); }

  const Result<Store> left = Store::open(folder / "disk/orch.db", Access::ReadOnly);
  REQUIRE(left);
  CHECK(left->load("r1").value() == run.state());
}
