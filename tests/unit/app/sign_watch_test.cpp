// What agents leave besides their screens: how fast their logs grow, and the branches they are on.
#include "app/sign_watch.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/core/engine.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <variant>
#include <vector>

using namespace orch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct HandClock final : port::Clock {
  Time time{};

  Time now() const override { return time; }
};

/// A run with an agent for A, in a worktree as git makes them.
struct Desk {
  TemporaryFolder folder;
  app::Paths paths{folder.path()};
  app::RunContext context{{.id = "r1", .task_file = "tasks.md", .repository = "."},
                          {},
                          paths,
                          app::RunPaths(paths.run("r1")),
                          {},
                          {},
                          {}};
  HandClock clock;
  Engine engine;
  std::vector<AnomalySeen> posted;
  app::SignWatch watch{engine.state(), context, clock, [this](const Event& event) {
                         posted.push_back(std::get<AnomalySeen>(event));
                       }};

  Desk() {
    RunStarted start;
    start.rules.agent = "sh";
    start.rules.agents["sh"] = {.done = DoneBy::Exit};
    start.rules.anomalies["runaway-output"] = {
        AnomalySeverity::Medium, 5, {AnomalyAction::Tell}, 1min, "x"};
    start.rules.anomalies["other-branch"] = {
        AnomalySeverity::Medium, 1, {AnomalyAction::Tell}, 1min, "x"};
    start.tasks = {{.id = TaskId{"A"}}};
    engine.handle(start, clock.now());
    engine.handle(EffectEnded{1, WorktreeReady{"tree", "orch/A", CommitId{"c"}}}, clock.now());
    engine.handle(EffectEnded{2, AgentStarted{.pid = 10}}, clock.now());
    fs::create_directories(attempt());
    fs::create_directories(folder / "tree");
    fs::create_directories(folder / "git/worktrees/tree");
    write("tree/.git", "gitdir: " + (folder / "git/worktrees/tree").string() + "\n");
    on_branch("orch/A");
  }

  fs::path attempt() const { return context.run.attempt(TaskId{"A"}, 1); }

  void write(const std::string& name, const std::string& text) {
    REQUIRE(write_file(folder / name, text));
  }

  void on_branch(const std::string& name) {
    write("git/worktrees/tree/HEAD", "ref: refs/heads/" + name + "\n");
  }

  void log_size(std::int64_t size) {
    const fs::path log = attempt() / shim::attempt_file::kOutput;
    if (!fs::exists(log)) REQUIRE(write_file(log, ""));
    REQUIRE(::truncate(log.c_str(), size) == 0);
  }

  void look(Span later) {
    clock.time += later;
    watch.look();
  }
};

/// Of a minute in which the log grows by so much.
void minute(Desk& its, std::int64_t& size, std::int64_t more) {
  for (int look = 0; look < 6; ++look) {
    its.log_size(size += more / 6);
    its.look(10s);
  }
}

}  // namespace

TEST_CASE("an agent that prints without end is told of once, and once that it is over") {
  Desk its;
  std::int64_t size = 1'000;
  its.log_size(size);
  its.look(1s);
  minute(its, size, 4'000'000);
  CHECK(its.posted.empty());
  minute(its, size, 60'000'000);
  minute(its, size, 60'000'000);
  REQUIRE(its.posted.size() == 1);
  CHECK(its.posted[0].anomaly == Anomaly::RunawayOutput);
  CHECK(its.posted[0].amount >= 5);
  CHECK(its.posted[0].serial > 0);
  minute(its, size, 60);
  minute(its, size, 60);
  REQUIRE(its.posted.size() == 2);
  CHECK(its.posted[1].amount == 0);
}

TEST_CASE("a log that is not there, or is something else, is nothing") {
  Desk its;
  its.look(1s);
  REQUIRE(::mkfifo((its.attempt() / shim::attempt_file::kOutput).c_str(), 0600) == 0);
  its.look(2min);
  CHECK(its.posted.empty());
}

