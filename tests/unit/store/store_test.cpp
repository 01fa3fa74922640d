#include "store/store.hpp"

#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <sys/stat.h>

#include <algorithm>

using namespace orch;
using namespace orch::store;

static mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};

  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST_CASE("a new store has no run and belongs to its owner alone") {
  const TemporaryFolder folder;
  const auto file = folder / "new folder/orch.db";

  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);

  CHECK(store->latest_run().value() == std::nullopt);
  CHECK(store->runs()->empty());
  REQUIRE(store->begin_run(run_info("r1")));
  CHECK(mode_of(file.parent_path()) == 0700);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file.native() + "-wal") == 0600);
  CHECK(mode_of(file.native() + "-shm") == 0600);
}

TEST_CASE("every step of a run is read back as it was, with the hash of the whole state") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  Result<Store> reader = Store::open(file, Access::ReadOnly);
  REQUIRE(reader);
  RunInStore run(*store, "r1");

  std::int64_t last = 0;
  int steps = 0;
  for (std::optional<Event> event = start_of(7); event && steps < 500; event = run.next()) {
    ++steps;
    const Result<std::int64_t> seq = run.handle(*event);
    REQUIRE(seq);
    REQUIRE(*seq == last + 1);
    const Result<State> loaded = reader->load("r1");
    REQUIRE(loaded);
    REQUIRE(*loaded == run.state());
    REQUIRE(reader->phase("r1").value() == run.state().run.phase);
    REQUIRE(reader->load_record("r1").value() == run.state().run);
    const auto rows = reader->trace("r1", last, 10);
    REQUIRE(rows);
    REQUIRE(rows->size() == 1);
    REQUIRE(rows->front().seq == *seq);
    REQUIRE(rows->front().state_hash == state_hash(run.state()));
    INFO(rows->front().event);
    REQUIRE(decode_event(rows->front().event).value() == *event);
    last = *seq;
  }

  CHECK(run.state().run.phase == RunPhase::Finished);
  CHECK(steps > 7 * 5);
}

TEST_CASE("a state made by hand comes back whole") {
  const TemporaryFolder folder;
  const State state = full_state();
  {
    Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
    REQUIRE(store);
    REQUIRE(store->begin_run(run_info("r1")));
    Decision decision;
    decision.durable = true;
    decision.facts = {{FactKind::TaskStarted, TaskId{"A/1"}, quoted("started \"it\"")}};
    REQUIRE(store->commit("r1", ClockTicked{}, decision, state, at_ms(42), 1'700'000'000'123));
  }

  Result<Store> again = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(again);
  CHECK(again->load("r1").value() == state);
  const auto rows = again->trace("r1", 0, 10);
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().run == "r1");
  CHECK(rows->front().at == at_ms(42));
  CHECK(rows->front().wall_ms == 1'700'000'000'123);
  CHECK(rows->front().facts ==
        std::vector<Fact>{{FactKind::TaskStarted, TaskId{"A/1"}, quoted("started \"it\"")}});
}

TEST_CASE("the trace is read in portions and knows only its run") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  REQUIRE(store->begin_run(run_info("r2")));
  for (int i = 0; i < 6; ++i) {
    REQUIRE(store->commit(i < 4 ? "r1" : "r2", ClockTicked{}, {}, {}, at_ms(i), 0));
  }

  const auto seqs = [&](const std::string& run, std::int64_t after, int limit) {
    std::vector<std::int64_t> all;
    const auto rows = store->trace(run, after, limit);
    for (const TraceRow& row : *rows) {
      all.push_back(row.seq);
    }
    return all;
  };
  CHECK(seqs("r1", 0, 3) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(seqs("r1", 3, 3) == std::vector<std::int64_t>{4});
  CHECK(seqs("r2", 0, 100) == std::vector<std::int64_t>{5, 6});
  CHECK(seqs("r1", 0, 0).empty());
  CHECK(seqs("r1", 0, -1).empty());
  CHECK(seqs("other", 0, 9).empty());
  CHECK(store->last_trace("r1")->front().seq == 4);
  CHECK(store->last_trace("r2")->front().seq == 6);
  CHECK(store->last_trace("other")->empty());
}

