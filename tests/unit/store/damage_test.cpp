// Files that are cut, flipped, foreign, empty or from the future.
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "store/schema.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <algorithm>

using namespace orch;
using namespace orch::store;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& file) {
  return read_file(file).value_or(std::string());
}

/// A finished run's file, its log moved into it, and its state.
struct Sample {
  TemporaryFolder folder;
  fs::path file = folder / "orch.db";
  State state;

  Sample() {
    Result<Store> store = Store::open(file, Access::ReadWrite);
    REQUIRE(store);
    REQUIRE(store->begin_run(run_info("r1")));
    RunInStore run(*store, "r1");
    for (std::optional<Event> event = start_of(6); event; event = run.next()) {
      REQUIRE(run.handle(*event));
    }
    state = run.state();
  }
};

/// Opens damaged bytes twice, as a supervisor and its next start would. Whatever happens, the state
/// is either the one that was written or reported as damaged, and no byte is lost.
void open_damaged(const State& state, const std::string& bytes) {
  const TemporaryFolder folder;
  const fs::path file = folder / "orch.db";
  REQUIRE(write_file(file, bytes));
  bool aside = false;
  {
    const Result<Store> store = Store::open(file, Access::ReadWrite);
    aside = !store && store.error().fault == Fault::Corrupt;
    INFO((store ? "opened" : to_text(store.error())));
    if (store) {
      const Result<std::optional<RunInfo>> run = store->latest_run();
      REQUIRE(run);
      REQUIRE(*run);
      CHECK(store->load((*run)->id).value() == state);
    } else if (aside) {
      CHECK(store.error().hint.find("orch.db.corrupt-1") != std::string::npos);
    } else {
      CHECK(store.error().fault == Fault::TooNew);
      CHECK(bytes_of(file) == bytes);
    }
  }
  if (!aside) return;
  CHECK(bytes_of(file.native() + ".corrupt-1") == bytes);
  CHECK_FALSE(fs::exists(file));
  const Result<Store> fresh = Store::open(file, Access::ReadWrite);
  REQUIRE(fresh);
  CHECK(fresh->latest_run().value() == std::nullopt);
}

}  // namespace

TEST_CASE("a flipped byte is harmless or the file is set aside") {
  const Sample sample;
  const std::string good = bytes_of(sample.file);
  REQUIRE(good.size() > 50'000);
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < 120; ++at) {
    places.push_back(at);
  }
  for (std::size_t at = 120; at < good.size(); at += 997) {
    places.push_back(at);
  }
  for (const std::size_t at : places) {
    INFO("byte " << at);
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (at % 2 == 0 ? 0xff : 0x04));
    open_damaged(sample.state, bad);
  }
}

TEST_CASE("a page that is gone is noticed, whatever it held") {
  const Sample sample;
  const std::string good = bytes_of(sample.file);
  constexpr std::size_t kPage = 4096;
  REQUIRE(sql(sample.file, "PRAGMA page_size") == std::vector<std::string>{"4096"});
  std::size_t unnoticed = 0;
  for (std::size_t at = 0; at < good.size(); at += kPage) {
    const TemporaryFolder folder;
    std::string bad = good;
    bad.replace(at, kPage, kPage, '\0');
    REQUIRE(write_file(folder / "orch.db", bad));
    if (Store::open(folder / "orch.db", Access::ReadWrite)) ++unnoticed;
  }
  CHECK(std::to_string(unnoticed) == sql(sample.file, "PRAGMA freelist_count").front());
}

TEST_CASE("a file cut short is set aside") {
  const Sample sample;
  const std::string good = bytes_of(sample.file);
  for (std::size_t size = 1; size < good.size(); size += size < 200 ? 37 : 4096) {
    INFO("cut at " << size);
    open_damaged(sample.state, good.substr(0, size));
  }
}

TEST_CASE("a changed letter in a stored record is noticed by reader and writer") {
  const Sample sample;
  REQUIRE(sql(sample.file,
              "update task_record set record = replace(record, 'do T1', 'do T9') where task_id = "
              "'T1'")
              .empty());

  const Result<Store> reader = Store::open(sample.file, Access::ReadOnly);
  REQUIRE(reader);
  CHECK(reader->load("r1").error().fault == Fault::Corrupt);
  CHECK(Store::open(sample.file, Access::ReadWrite).error().fault == Fault::Corrupt);
  CHECK(fs::exists(sample.file.native() + ".corrupt-1"));
}

TEST_CASE("what is set aside twice gets two names") {
  const TemporaryFolder folder;
  const fs::path file = folder / "orch.db";
  for (const std::string number : {"1", "2", "3"}) {
    REQUIRE(write_file(file, "not a database " + std::string(4096, 'x') + number));
    const Result<Store> store = Store::open(file, Access::ReadWrite);
    REQUIRE_FALSE(store);
    CHECK(store.error().fault == Fault::Corrupt);
    CHECK(bytes_of(file.native() + ".corrupt-" + number).back() == number[0]);
  }
}

