// The write-ahead log next to readers, who can keep it from being used again from its beginning.
#include "catch.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace orch;
using namespace orch::store;

namespace {

constexpr std::uintmax_t kMega = 1'000'000;

struct LargeRun {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "orch.db";
  Store store = std::move(Store::open(file, Access::ReadWrite).value());
  State state;
  std::uintmax_t longest = 0;  ///< bytes of the log, after any commit

  LargeRun() {
    REQUIRE(store.begin_run(run_info("r1")));
    RunInStore run(store, "r1");
    REQUIRE(run.handle(start_of(1000)));
    state = run.state();
  }

  /// So many events, each of which changes one task.
  void commit(int events) {
    for (int i = 0; i < events; ++i) {
      TaskRecord& task = state.tasks[static_cast<std::size_t>(i * 37 % 1000)];
      task.progress += 1;
      Decision decision;
      decision.changed = {task.id()};
      REQUIRE(store.commit("r1", ClockTicked{}, decision, state, at_ms(i), i));
      longest = std::max(longest, std::filesystem::file_size(file.native() + "-wal"));
    }
  }
};

/// Reads the run again and again while it lives.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file)
      : thread_([this, file] {
          const Result<Store> store = Store::open(file, Access::ReadOnly);
          while (!stop_)
            good_ = good_ && store && store->load("r1");
        }) {}

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  ~Reader() {
    stop_ = true;
    thread_.join();
    CHECK(good_);
  }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<bool> good_ = true;
  std::thread thread_;
};

}  // namespace

TEST_CASE("the log stays short while a run goes on, also next to those who read all the time") {
  LargeRun its;
  its.commit(1000);
  const Reader one(its.file);
  const Reader other(its.file);
  its.commit(3000);
  CHECK(its.longest < 6 * kMega);
}

TEST_CASE("the log is cut when somebody is gone who has held on to an old state for long") {
  LargeRun its;
  Result<Database> holder = Database::open(its.file, Lock::Read);
  REQUIRE(holder);
  const Status held = holder->atomically(Lock::Read, [&]() -> Status {
    Status looked = holder->rows("SELECT id FROM run", {}, [](const Row&) { return Status(); });
    its.commit(3000);
    return looked;
  });
  REQUIRE(held);
  REQUIRE(its.longest > 20 * kMega);
  its.commit(10);
  CHECK(std::filesystem::file_size(its.file.native() + "-wal") < 18 * kMega);
}
