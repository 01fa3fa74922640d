// Inbox and outbox of a worker.
#include "ui/worker_files.hpp"

#include "catch.hpp"

#include <string>

#include <nlohmann/json.hpp>

using namespace orch;
using nlohmann::json;

namespace {

State at_work() {
  State state;
  TaskRecord task;
  task.plan.spec.id = {"T1"};
  task.plan.spec.title = "a task";
  task.plan.spec.body = "Do it.";
  task.state = TaskState::Running;
  task.agent = 1;
  state.tasks.push_back(task);
  state.agents[1] = AgentRun{.task = {"T1"}, .attempt = 1, .worker = 2, .branch = "orch/T1"};
  return state;
}

void send(State& state, MessageNumber number, std::string text,
          MessageKind kind = MessageKind::Text) {
  Message message{.number = number, .to = party_of({"T1"}), .kind = kind};
  message.id = std::to_string(number);
  message.from = party_of({"T3"});
  message.text = std::move(text);
  state.messages.add(std::move(message));
}

json inbox(const State& state, const TaskRecord* task) {
  return json::parse(ui::inbox_json(state, 2, task, "T1.1", "/run", "/tree"));
}

}  // namespace

TEST_CASE("an inbox has the task of its worker and the messages that are open") {
  State state = at_work();
  send(state, 1, "first");
  send(state, 2, "ours", MessageKind::Reminder);
  send(state, 3, "\xff\x1b[2J");
  send(state, 4, "over");
  state.messages.close(4, MessageState::Submitted);
  const json found = inbox(state, &state.tasks[0]);
  CHECK(found["worker_id"] == "worker-2");
  CHECK(found["session_folder"] == "/run");
  REQUIRE(found["tasks"].size() == 1);
  const json& task = found["tasks"][0];
  CHECK(task["id"] == "T1");
  CHECK(task["text"] == "Do it.");
  CHECK(task["agent_id"] == "T1.1");
  CHECK(task["worktree"] == "/tree");
  REQUIRE(task["messages"].size() == 2);
  CHECK(task["messages"][0] ==
        json{{"id", "m1"}, {"from", "T3"}, {"text", "first"}, {"truncated", false}});
  CHECK(task["messages"][1]["text"] == "\xef\xbf\xbd\x1b[2J");
}

TEST_CASE("an inbox of a worker without a task has none") {
  CHECK(inbox(at_work(), nullptr)["tasks"].empty());
}

TEST_CASE("an inbox stays small whatever is written") {
  State state = at_work();
  state.tasks[0].plan.spec.body = std::string(1 << 20, 'x');
  for (int number = 1; number <= 200; ++number)
    send(state, number, std::string(60'000, 'y'));
  const json found = inbox(state, &state.tasks[0]);
  CHECK(found["tasks"][0]["truncated"] == true);
  CHECK(found["tasks"][0]["messages"].size() == 50);
  CHECK(found.dump().size() < (300u << 10));
}

TEST_CASE("an outbox names what its worker has done, and counts what it does not name") {
  ui::WorkerResults results{.completed = {"T1", "T2"}, .failed = {"T3"}, .completed_count = 120};
  results.failed_count = 1;
  const json found = json::parse(ui::outbox_json(3, results));
  CHECK(found["worker_id"] == "worker-3");
  CHECK(found["tasks_completed"] == json{"T1", "T2"});
  CHECK(found["tasks_failed"] == json::array({"T3"}));
  CHECK(found["completed_count"] == 120);
}
