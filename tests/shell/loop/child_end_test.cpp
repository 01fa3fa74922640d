#include "run_command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

TEST_CASE("a command that takes too long is ended with its whole group") {
  Fixture fixture;
  Command command = shell("sleep 1000 & echo $!; wait");
  command.timeout = 100ms;
  const auto finished = fixture.finish(command);
  CHECK(finished.timed_out);
  CHECK_FALSE(finished.ok());
  CHECK(finished.signal == SIGTERM);
  await_end(fixture.loop, first_pid(finished.out));
  CHECK(no_child_left());
}

namespace {

/// Starts a script, and when it has said a line ends it with that much time. Its end.
struct Stopped {
  Fixture fixture;
  std::string out;
  Finished finished;

  Stopped(std::string script, Span grace) {
    bool stopping = false;
    const auto pipe = fixture.children.open(
        shell(std::move(script)),
        [&](std::string_view bytes) {
          out += bytes;
          if (!stopping && out.find('\n') != std::string::npos) {
            stopping = true;
            fixture.children.stop_all(grace, [] {});
          }
        },
        [&](Finished end) { finished = std::move(end); });
    REQUIRE(pipe);
    fixture.loop.run();
  }
};

}  // namespace

TEST_CASE("what does not want to end is killed with its whole group") {
  Stopped stopped("trap '' TERM; sleep 1000 & echo $!; while :; do wait; done", 50ms);
  CHECK(stopped.finished.signal == SIGKILL);
  await_end(stopped.fixture.loop, first_pid(stopped.out));
}

TEST_CASE("a group has the time to end by itself even when its leader is quick") {
  // The leader dies of TERM at once; its child needs a moment to clean up.
  const Stopped stopped(
      "sh -c 'trap \"sleep 0.4; echo clean; exit\" TERM; echo go; while :; do sleep 0.01; done'; :",
      20s);
  CHECK(stopped.finished.signal == SIGTERM);
  CHECK(stopped.out == "go\nclean\n");
}

TEST_CASE("what a leader that ended by TERM leaves is killed") {
  Stopped stopped("sh -c 'trap \"\" TERM; echo $$; exec sleep 1000 >&- 2>&-' & wait", 20s);
  CHECK(stopped.finished.signal == SIGTERM);
  await_end(stopped.fixture.loop, first_pid(stopped.out));
}

TEST_CASE("a grandchild in a session of its own does not hold the result of a killed command") {
  const Stopped stopped(
      "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 1000' & "
      "while :; do sleep 1; done",
      50ms);
  CHECK(stopped.finished.signal == SIGKILL);
  const pid_t grandchild = first_pid(stopped.out);
  REQUIRE(grandchild > 1);
  CHECK(::kill(grandchild, SIGKILL) == 0);
}

TEST_CASE("a command that ends in time is not a time-out") {
  Fixture fixture;
  Command command = shell("exit 0");
  command.timeout = 20s;
  CHECK(fixture.finish(command).ok());
}

TEST_CASE("stopping ends all running children and tells when the last is reaped") {
  Fixture fixture;
  int ended = 0;
  bool stopped = false;
  for (const char* script : {"exec sleep 1000", "trap '' TERM; while :; do sleep 0.01; done"}) {
    fixture.children.run(shell(script), [&](Result<Finished> finished) {
      CHECK_FALSE(stopped);
      CHECK_FALSE(finished.value().timed_out);
      CHECK(finished.value().signal != 0);
      ++ended;
    });
  }
  fixture.children.stop_all(100ms, [&] {
    CHECK(fixture.children.alive() == 0);
    stopped = true;
  });
  CHECK_FALSE(stopped);
  fixture.loop.run();
  CHECK(ended == 2);
  CHECK(stopped);
  CHECK(no_child_left());
}

TEST_CASE("nothing is started any more once all are stopped") {
  Fixture fixture;
  bool stopped = false;
  std::optional<Result<Finished>> next;
  fixture.children.run(shell("exec sleep 1000"), [&](Result<Finished>) {
    fixture.children.run(shell("exec sleep 1000"),
                         [&](Result<Finished> refused) { next = std::move(refused); });
    CHECK_FALSE(fixture.children.open(shell("exec sleep 1000"), {}, {}));
  });
  fixture.children.stop_all(1s, [&] { stopped = true; });
  fixture.loop.run();
  CHECK(stopped);
  REQUIRE(next);
  REQUIRE_FALSE(*next);
  CHECK(next->error().fault == Fault::Busy);
  CHECK(no_child_left());
}

