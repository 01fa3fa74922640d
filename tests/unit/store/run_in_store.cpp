// Events, outcomes and rows for the tests of the store.
#include "unit/store/run_in_store.hpp"

#include "orch/base/variant.hpp"

namespace orch::store {

RunInfo run_info(const std::string& id) {
  return {id, "/repo/tasks.md", "/repo", "orch/run", "boot-1", 12'345, 1'700'000'000'000};
}

TaskSpec spec_of(const std::string& id) {
  TaskSpec spec;
  spec.id = TaskId{id};
  spec.title = "do " + id;
  spec.body = "the \"body\" of " + id + "\nwith a line\tand \xc3\xa9\xe2\x82\xac";
  return spec;
}

RunStarted start_of(int tasks) {
  RunStarted start;
  start.rules.agent = "sh";
  start.rules.agents["sh"] = {DoneBy::Exit, true, false, 0};
  start.rules.base = "main";
  start.rules.tested = true;
  start.base = CommitId{"base"};
  for (int i = 0; i < tasks; ++i) {
    TaskSpec spec = spec_of(fmt::format("T{}", i));
    if (i % 3 == 2) spec.depends.push_back(TaskId{fmt::format("T{}", i - 1)});
    start.tasks.push_back(spec);
  }
  return start;
}

State full_state() {
  TaskRecord task;
  task.plan = {spec_of("A/1"), {{TaskId{"B"}, "B makes b.c"}}, Priority::P0, 2, 3};
  task.plan.spec.timeout = std::chrono::minutes(5);
  task.plan.spec.parent = TaskId{"B"};
  task.plan.spec.files = {"a b.c", "'; drop table run; --"};
  task.needs = {TaskId{"B"}};
  task.overlaps = {TaskId{"C"}};
  task.state = TaskState::Running;
  task.why = quoted("at work");
  task.attempts = 2;
  task.agent = 5;
  task.worker = 1;
  task.crashes = 1;
  task.not_before = at_ms(99);
  task.ending = Ending::Retry;
  task.progress = 0.3;
  task.rescues = {"refs/orch/rescue/1"};
  task.changed_at = at_ms(4);
  TaskRecord other;
  other.plan.spec = spec_of("B");
  other.state = TaskState::Merged;

  State state;
  state.run.rules = start_of(0).rules;
  state.run.phase = RunPhase::Running;
  state.run.landings = {{.task = TaskId{"B"}, .number = 1, .work = CommitId{"c1"}}};
  state.run.next_effect = 12;
  state.run.waiting_for_user = at_ms(77);
  state.tasks = std::vector{task, other};
  state.agents.emplace(5, AgentRun{.id = 5,
                                   .task = task.id(),
                                   .attempt = 2,
                                   .worker = 1,
                                   .kind = "sh",
                                   .worktree = "/w/a",
                                   .branch = "orch/a",
                                   .start = CommitId{"c0"},
                                   .window = "@1",
                                   .pane = "%1",
                                   .shim = {.host = {}, .pid = 4711},
                                   .phase = AgentPhase::Live,
                                   .began = at_ms(3),
                                   .busy_since = at_ms(5),
                                   .busy = Span(7)});
  state.pending.add(3, {StopAgent{TaskId{"A/1"}, 2}, {2, at_ms(88), quoted("busy")}});
  state.pending.add(11, {FollowBase{CommitId{"c9"}}, {}});
  return state;
}

Result<std::int64_t> RunInStore::handle(const Event& event) {
  now_ += 10;
  const Decision decision = engine_.handle(event, at_ms(now_));
  return store_.commit(run_, event, decision, engine_.state(), at_ms(now_),
                       1'700'000'000'000 + now_);
}

static Outcome success_of(const Effect& effect) {
  return std::visit(
      Overloaded{
          [](const TestBase&) -> Outcome {
            return Tested{true, "", ""};
          },
          [](const CreateWorktree& made) -> Outcome {
            return WorktreeReady{"/w/" + made.task.value, "orch/" + made.task.value, made.from};
          },
          [](const StartAgent& started) -> Outcome {
            return AgentStarted{"@1", "%1", 1000 + started.attempt};
          },
          [](const CollectWork& collected) -> Outcome {
            return WorkCollected{CommitId{"work-" + collected.task.value}, true, ""};
          },
          [](const RescueWork&) -> Outcome { return WorkRescued{}; },
          [](const PrepareLanding& prepared) -> Outcome {
            return LandingPrepared{CommitId{"candidate-" + prepared.task.value}};
          },
          [](const TestLanding&) -> Outcome {
            return Tested{true, "", ""};
          },
          [](const Land& landed) -> Outcome { return Landed{landed.candidate}; },
          [](const auto&) -> Outcome { return Done{}; },
      },
      effect);
}

std::optional<Event> RunInStore::next() const {
  const State& state = engine_.state();
  if (!state.pending.empty()) {
    const auto& [id, entry] = *state.pending.begin();
    return EffectEnded{id, success_of(entry.effect)};
  }
  for (const TaskRecord& task : state.tasks) {
    if (!state.agent_of(task).is_alive()) continue;
    return AgentExited{task.id(), task.attempts, ExitKind::Code, 0, ""};
  }
  return {};
}

std::vector<std::string> sql(const std::filesystem::path& file, const std::string& statement,
                             Values values) {
  Result<Database> database = Database::open(file, Lock::Write);
  if (!database) return {database.error().what};
  std::vector<std::string> lines;
  const Status done = database->rows(statement, values, [&](const Row& row) -> Status {
    std::string line;
    for (int column = 0; column < row.columns(); ++column) {
      if (column > 0) line += '|';
      line += row.text(column);
    }
    lines.push_back(line);
    return {};
  });
  if (!done) return {done.error().what};
  return lines;
}

}  // namespace orch::store
