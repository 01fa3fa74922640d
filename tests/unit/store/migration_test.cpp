// Databases of earlier schemas, written by the programs of their time: a stopped run with tasks in
// many states, and one whose supervisor was killed while a task was being ended. Those of schemas 3
// and 5 are the one of schema 2 after their programs had opened it.
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "store/agent_rows.hpp"
#include "store/enum_words.hpp"
#include "store/impl.hpp"
#include "store/rewrite.hpp"
#include "store/schema.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

#include <fmt/format.h>

#include <map>

using namespace orch;
using namespace orch::store;

namespace {

struct OldDatabase {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "orch.db";

  explicit OldDatabase(int schema) {
    const Result<std::string> dump =
        read_file(fmt::format(ORCH_TEST_DATA "/store/schema{}.sql", schema));
    REQUIRE(dump);
    REQUIRE(write_file(file, "", 0600));
    Result<Database> database = Database::open(file, Lock::Write);
    REQUIRE(database);
    REQUIRE(database->script(*dump));
  }

  Store open(Access access = Access::ReadWrite) const {
    Result<Store> store = Store::open(file, access);
    REQUIRE(store);
    return std::move(*store);
  }

  std::vector<std::string> words(const std::string& column_and_table) const {
    return sql(file, "SELECT " + column_and_table);
  }
};

std::string stopped_run(const Store& store) {
  return store.runs().value().at(1).id;
}

std::string killed_run(const Store& store) {
  return store.runs().value().at(0).id;
}

std::map<std::string, TaskState> states_of(const State& state) {
  std::map<std::string, TaskState> states;
  for (const TaskRecord& task : state.tasks)
    states[task.id().value] = task.state;
  return states;
}

const std::map<std::string, TaskState> kStates = {
    {"T1", TaskState::Merged},  {"T2", TaskState::Failed},  {"T3", TaskState::Unreachable},
    {"T4", TaskState::Waiting}, {"T5", TaskState::Blocked}, {"T6", TaskState::Waiting},
    {"T7", TaskState::Aborted}, {"T8", TaskState::Merged}};

}  // namespace

TEST_CASE("an older database is opened, and nothing in it has changed its meaning") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  const Store store = old.open();
  const Result<State> stopped = store.load(stopped_run(store));
  REQUIRE(stopped);
  CHECK(stopped->run.phase == RunPhase::Stopped);
  CHECK(states_of(*stopped) == kStates);
  CHECK(stopped->tasks[0].plan.spec.priority == Priority::P0);
  CHECK(stopped->tasks[1].plan.spec.priority == Priority::P2);
  CHECK(stopped->run.rules.agents.at("sh").done == DoneBy::Exit);
  CHECK(stopped->run.rules.agents.at("claude").done == DoneBy::Report);
  CHECK(stopped->run.rules.follow == Follow::Landing);

  const Result<State> killed = store.load(killed_run(store));
  REQUIRE(killed);
  CHECK(killed->run.phase == RunPhase::Stopping);
  CHECK(killed->tasks[0].state == TaskState::Stopping);
  CHECK(killed->tasks[0].ending == Ending::Interrupt);
  REQUIRE(killed->pending.size() == 1);
  CHECK(name_of(killed->pending.begin()->second.effect) == "rescue_work");
}

TEST_CASE("a reader that comes before the first writer sees an older database") {
  const int schema = GENERATE(1, 2, 3, 5);
  const OldDatabase old(schema);
  const Store store = old.open(Access::ReadOnly);
  const Result<State> state = store.load(stopped_run(store));
  REQUIRE(state);
  CHECK(states_of(*state) == kStates);
  CHECK(store.load_record(stopped_run(store)).value().rules == state->run.rules);
  CHECK(old.words("max(user_version) FROM pragma_user_version") ==
        std::vector<std::string>{fmt::format("{}", schema)});
  const Result<State> killed = store.load(killed_run(store));
  REQUIRE(killed);
  CHECK(killed->tasks[0].state == TaskState::Stopping);
}

TEST_CASE("no number is left where an enum is stored") {
  const OldDatabase old(1);
  { const Store store = old.open(); }
  for (const std::string text :
       {"record FROM run", "record FROM task_record", "event FROM execution_trace"}) {
    for (const std::string& json : old.words(text)) {
      INFO(json);
      CHECK(in_words(json) == json);
    }
  }
  const auto events = old.words("group_concat(event, char(10)) FROM execution_trace");
  REQUIRE(events.size() == 1);
  for (const std::string word :
       {R"("verb":"hold")", R"("verb":"down")", R"("kind":"stopped")", R"("kind":"blocked")",
        R"("priority":"P2")", R"("on_overlap":"sequential")"}) {
    INFO(word);
    CHECK(events[0].find(word) != std::string::npos);
  }
}

