// Which files of workers are written, and when.
#include "app/worker_files.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <sys/stat.h>

#include <string>

using namespace orch;

namespace fs = std::filesystem;

namespace {

struct Run {
  TemporaryFolder folder;
  app::RunContext context{.info = {.id = "r1"},
                          .config = {},
                          .paths = app::Paths(folder.path()),
                          .run = app::RunPaths(folder.path() / "run"),
                          .environment = {},
                          .program = {},
                          .shim = {}};
  State state;
  app::WorkerFiles files{state, context};

  Run() { state.run.rules.workers = 2; }

  TaskRecord& task(const std::string& id, int worker) {
    TaskRecord record;
    record.plan.spec.id = {id};
    record.state = TaskState::Running;
    record.agent = static_cast<AgentRunId>(state.agents.size() + 1);
    record.worker = worker;
    state.agents[record.agent] = AgentRun{.task = {id}, .attempt = 1, .worker = worker};
    return state.tasks.push_back(std::move(record));
  }

  std::string inbox(int worker) const { return read_file(context.run.inbox(worker)).value_or(""); }

  std::string outbox(int worker) const {
    return read_file(context.run.outbox(worker)).value_or("");
  }

  void changed(const std::string& id) {
    Decision decision;
    decision.changed = {{id}};
    files.decided(decision);
    files.write();
  }
};

ino_t inode_of(const fs::path& path) {
  struct stat info {};

  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_ino;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each worker has its files from the start, and the run has its own") {
  Run run;
  run.task("T1", 1);
  run.files.begin();
  CHECK(says(run.inbox(1), "\"T1.1\""));
  CHECK(says(run.inbox(2), "\"tasks\": []"));
  CHECK(says(run.outbox(2), "\"tasks_completed\": []"));
  CHECK(says(*read_file(run.context.run.context()), "\"run\": \"r1\""));
}

TEST_CASE("a worker that another task has got has that task, though the first agent lives on") {
  Run run;
  TaskRecord& first = run.task("T1", 1);
  run.files.begin();
  first.worker = 0;
  first.state = TaskState::Queued;
  run.changed("T1");
  CHECK(says(run.inbox(1), "\"tasks\": []"));
  run.task("T2", 1);
  run.changed("T2");
  run.changed("T1");
  CHECK(says(run.inbox(1), "\"T2.1\""));
}

TEST_CASE("what a task has come to is in the outbox of its worker, once") {
  Run run;
  run.task("T1", 1).state = TaskState::Merged;
  run.task("T2", 2).state = TaskState::Failed;
  run.files.begin();
  run.changed("T1");
  CHECK(says(run.outbox(1), "\"completed_count\": 1"));
  CHECK(says(run.outbox(2), "\"failed_count\": 1"));
  CHECK(says(run.outbox(2), "\"T2\""));
  app::WorkerFiles next(run.state, run.context);
  next.begin();
  CHECK(says(run.outbox(1), "\"completed_count\": 1"));
}

TEST_CASE("a file that says nothing new is not written again") {
  Run run;
  run.task("T1", 1);
  run.task("T2", 2);
  run.files.begin();
  const ino_t first = inode_of(run.context.run.inbox(1));
  const ino_t second = inode_of(run.context.run.inbox(2));
  run.changed("T1");
  CHECK(inode_of(run.context.run.inbox(1)) == first);
  run.state.tasks[0].state = TaskState::Blocked;
  run.changed("T1");
  CHECK(says(run.inbox(1), "\"blocked\""));
  CHECK(inode_of(run.context.run.inbox(1)) != first);
  CHECK(inode_of(run.context.run.inbox(2)) == second);
}

TEST_CASE("an inbox says that a message to its task is open, and then that it is not") {
  Run run;
  run.task("T1", 1);
  run.files.begin();
  Message message{.number = 1, .id = "1", .to = party_of({"T1"})};
  message.text = "look at this";
  run.state.messages.add(message);
  Decision decision;
  decision.changed_messages = {1};
  run.files.decided(decision);
  run.files.write();
  CHECK(says(run.inbox(1), "look at this"));
  run.state.messages.close(1, MessageState::Acknowledged);
  run.files.decided(decision);
  run.files.write();
  CHECK(says(run.inbox(1), "\"messages\": []"));
}
