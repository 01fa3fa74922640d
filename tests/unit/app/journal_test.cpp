// The event log as a text file: completed and cut to whole lines where it is opened.
#include "app/journal.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/core/engine.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace orch;

namespace {

/// A run of three events, of which the second has a text of `size` bytes.
struct Log {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "events.jsonl";
  Result<store::Store> store = store::Store::open(folder / "orch.db", store::Access::ReadWrite);

  explicit Log(std::size_t size = 10) {
    REQUIRE(store);
    REQUIRE(store->begin_run({.id = "r1", .task_file = "t.md", .repository = "."}));
    Engine engine;
    RunStarted start;
    start.tasks = {{.id = TaskId{"T1"}, .title = std::string(size, 'x')}};
    for (const Event& event : {Event(ClockTicked{}), Event(start), Event(ClockTicked{})}) {
      const Decision decision = engine.handle(event, at_ms(1));
      REQUIRE(store->commit("r1", event, decision, engine.state(), at_ms(1), 2));
    }
  }

  std::string open() {
    app::Journal journal;
    REQUIRE(journal.open(file, *store, "r1"));
    return *read_file(file);
  }
};

}  // namespace

TEST_CASE("an event log that is cut at any place is completed to the same text") {
  Log log;
  const std::string whole = log.open();
  REQUIRE(std::ranges::count(whole, '\n') == 3);
  for (std::size_t size = 0; size <= whole.size(); size += 7) {
    INFO(size);
    REQUIRE(write_file(log.file, whole.substr(0, size), 0600));
    CHECK(log.open() == whole);
  }
}

TEST_CASE("a line longer than what is read at once is found") {
  Log log(300'000);
  const std::string whole = log.open();
  CHECK(log.open() == whole);
  // The long one is the last whole line.
  REQUIRE(write_file(log.file, whole.substr(0, whole.size() - 2), 0600));
  CHECK(log.open() == whole);
  // Half of the long one is there.
  REQUIRE(write_file(log.file, whole.substr(0, 200'000), 0600));
  CHECK(log.open() == whole);
}

TEST_CASE("an event log without a whole line is begun anew") {
  Log log;
  const std::string whole = log.open();
  REQUIRE(write_file(log.file, std::string(200'000, 'x'), 0600));
  CHECK(log.open() == whole);
}
