// The tables that other programs and people use, by the statements they use.
#include "catch.hpp"
#include "orch/core/codec.hpp"
#include "store/store.hpp"
#include "unit/base/temporary_folder.hpp"
#include "unit/store/run_in_store.hpp"

using namespace orch;
using namespace orch::store;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* kRunning =
    "select agent_id, agent_type, status, pid, started_at, last_heartbeat, resource_usage"
    " from agent_lifecycle where status = 'running'";
constexpr const char* kReady =
    "select t.task_id, t.spec_id, t.status from specs_task t where t.status = 'waiting'"
    " and not exists (select 1 from task_dependency d join specs_task n on n.task_id ="
    " d.to_task_id where d.from_task_id = t.task_id and n.status <> 'merged')";

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder / "orch.db";
  Store store = std::move(Store::open(file, Access::ReadWrite).value());

  Fixture() { REQUIRE(store.begin_run(run_info("r1"))); }
};

void play(RunInStore& run, const Event& first, int steps) {
  REQUIRE(run.handle(first));
  for (int step = 0; step < steps; ++step) {
    const std::optional<Event> event = run.next();
    if (!event) return;
    REQUIRE(run.handle(*event));
  }
}

}  // namespace

TEST_CASE("running agents are found by the mission's select, and their heartbeat updated") {
  Fixture its;
  RunInStore run(its.store, "r1");
  RunStarted start = start_of(2);
  start.rules.workers = 1;
  play(run, start, 3);  // base tested, worktree made, agent started

  CHECK(sql(its.file, kRunning) ==
        Lines{"r1/T0/1|sh|running|1001|2023-11-14T22:13:20.040Z|2023-11-14T22:13:20.040Z|{}"});

  CHECK(sql(its.file,
            "update agent_lifecycle set last_heartbeat = ?, resource_usage = ? where agent_id = ?",
            {1'700'000'010, R"({"cpu":1})", "r1/T0/1"})
            .empty());
  REQUIRE(run.handle(AgentReported{"m1", TaskId{"T0"}, 1, ReportKind::Progress, "half", 0.5}));
  CHECK(sql(its.file, kRunning) ==
        Lines{R"(r1/T0/1|sh|running|1001|2023-11-14T22:13:20.040Z|1700000010|{"cpu":1})"});

  REQUIRE(run.handle(AgentExited{TaskId{"T0"}, 1, ExitKind::Code, 0, ""}));
  CHECK(sql(its.file, kRunning).empty());
  CHECK(sql(its.file, "select status from agent_lifecycle") == Lines{"exited"});
}

TEST_CASE("another program may put its own rows into orchestrator_task") {
  Fixture its;
  RunInStore run(its.store, "r1");
  constexpr const char* kInsert =
      "insert into orchestrator_task (task_id, assigned_agent, worktree_path, branch_name, status,"
      " created_at) values (?, ?, ?, ?, ?, ?)";
  for (int i = 0; i < 2; ++i) {
    CHECK(sql(its.file, kInsert, {"T0", "me", "/w", "b", "running", 1'700'000'000}).empty());
  }
  play(run, start_of(1), 100);

  CHECK(sql(its.file,
            "select task_id, assigned_agent, worktree_path, branch_name, status,"
            " created_at, run, attempt from orchestrator_task order by number") ==
        Lines{"T0|me|/w|b|running|1700000000||0", "T0|me|/w|b|running|1700000000||0",
              "T0|sh|/w/T0|orch/T0|merged|2023-11-14T22:13:20.020Z|r1|1"});
}

TEST_CASE("each attempt has a row of its own") {
  Fixture its;
  RunInStore run(its.store, "r1");
  play(run, start_of(1), 3);
  REQUIRE(run.handle(AgentExited{TaskId{"T0"}, 1, ExitKind::Code, 1, ""}));
  for (int step = 0; step < 20 && run.state().tasks[0].attempts < 2; ++step) {
    const std::optional<Event> event = run.next();
    REQUIRE(run.handle(event ? *event : Event(ClockTicked{})));
    if (!event) REQUIRE(run.handle(UserAsked{Verb::Retry, TaskId{"T0"}}));
  }

  CHECK(sql(its.file, "select attempt, status from orchestrator_task order by attempt") ==
        Lines{"1|ended", "2|preparing"});
}

TEST_CASE("ready tasks are those whose needs are merged") {
  Fixture its;
  RunInStore run(its.store, "r1");
  RunStarted start = start_of(3);  // T2 needs T1
  start.rules.workers = 1;
  REQUIRE(run.handle(start));
  CHECK(sql(its.file, kReady) == Lines{"T0|r1|waiting", "T1|r1|waiting"});
  CHECK(sql(its.file, "select from_task_id, to_task_id from task_dependency") == Lines{"T2|T1"});

  REQUIRE(run.handle(UserAsked{Verb::Hold, TaskId{"T0"}}));
  CHECK(sql(its.file, kReady) == Lines{"T1|r1|waiting"});
  CHECK(sql(its.file, "select title, status from specs_task order by place") ==
        Lines{"do T0|held", "do T1|waiting", "do T2|waiting"});

  State state = run.state();
  state.tasks[1].state = TaskState::Merged;
  Decision decision;
  decision.changed = {TaskId{"T1"}};
  REQUIRE(its.store.commit("r1", ClockTicked{}, decision, state, at_ms(99), 99));
  CHECK(sql(its.file, kReady) == Lines{"T2|r1|waiting"});
}

TEST_CASE("a row in which nothing has changed is not written") {
  Fixture its;
  CHECK(sql(its.file, "create table written(name)").empty());
  for (const std::string table : {"agent_lifecycle", "orchestrator_task"}) {
    CHECK(sql(its.file, "create trigger of_" + table + " after update on " + table +
                            " begin insert into written values('" + table + "'); end")
              .empty());
  }
  RunInStore run(its.store, "r1");
  play(run, start_of(1), 3);
  CHECK(sql(its.file, "delete from written").empty());
  REQUIRE(run.handle(AgentReported{"m1", TaskId{"T0"}, 1, ReportKind::Progress, "half", 0.5}));
  CHECK(sql(its.file, "select * from written").empty());
  REQUIRE(run.handle(AgentExited{TaskId{"T0"}, 1, ExitKind::Code, 0, ""}));
  CHECK(sql(its.file, "select * from written order by 1") ==
        Lines{"agent_lifecycle", "orchestrator_task"});
}

TEST_CASE("the rules of a run are written when they change, and only then") {
  Fixture its;
  CHECK(sql(its.file, "create table written(rules)").empty());
  CHECK(sql(its.file,
            "create trigger of_rules after update of rules on run"
            " begin insert into written values(new.rules); end")
            .empty());
  RunInStore run(its.store, "r1");
  play(run, start_of(2), 100);
  CHECK(sql(its.file, "select rules from written") == Lines{encode(run.state().run.rules)});
  CHECK(sql(its.file, "select count(*) from run where record like '%\"rules\"%'") == Lines{"0"});

  Rules rules = run.state().run.rules;
  rules.workers = 7;
  REQUIRE(run.handle(RunResumed{rules, {spec_of("T0"), spec_of("T1")}, true}));
  CHECK(sql(its.file, "select count(*) from written") == Lines{"2"});
  CHECK(its.store.load("r1").value() == run.state());
}

TEST_CASE("an older run does not mix with the tasks of the newest") {
  Fixture its;
  RunInStore old_run(its.store, "r1");
  play(old_run, start_of(3), 2);
  REQUIRE(its.store.begin_run(run_info("r2")));
  RunInStore new_run(its.store, "r2");
  RunStarted start = start_of(3);
  start.tasks[0].done = true;
  REQUIRE(new_run.handle(start));

  CHECK(sql(its.file, "select task_id, spec_id, status from specs_task order by place") ==
        Lines{"T0|r2|merged", "T1|r2|waiting", "T2|r2|waiting"});
  CHECK(sql(its.file, "select from_task_id, to_task_id, spec_id from task_dependency") ==
        Lines{"T2|T1|r2"});
  CHECK(its.store.load("r1").value() == old_run.state());
}

TEST_CASE("needs follow a changed task file") {
  Fixture its;
  State state = full_state();
  REQUIRE(its.store.commit("r1", TasksChanged{}, {}, state, at_ms(1), 1));
  CHECK(sql(its.file, "select from_task_id, to_task_id from task_dependency") == Lines{"A/1|B"});
  Decision decision;
  decision.changed = {TaskId{"A/1"}};

  state.tasks[0].needs = {TaskId{"C"}, TaskId{"B"}, TaskId{"C"}};
  REQUIRE(its.store.commit("r1", TasksChanged{}, decision, state, at_ms(2), 2));
  CHECK(sql(its.file, "select to_task_id from task_dependency order by 1") == Lines{"B", "C"});

  state.tasks[0].needs.clear();
  REQUIRE(its.store.commit("r1", ClockTicked{}, decision, state, at_ms(3), 3));
  CHECK(sql(its.file, "select * from task_dependency").empty());
}

TEST_CASE("the outbox has what is still to do, and says when it was decided") {
  Fixture its;
  RunInStore run(its.store, "r1");
  REQUIRE(run.handle(start_of(1)));
  REQUIRE(run.handle(*run.next()));

  CHECK(sql(its.file, "select id, kind, task_id, created_seq from effect") ==
        Lines{"2|create_worktree|T0|2"});
}

TEST_CASE("a report is a message, once") {
  Fixture its;
  RunInStore run(its.store, "r1");
  play(run, start_of(1), 3);
  const AgentReported report{"m1", TaskId{"T0"}, 1, ReportKind::Progress, "it's 'done'; drop", 0};
  REQUIRE(run.handle(report));
  REQUIRE(run.handle(report));

  CHECK(sql(its.file, "select message_id, from_agent, to_agent, kind, text from agent_message") ==
        Lines{"m1|r1/T0/1|supervisor|progress|it's 'done'; drop"});
}

TEST_CASE("a message is a row, which stays with its text when it is over and forgotten") {
  Fixture its;
  RunInStore run(its.store, "r1");
  play(run, start_of(1), 3);
  const std::string text = "it's 'done'; drop";
  REQUIRE(run.handle(AgentReported{.id = "m1",
                                   .task = TaskId{"T0"},
                                   .attempt = 1,
                                   .kind = ReportKind::Send,
                                   .text = text,
                                   .to = "user"}));
  REQUIRE(run.handle(UserAsked{.verb = Verb::Read, .reply_to = 1}));
  CHECK(sql(its.file,
            "select message_number, from_agent, to_agent, kind, priority, state, text"
            " from agent_message") == Lines{"1|T0|user|text|normal|submitted|" + text});
  const auto history = its.store.messages("r1", "T0", 10);
  REQUIRE(history);
  REQUIRE(history->size() == 1);
  CHECK(history->front().text == text);
  CHECK(history->front().sent.ends_with("Z"));
  CHECK(its.store.messages("r1", "T7", 10).value().empty());
  CHECK(its.store.routes("r1").value().front().count == 1);
  CHECK(its.store.load("r1").value() == run.state());
}

TEST_CASE("when a message changed is known as it was, whatever is written anew") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "orch.db";
  State state;
  {
    Result<Store> store = Store::open(file, Access::ReadWrite);
    REQUIRE(store);
    REQUIRE(store->begin_run(run_info("r1")));
    RunInStore run(*store, "r1");
    play(run, start_of(1), 3);
    REQUIRE(run.handle(AgentReported{.id = "m1",
                                     .task = TaskId{"T0"},
                                     .attempt = 1,
                                     .kind = ReportKind::Send,
                                     .text = "hello",
                                     .to = "user"}));
    state = run.state();
  }
  sql(file, "update agent_message set changed_at = 'then'");
  // Another process, which does not know what is written, writes all.
  Result<Store> store = Store::open(file, Access::ReadWrite);
  REQUIRE(store);
  RunInStore run(*store, "r1", state);
  REQUIRE(run.handle(UserAsked{.verb = Verb::Hold, .task = TaskId{"T0"}}));
  CHECK(sql(file, "select changed_at from agent_message") == Lines{"then"});
  REQUIRE(run.handle(UserAsked{.verb = Verb::Read, .reply_to = 1}));
  CHECK(sql(file, "select changed_at from agent_message") != Lines{"then"});
}

TEST_CASE("a report that is called as a message is no reason to store neither") {
  Fixture its;
  RunInStore run(its.store, "r1");
  play(run, start_of(1), 3);
  REQUIRE(run.handle(UserAsked{.verb = Verb::Hold, .task = TaskId{"T0"}}));
  REQUIRE(run.handle(AgentReported{
      .id = "x", .task = TaskId{"T0"}, .attempt = 1, .kind = ReportKind::Notify, .text = "hello"}));
  const std::string id = run.state().messages.begin()->second.id;
  REQUIRE(run.handle(AgentReported{id, TaskId{"T0"}, 1, ReportKind::Progress, "half", 0.5}));
  REQUIRE(run.handle(AgentReported{
      .id = "y", .task = TaskId{"T0"}, .attempt = 1, .kind = ReportKind::Notify, .text = "again"}));
  CHECK(sql(its.file, "select count(*) from agent_message") == Lines{"3"});
}

TEST_CASE("text of others is data, whatever it looks like") {
  Fixture its;
  State state = full_state();
  const std::string nasty("x'); drop table run; --\0tail \xff\xfe", 32);
  state.tasks[0].why = quoted("\x1b]0;x\x07'\"");
  state.tasks[0].plan.spec.title = nasty;
  state.tasks[0].plan.spec.id = TaskId{"'; delete from run; --"};
  REQUIRE(its.store.commit("r1", TasksChanged{}, {}, state, at_ms(1), 1));
  const GateResult kept{.run = nasty, .passed = true, .why = nasty, .gate = nasty, .log = nasty};
  const GateRun done{.task = TaskId{nasty}, .gate = nasty, .command = nasty, .log = nasty};
  REQUIRE(its.store.save_gate(nasty, nasty, kept, {done}));

  CHECK(its.store.gate(nasty).value() == kept);
  CHECK(its.store.gate_runs(nasty).value() == std::vector{done});
  CHECK(its.store.load("r1")->tasks[0].why == state.tasks[0].why);
  CHECK(its.store.runs()->size() == 1);
  CHECK(sql(its.file, "select title from specs_task where place = 0") == Lines{nasty});
}