TEST_CASE("an empty file is a new one, unless its log is not empty") {
  const TemporaryFolder folder;
  const fs::path file = folder / "orch.db";
  REQUIRE(write_file(file, ""));
  CHECK(Store::open(file, Access::ReadOnly).error().fault == Fault::NotFound);
  REQUIRE(Store::open(file, Access::ReadWrite));

  fs::remove(file);
  REQUIRE(write_file(file.native() + "-wal", "left over"));
  CHECK(Store::open(file, Access::ReadWrite).error().fault == Fault::Corrupt);
  CHECK(bytes_of(file.native() + ".corrupt-1-wal") == "left over");
  CHECK(Store::open(file, Access::ReadWrite));
}

TEST_CASE("a damaged log gives an earlier state of the run, never another one") {
  const TemporaryFolder folder;
  const fs::path file = folder / "orch.db";
  const fs::path copy = folder / "copy.db";
  std::vector<State> states;
  std::string log;
  {
    Result<Store> store = Store::open(file, Access::ReadWrite);
    REQUIRE(store);
    REQUIRE(store->begin_run(run_info("r1")));
    RunInStore run(*store, "r1");
    for (std::optional<Event> event = start_of(3); event; event = run.next()) {
      states.push_back(run.state());
      REQUIRE(run.handle(*event));
    }
    states.push_back(run.state());
    log = bytes_of(file.native() + "-wal");
    fs::copy(file, copy);
  }
  const std::string before = bytes_of(copy);
  for (std::size_t at = 0; at < log.size(); at += 6101) {
    INFO("byte " << at);
    std::string bad = log;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    REQUIRE(write_file(copy, before));
    REQUIRE(write_file(copy.native() + "-wal", bad));
    const Result<Store> store = Store::open(copy, Access::ReadWrite);
    REQUIRE(store);
    const Result<State> state = store->latest_run().value() ? store->load("r1") : State();
    REQUIRE(state);
    CHECK(std::ranges::find(states, *state) != states.end());
  }
}

TEST_CASE("the log of a damaged file is set aside with it") {
  Sample sample;
  std::string log;
  {
    Result<Store> store = Store::open(sample.file, Access::ReadWrite);
    REQUIRE(store);
    REQUIRE(store->begin_run(run_info("r2")));
    log = bytes_of(sample.file.native() + "-wal");
    fs::copy(sample.file, sample.folder / "copy.db");
    REQUIRE(write_file(sample.folder / "copy.db-wal", log));
  }
  REQUIRE_FALSE(log.empty());
  std::string bad = bytes_of(sample.folder / "copy.db");
  bad.resize(bad.size() / 2);
  REQUIRE(write_file(sample.folder / "copy.db", bad));

  CHECK(Store::open(sample.folder / "copy.db", Access::ReadWrite).error().fault == Fault::Corrupt);
  CHECK(bytes_of(sample.folder / "copy.db.corrupt-1") == bad);
  CHECK(bytes_of(sample.folder / "copy.db.corrupt-1-wal") == log);
  CHECK_FALSE(fs::exists(sample.folder / "copy.db-wal"));
}

TEST_CASE("a file from a newer version is refused and not touched") {
  const Sample sample;
  REQUIRE(sql(sample.file, "pragma user_version = 9").empty());
  const std::string before = bytes_of(sample.file);

  for (const Access access : {Access::ReadWrite, Access::ReadOnly}) {
    const Result<Store> store = Store::open(sample.file, access);
    REQUIRE_FALSE(store);
    CHECK(store.error().fault == Fault::TooNew);
    CHECK(store.error().what ==
          "orch.db was written by a newer tmux-orch (schema 9, this one knows 7)");
    CHECK_FALSE(store.error().hint.empty());
  }
  CHECK(bytes_of(sample.file) == before);
}

TEST_CASE("a newer file keeps its log, too") {
  const Sample sample;
  const fs::path copy = sample.folder / "copy.db";
  std::string log;
  {
    Result<Store> holder = Store::open(sample.file, Access::ReadWrite);
    REQUIRE(holder);
    REQUIRE(sql(sample.file, "pragma user_version = 9").empty());
    fs::copy(sample.file, copy);
    log = bytes_of(sample.file.native() + "-wal");
    REQUIRE(write_file(copy.native() + "-wal", log));
  }
  const std::string before = bytes_of(copy);

  CHECK(Store::open(copy, Access::ReadWrite).error().fault == Fault::TooNew);
  CHECK(bytes_of(copy) == before);
  CHECK(bytes_of(copy.native() + "-wal") == log);
}

TEST_CASE("a database of somebody else is set aside, not filled with our tables") {
  const TemporaryFolder folder;
  const fs::path file = folder / "orch.db";
  REQUIRE(write_file(file, ""));
  REQUIRE(sql(file, "create table theirs(x)").empty());
  CHECK(Store::open(file, Access::ReadWrite).error().fault == Fault::Corrupt);
  CHECK(sql(file.native() + ".corrupt-1", "select name from sqlite_schema") ==
        std::vector<std::string>{"theirs"});
}

TEST_CASE("a very large file is checked where it is read") {
  const Sample sample;
  REQUIRE(sql(sample.file, "create table bulk(x)").empty());
  REQUIRE(sql(sample.file, "insert into bulk values (zeroblob(70000000))").empty());
  CHECK(Store::open(sample.file, Access::ReadWrite)->load("r1").value() == sample.state);

  REQUIRE(sql(sample.file, "update run set record = record || ' '").empty());
  CHECK(Store::open(sample.file, Access::ReadWrite).error().fault == Fault::Corrupt);
}
