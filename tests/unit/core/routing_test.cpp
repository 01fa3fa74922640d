// Which kind of agent a task goes to, and when another one goes on with it.
#include "orch/core/routing.hpp"

#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

/// Two kinds that may be chosen: `talker` for the back, `resumer` for the web.
Rules routed() {
  Rules rules = plain_rules();
  rules.workers = 4;
  rules.attempts = 9;
  rules.agent = "talker";
  rules.route = {"talker", "resumer"};
  rules.agents["talker"].capabilities = {"backend", "*.sql"};
  rules.agents["talker"].resumes = true;
  rules.agents["resumer"].capabilities = {"Frontend", "src/web/"};
  return rules;
}

TaskSpec any_task(const std::string& id) {
  TaskSpec spec;
  spec.id = TaskId{id};
  spec.title = id;
  return spec;
}

TaskSpec with_tag(const std::string& id, const std::string& tag) {
  TaskSpec spec = any_task(id);
  spec.tags = {tag};
  return spec;
}

TaskSpec with_file(const std::string& id, const std::string& file) {
  TaskSpec spec = any_task(id);
  spec.files = {file};
  return spec;
}

std::string kind_of(const Run& run, const std::string& id) {
  return run.agent(id).kind;
}

AgentSeen failed(const Run& run, const std::string& id, TurnError error, Span opens_in = 0s) {
  return {.task = TaskId{id},
          .attempt = run.task(id).attempts,
          .activity = Activity::Failed,
          .evidence = "usage limit reached",
          .error = error,
          .opens_in = opens_in};
}

}  // namespace

TEST_CASE("a task goes to the kind with the most capabilities that fit its tags and files") {
  const auto first = [](const TaskSpec& spec) { return choices_for(spec, routed()).front(); };
  CHECK(first(with_tag("A", "frontend")) == KindChoice{"resumer", {"Frontend"}});
  CHECK(first(with_file("A", "src/web/page.ts")) == KindChoice{"resumer", {"src/web/"}});
  CHECK(first(with_file("A", "schema.sql")) == KindChoice{"talker", {"*.sql"}});
  CHECK(first(any_task("A")) == KindChoice{"talker", {}});
}

TEST_CASE("there is no choice where a task or the user names the kind") {
  TaskSpec named = any_task("A");
  named.agent = "sh";
  CHECK(choices_for(named, routed()).empty());
  Rules rules = routed();
  rules.agent_is_named = true;
  CHECK(choices_for(any_task("A"), rules).empty());
  CHECK(choices_for(any_task("A"), plain_rules()).empty());
}

TEST_CASE("with failover the kinds of the route are spare ones for a task that names its own") {
  Rules rules = routed();
  rules.failover_after = 10min;
  TaskSpec named = any_task("A");
  named.agent = "talker";
  CHECK(choices_for(named, rules) ==
        std::vector<KindChoice>{{"talker", {}, false}, {"resumer", {}, true}});
}

TEST_CASE("tasks that suit all kinds are spread over them") {
  Run run({any_task("A"), any_task("B"), any_task("C"), any_task("D")}, routed());
  std::map<std::string, int> counts;
  for (const char* id : {"A", "B", "C", "D"})
    ++counts[kind_of(run, id)];
  CHECK(counts == std::map<std::string, int>{{"talker", 2}, {"resumer", 2}});
}

TEST_CASE("a kind that is saturated leaves its tasks to another one") {
  Rules rules = routed();
  rules.agents["resumer"].max_parallel = 1;
  Run run({with_tag("A", "frontend"), with_tag("B", "frontend")}, std::move(rules));
  CHECK(kind_of(run, "A") == "resumer");
  CHECK(kind_of(run, "B") == "talker");
}

TEST_CASE("a task that names its kind waits for it, however much the others have to do") {
  Rules rules = routed();
  rules.failover_after = 10min;
  rules.agents["resumer"].max_parallel = 1;
  Run run({task_by("A", "resumer"), task_by("B", "resumer")}, std::move(rules));
  CHECK(kind_of(run, "A") == "resumer");
  CHECK(run.state_of("B") == TaskState::Waiting);
}

TEST_CASE("a further attempt goes to the kind that began") {
  Rules rules = routed();
  rules.workers = 1;
  Run run({any_task("A")}, std::move(rules));
  run.start("A");
  run.fail("A");
  run.pass(10min);
  CHECK(run.task("A").attempts == 2);
  CHECK(kind_of(run, "A") == "talker");
}

TEST_CASE("a task that was not begun goes to another kind while its own is paused") {
  Rules rules = routed();
  rules.workers = 1;
  Run run({with_tag("A", "backend"), with_tag("B", "backend")}, std::move(rules));
  run.start("A");
  run.handle(failed(run, "A", TurnError::RateLimit, 1h));
  run.ask(Verb::Abort, "A");
  run.end<StopAgent>("A");
  run.exits("A", 0, ExitKind::Stopped);
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  CHECK(kind_of(run, "B") == "resumer");
}

TEST_CASE(
    "after a long pause another kind goes on in the same worktree, where the user allows it") {
  const bool allowed = GENERATE(true, false);
  Rules rules = routed();
  if (allowed) rules.failover_after = 10min;
  Run run({with_tag("A", "backend")}, std::move(rules));
  run.start("A");
  run.handle(failed(run, "A", TurnError::RateLimit, 1h));
  if (!allowed) {
    CHECK(run.state_of("A") == TaskState::Running);
    CHECK(run.task("A").why.kind == ReasonKind::AgentContinues);
    return;
  }
  CHECK(run.state_of("A") == TaskState::Stopping);
  run.end<StopAgent>("A");
  run.exits("A", 0, ExitKind::Stopped);
  if (run.in_flight<RescueWork>("A") != nullptr) run.end<RescueWork>("A");
  run.pass(10min);
  CHECK(run.task("A").attempts == 2);
  CHECK(kind_of(run, "A") == "resumer");
  CHECK(run.agent("A").worktree == "worktree");
  CHECK_FALSE(run.agent("A").resumed);
  CHECK(run.task("A").failures == 0);
  run.start("A");
  CHECK(run.told("task.retried").size() == 1);
}

TEST_CASE("a short pause is waited for") {
  Rules rules = routed();
  rules.failover_after = 10min;
  Run run({with_tag("A", "backend")}, std::move(rules));
  run.start("A");
  run.handle(failed(run, "A", TurnError::RateLimit, 5min));
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("a kind whose service refuses the user starts no more, and its tasks go to another") {
  const TurnError error = GENERATE(TurnError::SignIn, TurnError::Quota);
  Rules rules = routed();
  rules.workers = 2;
  rules.failover_after = 10min;
  Run run({with_tag("A", "backend"), with_tag("B", "backend"), with_tag("C", "backend")},
          std::move(rules));
  run.start("A");
  run.handle(failed(run, "A", error));
  CHECK(run.record().kinds.at("talker").stopped.kind == ReasonKind::KindRefused);
  CHECK(run.state_of("A") == TaskState::Stopping);
  CHECK(stop_of_kind(run.state(), run.task("C")) == nullptr);
}

TEST_CASE("where no other kind can be had, the user is asked") {
  Rules rules = plain_rules();
  rules.workers = 1;
  Run run({task_by("A", "talker"), task_by("B", "talker")}, std::move(rules));
  run.start("A");
  run.handle(failed(run, "A", TurnError::SignIn));
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(needs_user(run.state(), run.task("B")));
  CHECK(run.why("B").find("no more talker agents are started: usage limit reached") !=
        std::string::npos);
}