TEST_CASE("stopping nobody is told as well") {
  Fixture fixture;
  bool stopped = false;
  fixture.children.stop_all(1s, [&] { stopped = true; });
  CHECK_FALSE(stopped);
  fixture.loop.run();
  CHECK(stopped);
}

TEST_CASE("children that are left at the end are killed and reaped, and nobody is told") {
  std::vector<ProcessId> started;
  {
    Fixture fixture;
    fixture.children.on_start = [&](const ProcessId& process, const Command&) {
      started.push_back(process);
    };
    Command command = shell("cat; trap '' TERM; while :; do sleep 1; done");
    command.input = std::string(500'000, 'x');  // part of it is still to be written
    fixture.children.run(command, [](Result<Finished>) { FAIL("told after the end"); });
    fixture.children.run(command_of({"no-such-program"}),
                         [](Result<Finished>) { FAIL("told after the end"); });
    CHECK(is_alive(started.at(0)));
  }
  CHECK_FALSE(is_alive(started.at(0)));
  CHECK(no_child_left());
}

TEST_CASE("what could not start is not told when the children are gone") {
  Loop loop;
  int told = 0;
  {
    Children children(loop);
    const auto tell = [&told](auto...) { ++told; };
    children.run(command_of({"no-such-program"}), tell);
    children.stop_all(1s, tell);
  }
  loop.run();
  CHECK(told == 0);
}

TEST_CASE("each child is told by its identity when it starts and when it ended") {
  Fixture fixture;
  std::string order;
  ProcessId started;
  fixture.children.on_start = [&](const ProcessId& process, const Command& command) {
    started = process;
    order += "start " + command.argv.front() + ", ";
    CHECK(is_alive(process));
  };
  fixture.children.on_end = [&](const ProcessId& process) {
    CHECK(process == started);
    CHECK_FALSE(is_alive(process));
    order += "end, ";
  };
  const auto pipe = fixture.children.open(
      command_of({"cat"}), [](std::string_view) {}, [&](Finished) { order += "done"; });
  REQUIRE(pipe);
  (*pipe)->close_input();
  fixture.loop.run();
  CHECK(order == "start cat, end, done");
}

TEST_CASE("no child outlives a supervisor that was killed") {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    Loop loop;
    Children children(loop);
    children.on_start = [&](const ProcessId& process, const Command&) {
      (void)!::write(ends[1], &process.pid, sizeof process.pid);
    };
    children.run(command_of({"sleep", "1000"}), [](Result<Finished>) {});
    loop.run();
    ::_exit(0);
  }
  pid_t child = 0;
  REQUIRE(::read(ends[0], &child, sizeof child) == sizeof child);
  ::close(ends[0]);
  ::close(ends[1]);
  const ProcessId alive = identify(child);
  CHECK(is_alive(alive));
  ::kill(supervisor, SIGKILL);
  REQUIRE(::waitpid(supervisor, nullptr, 0) == supervisor);
  Loop loop;
  await_end(loop, child);
  CHECK_FALSE(is_alive(alive));
}

TEST_CASE("only what may take long is ended early, and tells its signal") {
  Fixture fixture;
  std::vector<std::string> told;
  const auto start = [&](const std::string& name, bool stoppable) {
    Command command = shell(stoppable ? "exec sleep 1000" : "exec sleep 0.3");
    command.stoppable = stoppable;
    fixture.children.run(std::move(command), [&told, name](const Result<Finished>& finished) {
      told.push_back(fmt::format("{} {}", name, finished ? finished->signal : -1));
    });
  };
  start("long", true);
  start("short", false);
  fixture.children.stop_long(2s);
  fixture.children.stop_long(2s);
  fixture.loop.run();
  CHECK(told == std::vector<std::string>{"long 15", "short 0"});
  CHECK(no_child_left());
}

TEST_CASE("a command that is late is looked at until somebody ends it") {
  Fixture fixture;
  Command command = shell("exec sleep 1000");
  command.late = 50ms;
  int looks = 0;
  std::function<void()> kept;
  command.on_late = [&](const ProcessId& process, std::function<void()> end) {
    CHECK(is_alive(process));
    CHECK(asleep_at(process).has_value());
    if (++looks == 3) end();
    kept = std::move(end);
  };
  const auto finished = fixture.finish(command);
  CHECK(looks == 3);
  CHECK(finished.signal == SIGTERM);
  CHECK_FALSE(finished.timed_out);
  kept();  // nobody is ended who may have got its number
  CHECK(no_child_left());
}

TEST_CASE("a command that ends soon is not looked at") {
  Fixture fixture;
  Command command = shell("echo soon");
  command.on_late = [](const ProcessId&, const std::function<void()>&) { FAIL("it was not late"); };
  CHECK(fixture.finish(command).out == "soon\n");
}
