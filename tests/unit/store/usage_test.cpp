// What agents use, next to what is decided.
#include "catch.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <chrono>

using namespace orch;
using namespace orch::store;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* kRows =
    "select agent_id, last_heartbeat, resource_usage from agent_lifecycle order by agent_id";
constexpr std::int64_t kWall = 1'700'000'500'000;

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "orch.db";
  Store store = std::move(Store::open(file, Access::ReadWrite).value());
  RunInStore run{store, "r1"};

  /// T0 and T1 have agents that live.
  Fixture() {
    REQUIRE(store.begin_run(run_info("r1")));
    REQUIRE(run.handle(start_of(2)));
    for (int step = 0; step < 5; ++step)
      REQUIRE(run.handle(run.next().value()));
    REQUIRE(store.usage("r1").value().empty());
  }
};

}  // namespace

TEST_CASE("what agents use is noted for all of them together, and read back") {
  Fixture its;
  const std::vector<AgentResources> used = {{TaskId{"T0"}, 1, {1.25, 300'000'000, 7}},
                                            {TaskId{"T1"}, 1, {0, 4096, 1}}};
  REQUIRE(its.store.note_usage("r1", used, kWall));
  CHECK(its.store.usage("r1").value() == used);
  CHECK(sql(its.file, kRows) == Lines{"r1/T0/1|2023-11-14T22:21:40.000Z|"
                                      R"({"cpu":1.25,"memory":300000000,"processes":7})",
                                      "r1/T1/1|2023-11-14T22:21:40.000Z|"
                                      R"({"cpu":0.0,"memory":4096,"processes":1})"});
  CHECK(its.store.usage("r2").value().empty());
}

TEST_CASE("nobody is noted who has no row, and of who has ended nothing is shown") {
  Fixture its;
  REQUIRE(its.store.note_usage("r1", {{TaskId{"T0"}, 2, {}}, {TaskId{"no"}, 1, {}}}, kWall));
  REQUIRE(its.store.note_usage("r1", {}, kWall));
  CHECK(its.store.usage("r1").value().empty());
  REQUIRE(its.store.note_usage("r1", {{TaskId{"T0"}, 1, {1, 2, 3}}}, kWall));
  REQUIRE(its.run.handle(AgentExited{TaskId{"T0"}, 1, ExitKind::Code, 0, ""}));
  CHECK(its.store.usage("r1").value().empty());
}

TEST_CASE("what another program writes there is not believed to be numbers") {
  Fixture its;
  for (const char* text : {"x", "[1]", R"({"cpu":"1","memory":[2],"processes":null})",
                           R"({"memory":1e300,"processes":0.5})"}) {
    INFO(text);
    sql(its.file, "update agent_lifecycle set resource_usage = ? where agent_id = 'r1/T0/1'",
        {text});
    const std::vector<AgentResources> read = its.store.usage("r1").value();
    REQUIRE(read.size() == 1);
    CHECK(read[0].usage == ResourceUse{});
  }
}

TEST_CASE("while somebody else writes it is left out, without waiting") {
  Fixture its;
  Database other = std::move(Database::open(its.file, Lock::Write).value());
  REQUIRE(other.script("BEGIN IMMEDIATE"));
  const auto begin = std::chrono::steady_clock::now();
  const Status noted = its.store.note_usage("r1", {{TaskId{"T0"}, 1, {}}}, kWall);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
  REQUIRE_FALSE(noted);
  CHECK(noted.error().fault == Fault::Busy);
  REQUIRE(other.script("COMMIT"));
  CHECK(its.store.note_usage("r1", {{TaskId{"T0"}, 1, {}}}, kWall));
}