TEST_CASE("every event of an older database can be read after it was migrated") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  const Store store = old.open();
  for (const std::string& run : {stopped_run(store), killed_run(store)}) {
    const Result<std::vector<TraceRow>> rows = store.trace(run, 0, 1000);
    REQUIRE(rows);
    for (const TraceRow& row : *rows) {
      INFO(row.event);
      CHECK(decode_event(row.event));
    }
  }
}

TEST_CASE("of an older run it is known what happened, but not when tasks moved on") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  const Access access = GENERATE(Access::ReadOnly, Access::ReadWrite);
  const Store store = old.open(access);
  const Result<std::vector<PastEvent>> past = store.history(stopped_run(store));
  REQUIRE(past);
  CHECK_FALSE(past->empty());
  for (const PastEvent& event : *past) {
    CHECK_FALSE(event.facts.empty());
    CHECK(event.stages.empty());
  }
}

TEST_CASE("results of tests are kept, and it is not known what the tests took") {
  const OldDatabase old(5);
  {
    const Store reader = old.open(Access::ReadOnly);
    CHECK(reader.gate_runs(stopped_run(reader))->empty());
  }
  const Store store = old.open();
  CHECK(store.green_trees() == std::set{old.words("tree FROM gate_result WHERE passed = 1").at(0)});
  const std::string red = old.words("key FROM gate_result WHERE passed = 0").at(0);
  const GateResult known{.run = killed_run(store),
                         .passed = false,
                         .why = "`make check` exited with 2",
                         .log = "/there/.tmux-orch/runs/R/gates/L.2/log"};
  CHECK(store.gate(red).value() == known);
  CHECK(old.words("count(*) FROM gate_result WHERE duration_ms IS NULL") ==
        std::vector<std::string>{"2"});
  CHECK(store.gate_runs(stopped_run(store))->empty());
}

TEST_CASE("a run of an older schema is gone on with") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  Store store = old.open();
  const std::string run = stopped_run(store);
  RunInStore resumed(store, run, store.load(run).value());
  RunResumed up{resumed.state().run.rules, {}, true};
  for (const TaskRecord& task : resumed.state().tasks)
    up.tasks.push_back(task.plan.spec);
  REQUIRE(resumed.handle(up));
  CHECK(resumed.state().run.phase == RunPhase::Running);
  const Result<State> stored = store.load(run);
  REQUIRE(stored);
  CHECK(*stored == resumed.state());
  CHECK(store.last_trace(run).value().at(0).state_hash == state_hash(*stored));
}

TEST_CASE("damage in an older database is still found after it was migrated") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  sql(old.file, "UPDATE task_record SET why = why, record = replace(record, '\"M1\"', '\"M3\"')");
  const Result<Store> store = Store::open(old.file, Access::ReadWrite);
  REQUIRE_FALSE(store);
  CHECK(store.error().fault == Fault::Corrupt);
}

TEST_CASE("of an older database the rules get a column, and the outbox keeps what is to do") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  { const Store store = old.open(); }
  CHECK(old.words("count(*) FROM run WHERE record LIKE '%\"rules\"%'") ==
        std::vector<std::string>{"0"});
  CHECK(old.words("count(*) FROM run WHERE rules LIKE '{%\"base\":\"main\"%}'") ==
        std::vector<std::string>{"2"});
  CHECK(old.words("kind FROM effect") == std::vector<std::string>{"rescue_work"});
}

TEST_CASE("the trace of an older database counts on from where it was") {
  const OldDatabase old(GENERATE(1, 2, 3, 5));
  const std::int64_t last = std::stoll(old.words("max(seq) FROM execution_trace").at(0));
  Store store = old.open();
  const std::string run = killed_run(store);
  RunInStore resumed(store, run, store.load(run).value());
  CHECK(resumed.handle(ClockTicked{}).value() == last + 1);
}

TEST_CASE("a landing under way is known by its steps in the outbox") {
  StoredRun run{
      .record = R"({"landing":"T"})",
      .tasks = {},
      .agents = {},
      .effects = {
          {3, R"({"type":"test_landing","task":"T","landing":2,"onto":"o","candidate":"c"})"},
          {4,
           R"({"type":"prepare_landing","task":"","landing":1,"onto":"o","work":"w","retry":{"tries":1,"not_before":9}})"},
          {5, R"({"type":"follow_base","target":"o"})"}}};
  part_agents(run);
  const Result<RunRecord> record = decode_run(run.record);
  REQUIRE(record);
  const std::vector<Landing> landings = {
      {TaskId{"T"}, 2, {}, CommitId{"o"}, CommitId{"c"}, LandingState::Testing},
      {TaskId{}, 1, CommitId{"w"}, CommitId{"o"}, {}, LandingState::Waiting}};
  CHECK(record->landings == landings);
}

