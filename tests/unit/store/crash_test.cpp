// Processes that die, and readers next to a writer.
#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace orch;
using namespace orch::store;

namespace {

/// Commits without end in a process of its own, and writes each acknowledged row's number to a
/// pipe.
class Writer {
 public:
  explicit Writer(const std::filesystem::path& file) {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      write_for_ever(file, ends[1]);
      ::_exit(1);
    }
    ::close(ends[1]);
    acknowledged_ = ends[0];
  }

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  ~Writer() {
    if (acknowledged_ >= 0) ::close(acknowledged_);
  }

  /// Waits until so many rows were acknowledged; the last one's number.
  std::int64_t await(int rows) {
    std::int64_t seq = last_;
    for (int i = 0; i < rows && ::read(acknowledged_, &seq, sizeof seq) == sizeof seq; ++i) {
      last_ = seq;
    }
    return last_;
  }

  /// Kills it; the number of the last row it could acknowledge.
  std::int64_t kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::int64_t seq = 0;
    while (::read(acknowledged_, &seq, sizeof seq) == sizeof seq) {
      last_ = seq;
    }
    return last_;
  }

 private:
  static void write_for_ever(const std::filesystem::path& file, int pipe) {
    Result<Store> store = Store::open(file, Access::ReadWrite);
    if (!store) return;
    Result<State> state = store->load("r1");
    if (!state) return;
    RunInStore run(*store, "r1", std::move(*state));
    for (int turn = 0;; ++turn) {
      const TaskId task{fmt::format("T{}", turn % 10)};
      const Verb verb = turn / 10 % 2 == 0 ? Verb::Hold : Verb::Release;
      const Result<std::int64_t> seq = run.handle(UserAsked{verb, task});
      if (!seq || ::write(pipe, &*seq, sizeof *seq) != sizeof *seq) return;
    }
  }

  pid_t pid_ = -1;
  int acknowledged_ = -1;
  std::int64_t last_ = 0;
};

void begin(const std::filesystem::path& file) {
  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  RunStarted start = start_of(10);
  start.rules.tested = false;
  RunInStore run(*store, "r1");
  REQUIRE(run.handle(start));
}

/// Every row from 1 to the last is there, the state is the one of the last row.
void check_all_there(const Store& store, std::int64_t acknowledged) {
  std::int64_t seq = 0;
  std::uint64_t hash = 0;
  for (;;) {
    const auto rows = store.trace("r1", seq, 1000);
    REQUIRE(rows);
    if (rows->empty()) break;
    for (const TraceRow& row : *rows) {
      REQUIRE(row.seq == seq + 1);
      seq = row.seq;
      hash = row.state_hash;
    }
  }
  CHECK(seq >= acknowledged);
  CHECK(seq <= acknowledged + 1);
  const Result<State> state = store.load("r1");
  REQUIRE(state);
  CHECK(state_hash(*state) == hash);
}

}  // namespace

TEST_CASE("a writer killed at any instant loses nothing it acknowledged") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  begin(file);
  for (int round = 0; round < 30; ++round) {
    Writer writer(file);
    writer.await(1 + round * 7 % 60);
    const std::int64_t acknowledged = writer.kill();
    REQUIRE(acknowledged > 0);

    if (round % 2 == 0) {
      const Result<Store> reader = Store::open(file, Access::ReadOnly);
      REQUIRE(reader);
      check_all_there(*reader, acknowledged);
    }
    const Result<Store> store = Store::open(file, Access::ReadWrite);
    REQUIRE(store);
    check_all_there(*store, acknowledged);
    CHECK(sql(file, "PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  }
}

TEST_CASE("readers see whole states while a writer commits") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  begin(file);
  Writer writer(file);
  writer.await(10);
  for (int look = 0; look < 50; ++look) {
    const Result<Store> reader = Store::open(file, Access::ReadOnly);
    REQUIRE(reader);
    for (int again = 0; again < 5; ++again) {
      REQUIRE(reader->load("r1"));  // it compares what it reads with the state's hash
      REQUIRE(reader->latest_run().value() == run_info("r1"));
    }
  }
  writer.kill();
}

TEST_CASE("a reader needs no writer, and leaves the log of a killed one alone") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  begin(file);
  std::int64_t acknowledged = 0;
  {
    Writer writer(file);
    writer.await(20);
    acknowledged = writer.kill();
  }
  const auto log = file.native() + "-wal";
  const auto size = std::filesystem::file_size(log);
  std::filesystem::remove(file.native() + "-shm");
  {
    const Result<Store> reader = Store::open(file, Access::ReadOnly);
    REQUIRE(reader);
    check_all_there(*reader, acknowledged);
  }
  CHECK(std::filesystem::file_size(log) == size);

  { REQUIRE(Store::open(file, Access::ReadWrite)); }
  CHECK_FALSE(std::filesystem::exists(log));
  const Result<Store> reader = Store::open(file, Access::ReadOnly);
  REQUIRE(reader);
  check_all_there(*reader, acknowledged);
}

TEST_CASE("a reader without a file says that there is no run") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  CHECK(Store::open(file, Access::ReadOnly).error().fault == Fault::NotFound);
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a reader cannot write") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  begin(file);
  Result<Store> reader = Store::open(file, Access::ReadOnly);
  REQUIRE(reader);
  CHECK(reader->begin_run(run_info("r2")).error().fault == Fault::Io);
}