TEST_CASE("runs are listed newest first and keep their clock") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  for (const std::string id : {"z-first", "a-second"}) {
    REQUIRE(store->begin_run(run_info(id)));
    REQUIRE(store->commit(id, ClockTicked{}, {}, {}, at_ms(1), 1));
  }
  REQUIRE(store->set_clock("z-first", "boot-2", -5));

  RunInfo first = run_info("z-first");
  first.boot_id = "boot-2";
  first.clock_offset_ms = -5;
  CHECK(store->runs().value() == std::vector<RunInfo>{run_info("a-second"), first});
  CHECK(store->latest_run().value() == run_info("a-second"));
  CHECK(store->latest_run("/no/such/file").value() == std::nullopt);
  CHECK(store->latest_run(first.task_file).value() == run_info("a-second"));
  REQUIRE(store->commit("z-first", ClockTicked{}, {}, {}, at_ms(2), 2));
  CHECK(store->latest_run().value() == first);
  CHECK(store->set_clock("none", "b", 1).error().fault == Fault::NotFound);
  CHECK_FALSE(store->begin_run(run_info("z-first")));
}

TEST_CASE("a run without a first commit hides no earlier one") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  CHECK(store->latest_run().value() == std::nullopt);
  RunInStore run(*store, "r1");
  REQUIRE(run.handle(start_of(1)));
  REQUIRE(store->begin_run(run_info("r2")));

  CHECK(store->latest_run().value() == run_info("r1"));
  CHECK(store->runs().value() == std::vector<RunInfo>{run_info("r1")});
  CHECK(sql(file, "select spec_id from specs_task") == std::vector<std::string>{"r1"});
}

TEST_CASE("a run that was begun and no more is an empty state, an unknown one is an error") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));

  CHECK(store->load("r1").value() == State());
  CHECK(store->load("none").error().fault == Fault::NotFound);
  CHECK(store->load_record("r1").value() == RunRecord());
  CHECK(store->load_record("none").error().fault == Fault::NotFound);
  CHECK_FALSE(store->commit("none", ClockTicked{}, {}, {}, at_ms(1), 1));
  CHECK(store->commit("r1", ClockTicked{}, {}, {}, at_ms(1), 1).value() == 1);
  CHECK(store->trace("none", 0, 9)->empty());
}

TEST_CASE("tasks that join, leave and change places are stored in the new order") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  State state = full_state();
  const Event changed = TasksChanged{};
  REQUIRE(store->commit("r1", changed, {}, state, at_ms(1), 1));

  TaskRecord joined;
  joined.plan.spec = spec_of("C");
  std::vector<TaskRecord> more(state.tasks.begin(), state.tasks.end());
  more.insert(more.begin(), joined);
  state.tasks = more;
  REQUIRE(store->commit("r1", changed, {}, state, at_ms(2), 2));
  CHECK(store->load("r1").value() == state);

  std::swap(state.tasks[1], state.tasks[2]);
  REQUIRE(store->commit("r1", changed, {}, state, at_ms(3), 3));
  CHECK(store->load("r1").value() == state);

  more.pop_back();
  state.tasks = more;
  REQUIRE(store->commit("r1", changed, {}, state, at_ms(4), 4));
  CHECK(store->load("r1").value() == state);
}

TEST_CASE("a second process goes on where the first one stopped") {
  const TemporaryFolder folder;
  State state;
  for (int round = 0; round < 5; ++round) {
    Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
    REQUIRE(store);
    if (round == 0) REQUIRE(store->begin_run(run_info("r1")));
    REQUIRE(store->load("r1").value() == state);
    RunInStore run(*store, "r1", state);
    for (int step = 0; step < 4; ++step) {
      const std::optional<Event> event = round + step == 0 ? start_of(5) : run.next();
      REQUIRE(event);
      REQUIRE(run.handle(*event));
    }
    state = run.state();
    REQUIRE(store->trace("r1", 0, 100)->back().state_hash == state_hash(state));
  }
}

