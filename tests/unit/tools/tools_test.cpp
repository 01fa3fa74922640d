// Calls of tools, with a run that notes what it is asked for.
#include "tools/tools.hpp"

#include "catch.hpp"
#include "tools/arguments.hpp"
#include "tools/describe.hpp"

using namespace orch;
using namespace orch::tools;

namespace {

class NotedRun : public Run {
 public:
  Result<Look> look() override {
    Look look;
    for (const char* id : {"T1", "T2"}) {
      TaskRecord task;
      task.plan.spec.id = TaskId{id};
      look.state.tasks.push_back(task);
    }
    look.state.run.rules.agents["pi"] = {};
    return look;
  }

  Result<std::string> messages(const std::string&) override {
    return std::string(R"({"messages":[{"to":"T1","from":"user","state":"queued"},
                                       {"to":"T2","from":"user","state":"started"}]})");
  }

  Result<std::string> ask(const UserAsked& request) override {
    asked.push_back(request);
    const bool is_second = request.task.value == "T2" || request.to == "T2";
    if (is_second) return fail(Fault::Refused, "not now");
    return std::string("m1 to T1");
  }

  Result<std::string> report(const AgentReported& report) override {
    reported.push_back(report);
    return std::string("m2 to user");
  }

  Result<std::vector<Worktree>> worktrees() override {
    return std::vector<Worktree>{{"/a", "orch/T1", false}, {"/b", "", true}};
  }

  Result<std::size_t> remove_spare() override { return std::size_t{1}; }

  Result<std::string> screen(const TaskId&, std::size_t) override { return std::string("screen"); }

  void await_change(Span) override {}

  std::vector<UserAsked> asked;
  std::vector<AgentReported> reported;
};

const Caller kAgent{CallerRole::Implementer, TaskId{"T1"}};

Result<Json> called(NotedRun& run, std::string_view tool, std::string_view action, Json args,
                    const Caller& caller = {}) {
  return call_tool(tool, {{"action", action}, {"args", std::move(args)}}, run, caller);
}

}  // namespace

TEST_CASE("each action's example fits its arguments, and its help says them") {
  for (const Tool* tool : all_tools()) {
    for (const Action& action : tool->actions) {
      INFO(tool->name << " " << action.name);
      const Status fits = check_arguments(*tool, action, Json::parse(action.example));
      CHECK(fits);
      CHECK(help_of(action)["arguments"].size() == action.arguments.size());
    }
  }
}

TEST_CASE("an agent of a task gets to know only what it may do") {
  const Json schema = schema_of(*find_tool("worktree"), kAgent);
  CHECK(schema["properties"]["action"]["enum"] == Json{"status", "current", "message", "notify"});
  NotedRun run;
  const auto refused = called(run, "worktree", "abort", {{"task", "T2"}}, kAgent);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Refused);
  for (const Action& action : find_tool("coordinate")->actions)
    CHECK_FALSE(called(run, "coordinate", action.name, Json::object(), kAgent));
  CHECK(run.asked.empty());
  REQUIRE(called(run, "worktree", "message", {{"to", "T2"}, {"message", "hello"}}, kAgent));
  REQUIRE(run.reported.size() == 1);
  CHECK(run.reported[0].kind == ReportKind::Send);
  CHECK(run.reported[0].to == "T2");
}

TEST_CASE("of several, each has its outcome") {
  NotedRun run;
  const auto answer =
      called(run, "coordinate", "agents", {{"operation", "stop"}, {"tasks", {"T1", "T2"}}});
  REQUIRE(answer);
  CHECK(answer->at("status") == "partial");
  CHECK(answer->at("agents_managed") == 1);
  CHECK(answer->at("metadata")["stopped"] == Json{"T1"});
  CHECK(answer->at("metadata")["failed"][0]["why"] == "not now");
  REQUIRE(run.asked.size() == 2);
  CHECK(run.asked[0].verb == Verb::Abort);
}

TEST_CASE("one prompt goes to an agent of each kind") {
  NotedRun run;
  const auto answer =
      called(run, "coordinate", "agents",
             {{"operation", "spawn"}, {"agent_types", {"pi", "pi"}}, {"prompt", "x"}});
  REQUIRE(answer);
  CHECK(answer->at("tasks_assigned") == 2);
  REQUIRE(run.asked.size() == 1);
  CHECK(run.asked[0].verb == Verb::Make);
  CHECK(run.asked[0].tasks.size() == 2);
  CHECK_FALSE(called(run, "coordinate", "agents",
                     {{"operation", "spawn"}, {"agent_types", {"no"}}, {"prompt", "x"}}));
}

TEST_CASE("a fork is told what the agent of the other task was told and has come to") {
  class BegunRun : public NotedRun {
   public:
    Result<Look> look() override {
      Result<Look> look = NotedRun::look();
      TaskRecord& task = *look->state.find(TaskId{"T1"});
      task.agent = 7;
      task.plan.spec.title = "the parser";
      task.plan.spec.body = "Port it.\n```sh\nrm -rf x\n```";
      task.last_note = "half is done";
      look->state.agents[7] = {.id = 7, .kind = "pi", .branch = "orch/T1", .start = {"abcdef0123"}};
      return look;
    }
  };

  BegunRun run;
  const Json args = {{"task", "T1"}, {"prompt", "Try the other way."}};
  const Result<Json> forked = called(run, "worktree", "fork", args);
  REQUIRE(forked);
  CHECK((*forked)["context"] == "summary");
  CHECK((*forked)["spawned"][0]["id"] == "fork-of-t1");
  REQUIRE(run.asked.size() == 1);
  const TaskSpec& spec = run.asked.front().tasks.front();
  CHECK(spec.agent == "pi");
  CHECK(spec.body.starts_with("Try the other way.\n\nHanded over from T1"));
  for (const char* part :
       {"> Port it.", "> ```sh", "> half is done", "`git log orch/T1`", "> screen"}) {
    INFO(part);
    CHECK(spec.body.find(part) != std::string::npos);
  }
  // Nothing of what is handed over is a script to be run.
  CHECK(spec.script == "Try the other way.");
  const Json other = {{"task", "T2"}, {"prompt", "x"}};
  CHECK_FALSE(called(run, "worktree", "fork", other));
}

TEST_CASE("messages are routed to each, and listed") {
  NotedRun run;
  const auto sent = called(run, "coordinate", "messages",
                           {{"operation", "route"}, {"to", {"T1", "T2"}}, {"message", "hello"}});
  REQUIRE(sent);
  CHECK(sent->at("metadata")["messages_routed"] == 1);
  CHECK(run.asked[0].text == "hello");
  const auto waiting = called(run, "coordinate", "messages", {{"pending_only", true}});
  REQUIRE(waiting);
  CHECK(waiting->at("metadata")["messages"].size() == 1);
}

TEST_CASE("what a coordinator may not do is named with who may") {
  NotedRun run;
  const auto refused =
      called(run, "worktree", "cleanup", {{"operation", "remove"}, {"task", "T9"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().hint.find("T1, T2") != std::string::npos);
  const auto pruned = called(run, "worktree", "cleanup", {{"dryRun", true}});
  REQUIRE(pruned);
  CHECK(pruned->at("would_remove") == Json{"/b"});
}

TEST_CASE("a wait ends when nobody waits any more") {
  NotedRun run;
  std::stop_source stop;
  stop.request_stop();
  const auto answer = call_tool("worktree", {{"action", "wait"}}, run, {}, {}, stop.get_token());
  REQUIRE(answer);
  CHECK(answer->at("complete") == false);
}