TEST_CASE("another branch than its own is told of once, by its name") {
  Desk its;
  its.look(10s);
  CHECK(its.posted.empty());
  its.on_branch("mine\x1b[31m");
  its.look(1s);
  CHECK(its.posted.empty());
  its.look(10s);
  its.look(10s);
  REQUIRE(its.posted.size() == 1);
  CHECK(its.posted[0].anomaly == Anomaly::OtherBranch);
  CHECK(its.posted[0].amount == 1);
  CHECK(its.posted[0].evidence.starts_with("mine"));
  CHECK(its.posted[0].evidence.find('\x1b') == std::string::npos);
  its.on_branch("orch/A");
  its.look(10s);
  REQUIRE(its.posted.size() == 2);
  CHECK(its.posted[1].amount == 0);
}

TEST_CASE("the next supervisor tells that what the one before has told of is over") {
  Desk its;
  its.on_branch("mine");
  its.look(10s);
  REQUIRE(its.posted.size() == 1);
  its.engine.handle(its.posted[0], its.clock.now());
  app::SignWatch next(its.engine.state(), its.context, its.clock, [&its](const Event& event) {
    its.posted.push_back(std::get<AnomalySeen>(event));
  });
  its.clock.time += 10s;
  next.look();
  CHECK(its.posted.size() == 1);
  its.on_branch("orch/A");
  its.clock.time += 10s;
  next.look();
  REQUIRE(its.posted.size() == 2);
  CHECK(its.posted[1].amount == 0);
}

TEST_CASE("a worktree that stays on no branch is told of, with its commit") {
  Desk its;
  its.write("git/worktrees/tree/HEAD", "0123456789012345678901234567890123456789\n");
  for (int look = 0; look < 6; ++look)
    its.look(10s);
  CHECK(its.posted.empty());
  its.look(10s);
  its.look(10s);
  REQUIRE(its.posted.size() == 1);
  CHECK(its.posted[0].anomaly == Anomaly::OtherBranch);
  CHECK(its.posted[0].evidence == "at commit 012345678901");
  its.write("git/worktrees/tree/HEAD", "9123456789012345678901234567890123456789\n");
  its.look(10s);
  REQUIRE(its.posted.size() == 2);
  CHECK(its.posted[1].serial != its.posted[0].serial);
  its.on_branch("orch/A");
  its.look(10s);
  REQUIRE(its.posted.size() == 3);
  CHECK(its.posted[2].amount == 0);
  // The next time it has a minute again.
  its.write("git/worktrees/tree/HEAD", "0123456789012345678901234567890123456789\n");
  its.look(10s);
  CHECK(its.posted.size() == 3);
}

TEST_CASE("a rebase, a patch and a bisect may take as long as they do") {
  Desk its;
  its.write("git/worktrees/tree/HEAD", "0123456789012345678901234567890123456789\n");
  for (const char* sign : {"rebase-merge", "rebase-apply", "BISECT_LOG"}) {
    its.write(fmt::format("git/worktrees/tree/{}", sign), "");
    for (int look = 0; look < 12; ++look)
      its.look(10s);
    CHECK(its.posted.empty());
    fs::remove(its.folder / "git/worktrees/tree" / sign);
    its.look(10s);
  }
}

TEST_CASE("a worktree that rebases is on no branch, and what cannot be read is none") {
  Desk its;
  its.write("git/worktrees/tree/HEAD", "0123456789012345678901234567890123456789\n");
  its.look(10s);
  its.write("git/worktrees/tree/HEAD", std::string(10'000, 'x'));
  its.look(10s);
  fs::remove(its.folder / "tree/.git");
  REQUIRE(::mkfifo((its.folder / "tree/.git").c_str(), 0600) == 0);
  its.look(10s);
  CHECK(its.posted.empty());
}

TEST_CASE("nobody looks for what is off") {
  Desk its;
  RunResumed off{its.engine.state().run.rules, {{.id = TaskId{"A"}}}};
  off.rules.anomalies.clear();
  its.engine.handle(off, its.clock.now());
  its.on_branch("mine");
  its.look(10s);
  CHECK(its.posted.empty());
}