TEST_CASE("a gate result is kept by its key, the last one counts") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);

  CHECK(store->gate("key").value() == std::nullopt);
  const GateResult red{.run = "r1",
                       .passed = false,
                       .why = "make check exited with 2",
                       .gate = "scan",
                       .log = "run/log",
                       .reds = 2,
                       .status = 2,
                       .took = Span(12)};
  const GateResult green{.run = "r1", .passed = true};
  REQUIRE(store->save_gate("key", "tree", red, {}));
  CHECK(store->gate("key").value() == red);
  CHECK(store->green_trees()->empty());
  REQUIRE(store->save_gate("key", "tree", green, {}));
  CHECK(store->gate("key").value() == green);
  CHECK(store->green_trees() == std::set<std::string>{"tree"});
  CHECK(store->gate("other").value() == std::nullopt);
}

TEST_CASE("every command that ran is kept, also of a result that another one has replaced") {
  const TemporaryFolder folder;
  Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(store);
  const GateRun passes{.task = TaskId{"T1"}, .command = "make", .took = Span(7), .log = "log"};
  const GateRun fails{.task = TaskId{"T1"},
                      .gate = "scan",
                      .command = "scan .",
                      .end = GateEnd::Signal,
                      .status = 137,
                      .took = Span(9),
                      .log = "log"};
  REQUIRE(store->save_gate("key", "tree", {.run = "r1"}, {passes, fails}));
  REQUIRE(store->save_gate("key", "tree", {.run = "r1", .passed = true}, {passes}));
  REQUIRE(store->save_gate("key", "tree", {.run = "r2", .passed = true}, {passes}));

  CHECK(store->gate_runs("r1").value() == std::vector{passes, fails, passes});
  CHECK(store->gate_runs("r3")->empty());
}

TEST_CASE("children are remembered by their whole identity until they are forgotten") {
  const TemporaryFolder folder;
  const ProcessId one{10, 0xffff'ffff'ffff'fff0ULL, "boot"};
  const ProcessId later{10, 200, "boot"};
  const ProcessId rebooted{10, 200, "boot-2"};
  const ProcessId ended{11, 1, "boot"};
  const ProcessId next{12, 1, "boot"};
  {
    Result<Store> store = Store::open(folder / "orch.db", Access::ReadWrite);
    REQUIRE(store);
    for (const ProcessId& child : {one, later, rebooted, ended, one}) {
      REQUIRE(store->record_child(child, "git merge-tree"));
    }
    REQUIRE(store->forget_child(later));
    store->note_end_of(ended);
    REQUIRE(store->record_child(next, "git"));
  }

  Result<Store> again = Store::open(folder / "orch.db", Access::ReadWrite);
  REQUIRE(again);
  CHECK(again->children().value() == std::vector<ProcessId>{one, rebooted, next});
}

TEST_CASE("of each event it is kept which tasks moved on, and what is worth telling") {
  const TemporaryFolder folder;
  const auto file = folder / "orch.db";
  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);
  REQUIRE(store->begin_run(run_info("r1")));
  RunInStore run(*store, "r1");
  for (std::optional<Event> event = start_of(3); event; event = run.next())
    REQUIRE(run.handle(*event));

  const Result<std::vector<PastEvent>> past = store->history("r1");
  REQUIRE(past);
  std::vector<std::string> stages;
  std::size_t facts = 0;
  for (const PastEvent& event : *past) {
    CHECK_FALSE((event.stages.empty() && event.facts.empty()));
    facts += event.facts.size();
    for (const StageChange& change : event.stages)
      if (change.task == TaskId{"T0"}) stages.emplace_back(to_text(change.stage));
  }
  CHECK(facts > 0);
  CHECK(std::ranges::is_sorted(*past, {}, &PastEvent::at));
  REQUIRE(stages.size() > 4);
  CHECK(stages.back() == "merged");
  CHECK(std::ranges::find(stages, "working") != stages.end());
  CHECK(std::ranges::find(stages, "landing") != stages.end());
  CHECK(std::ranges::adjacent_find(stages) == stages.end());
  CHECK(store->history("r2")->empty());
}