TEST_CASE("what flags said of a task, its state says, and its agent has a row of its own") {
  const auto parted = [](const std::string& fields) {
    StoredRun run{.record = "{}",
                  .tasks = {"{" + fields + R"(,"plan":{"spec":{"id":"T"}}})"},
                  .agents = {},
                  .effects = {{7, R"({"type":"start_agent","task":"T"})"}}};
    part_agents(run);
    return run;
  };
  const std::string first =
      R"("attempt":{"number":1,"worker":2,"has_slot":true,"pid":5,"agent":"sh"},)";
  const StoredRun part = parted(first + R"("ending":"none","rest":true,"state":"landing")");
  const Result<TaskRecord> task = decode_task(part.tasks[0]);
  REQUIRE(task);
  CHECK(task->state == TaskState::PartLanded);
  CHECK(task->attempts == 1);
  CHECK(task->agent == 1);
  CHECK(task->worker == 2);
  REQUIRE(part.agents.size() == 1);
  const Result<AgentRun> agent = decode_agent(part.agents[0].second);
  REQUIRE(agent);
  CHECK(agent->phase == AgentPhase::Starting);
  CHECK(agent->task.value == "T");
  CHECK(agent->kind == "sh");
  CHECK(agent->shim.pid == 5);
  CHECK(decode_run(part.record)->next_agent == 2);

  const StoredRun early =
      parted(R"("ending":"abort","rest":true,"state":"landing","heard":["r1"],"mishaps":3)");
  const Result<TaskRecord> ended = decode_task(early.tasks[0]);
  REQUIRE(ended);
  CHECK(ended->state == TaskState::Stopping);
  CHECK(ended->agent == 0);
  CHECK(ended->restarts == 3);
  CHECK(ended->seen_reports == std::vector<std::string>{"r1"});
}

TEST_CASE("the messages of agents get rows of their own") {
  const OldDatabase old(3);
  const std::string id = old.words("max(run) FROM agent_run").front();
  sql(old.file,
      "UPDATE agent_run SET record = json_set(record, '$.messages', json('["
      R"({"id":"i1","kind":"text","from":"user","text":"old","state":"started","why":"","now":true,)"
      R"("put_off":0,"at":7},)"
      R"({"id":"i2","kind":"guidance","from":"tmux-orch: loop","text":"Stop.","state":"queued",)"
      R"("why":"busy","now":false,"put_off":2,"at":8}])"
      "')) WHERE run = '" +
          id + "' AND id = (SELECT min(id) FROM agent_run WHERE run = '" + id + "')");
  {
    Result<Database> database = Database::open(old.file, Lock::Write);
    REQUIRE(database);
    REQUIRE(renew_hash(*database, id));
  }
  if (GENERATE(false, true)) {
    const Store migrated = old.open();
  }
  const Store store = old.open(Access::ReadOnly);
  const Result<State> state = store.load(id);
  REQUIRE(state);
  CHECK(state->run.next_message == 3);
  CHECK(state->agents.begin()->second.told == 1);
  const Message* over = state->messages.find(1);
  const Message* open = state->messages.find(2);
  REQUIRE((over != nullptr && open != nullptr));
  CHECK(over->state == MessageState::Started);
  CHECK(over->now);
  CHECK(to_text(over->from) == "user");
  CHECK(open->to == party_of(state->agents.begin()->second.task));
  CHECK(open->about == "loop");
  CHECK(open->why == "busy");
  CHECK(state->messages.has_open(open->to.task));
  const auto history = store.messages(id, {}, 10);
  REQUIRE(history);
  CHECK(history->size() == 2);
  CHECK(history->back().from == "tmux-orch");
  CHECK(history->back().text == "Stop.");
}

TEST_CASE("rows of another shape are left as they are, to be found damaged") {
  const StoredRun damaged{.record = R"({"landing":null})",
                          .tasks = {R"({"plan":{"spec":7},"attempt":{"number":1}})"},
                          .agents = {},
                          .effects = {{1, R"({"type":"land","task":{"id":"T"}})"}}};
  StoredRun run = damaged;
  part_agents(run);
  CHECK(run.record == damaged.record);
  CHECK(run.tasks == damaged.tasks);
  CHECK(run.agents.empty());
}

TEST_CASE("a damaged run of an older schema is refused and does no harm to the others") {
  const OldDatabase old(2);
  sql(old.file,
      "UPDATE task_record SET record = replace(record, '\"number\":1', '\"number\":\"x\"')"
      " WHERE task_id = 'T1'");
  const Store store = old.open();
  CHECK(store.load(stopped_run(store)).error().fault == Fault::Corrupt);
  CHECK(store.load(killed_run(store)));
}
