#include "app/run_ledger.hpp"

#include "../base/temporary_folder.hpp"
#include "app/boottime_clock.hpp"
#include "app/ground.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/core/engine.hpp"

#include <algorithm>
#include <optional>
#include <utility>

using namespace orch;

namespace {

/// A supervisor's ledger with nothing around it.
struct Desk {
  TemporaryFolder folder;
  app::Paths paths{folder.path()};
  store::RunInfo info{.id = "r1", .task_file = "tasks.md", .repository = "."};
  app::BoottimeClock clock = app::BoottimeClock::resume({}, 0, at_ms(0));
  std::optional<app::Ground> ground;
  std::optional<store::Store> store;
  Engine engine;

  Desk() {
    REQUIRE(paths.make());
    REQUIRE(make_folders(app::RunPaths(paths.run("r1")).root(), 0700));
    Result<app::Ground> taken = app::Ground::take(paths);
    REQUIRE(taken);
    ground.emplace(std::move(*taken));
    Result<store::Store> opened = store::Store::open(paths.database(), store::Access::ReadWrite);
    REQUIRE(opened);
    store.emplace(std::move(*opened));
    REQUIRE(store->begin_run(info));
  }

  app::RunLedger ledger() { return {*store, &*ground, paths, info, clock}; }

  Status happens(app::RunLedger& ledger, const Event& event) {
    const Decision decision = engine.handle(event, clock.now());
    return ledger.commit(event, decision, engine.state(), clock.now());
  }

  std::ptrdiff_t lines() const {
    const auto text = read_file(app::RunPaths(paths.run("r1")).events());
    return text ? std::ranges::count(*text, '\n') : -1;
  }
};

RunStarted start() {
  RunStarted event;
  event.tasks = {{.id = TaskId{"T1"}, .title = "first"}};
  event.base = CommitId{"c"};
  return event;
}

}  // namespace

TEST_CASE("what is committed is in the store and a line of the text") {
  Desk desk;
  app::RunLedger ledger = desk.ledger();
  REQUIRE(ledger.open());
  CHECK(desk.lines() == 0);
  REQUIRE(desk.happens(ledger, start()));
  REQUIRE(desk.happens(ledger, ClockTicked{}));
  CHECK(desk.lines() == 2);
  const auto stored = desk.store->load("r1");
  REQUIRE(stored);
  CHECK(*stored == desk.engine.state());
}

TEST_CASE("lines that are missing in the text are completed when the ledger is opened") {
  Desk desk;
  {
    app::RunLedger ledger = desk.ledger();
    REQUIRE(ledger.open());
    REQUIRE(desk.happens(ledger, start()));
    REQUIRE(desk.happens(ledger, ClockTicked{}));
  }
  const auto events = app::RunPaths(desk.paths.run("r1")).events();
  std::string text = *read_file(events);
  text.resize(text.size() - 3);  // killed while it wrote the second one
  REQUIRE(write_file(events, text, 0600));
  CHECK(desk.lines() == 1);
  app::RunLedger ledger = desk.ledger();
  REQUIRE(ledger.open());
  CHECK(desk.lines() == 2);
}

TEST_CASE("a database that was removed is put back with the whole state") {
  Desk desk;
  app::RunLedger ledger = desk.ledger();
  REQUIRE(ledger.open());
  REQUIRE(desk.happens(ledger, start()));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    auto file = desk.paths.database();
    file += suffix;
    std::filesystem::remove(file);
  }
  CHECK_FALSE(desk.ground->has_database());
  REQUIRE(ledger.put_back());
  REQUIRE(desk.happens(ledger, ClockTicked{}));
  CHECK(desk.ground->has_database());
  const auto reader = store::Store::open(desk.paths.database(), store::Access::ReadOnly);
  REQUIRE(reader);
  const auto stored = reader->load("r1");
  REQUIRE(stored);
  CHECK(*stored == desk.engine.state());
}
