#include "run_command.hpp"

#include <signal.h>

namespace {

/// An open child whose output and end are kept.
struct Open {
  std::string out;
  std::optional<Finished> finished;
  std::unique_ptr<Children::Pipe> pipe;

  void start(Fixture& fixture, Command command) {
    auto made = fixture.children.open(
        std::move(command), [this](std::string_view bytes) { out += bytes; },
        [this](Finished end) {
          CHECK_FALSE(finished);
          finished = std::move(end);
        });
    REQUIRE(made);
    pipe = std::move(*made);
  }
};

}  // namespace

TEST_CASE("an open child answers what is written to it") {
  Fixture fixture;
  Open open;
  std::string seen;
  auto made = fixture.children.open(
      command_of({"cat"}),
      [&](std::string_view bytes) {
        seen += bytes;
        if (seen == "one\n") open.pipe->write("two\n");
        if (seen == "one\ntwo\n") open.pipe->close_input();
      },
      [&](Finished finished) { open.finished = std::move(finished); });
  REQUIRE(made);
  open.pipe = std::move(*made);
  CHECK(is_alive(open.pipe->process()));
  open.pipe->write("one\n");
  fixture.loop.run();
  REQUIRE(open.finished);
  CHECK(open.finished->ok());
  CHECK(seen == "one\ntwo\n");
  CHECK_FALSE(is_alive(open.pipe->process()));
  // All of it does nothing now.
  open.pipe->write("three\n");
  open.pipe->close_input();
  open.pipe->kill(SIGTERM);
  CHECK(open.pipe->pending() == 0);
}

TEST_CASE("what is queued is written before the input is closed") {
  Fixture fixture;
  Open open;
  open.start(fixture, command_of({"cat"}));
  const std::string much(2'000'000, 'x');
  open.pipe->write(much);
  open.pipe->write("end");
  open.pipe->close_input();
  CHECK(open.pipe->pending() > 1'000'000);
  fixture.loop.run();
  CHECK(open.finished.value().ok());
  CHECK(open.out == much + "end");
}

TEST_CASE("the end is told after the last byte") {
  Fixture fixture;
  Open open;
  open.start(fixture, shell("head -c 1000000 /dev/zero; echo why >&2; exit 3"));
  fixture.loop.run();
  CHECK(open.out.size() == 1'000'000);
  CHECK(open.finished.value().code == 3);
  CHECK(open.finished.value().err == "why\n");
  CHECK(open.finished.value().out.empty());
}

TEST_CASE("an open child has no time-out") {
  Fixture fixture;
  Open open;
  Command command = shell("sleep 0.1; exit 2");
  command.timeout = 1ms;
  open.start(fixture, command);
  fixture.loop.run();
  CHECK(open.finished.value().code == 2);
  CHECK_FALSE(open.finished.value().timed_out);
}

TEST_CASE("an open child that cannot start is an error") {
  Fixture fixture;
  const auto made = fixture.children.open(
      command_of({"no-such-program"}), [](std::string_view) {}, [](Finished) {});
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::NotFound);
}

TEST_CASE("a signal to an open child reaches its group") {
  Fixture fixture;
  Open open;
  open.start(fixture, shell("sleep 1000 & echo $!; wait"));
  Timer look(fixture.loop, [&] {
    if (!open.out.ends_with('\n')) return;
    look.cancel();
    open.pipe->kill(SIGKILL);
  });
  look.every(1ms);
  fixture.loop.run();
  CHECK(open.finished.value().signal == SIGKILL);
  await_end(fixture.loop, first_pid(open.out));
}

TEST_CASE("letting go of an open child ends it and tells nobody") {
  Fixture fixture;
  std::unique_ptr<Children::Pipe> pipe;
  int told = 0;
  auto made = fixture.children.open(
      shell("trap '' TERM; while :; do echo more; sleep 0.01; done"),
      [&](std::string_view) {
        ++told;
        pipe.reset();
      },
      [&](Finished) { ++told; });
  REQUIRE(made);
  pipe = std::move(*made);
  const ProcessId process = pipe->process();
  pipe->write(std::string(1'000'000, 'x'));  // it is never read
  fixture.loop.run();
  CHECK(told == 1);
  CHECK_FALSE(is_alive(process));
  CHECK(no_child_left());
}

TEST_CASE("an open child may be let go from its own callbacks") {
  Fixture fixture;
  std::unique_ptr<Children::Pipe> pipe;
  int outputs = 0;
  int ends = 0;
  const auto start = [&](Command command) {
    auto made = fixture.children.open(
        std::move(command),
        [&](std::string_view) {
          ++outputs;
          pipe.reset();
        },
        [&](Finished) {
          ++ends;
          pipe.reset();
        });
    REQUIRE(made);
    pipe = std::move(*made);
    fixture.loop.run();
    CHECK_FALSE(pipe);
  };
  start(shell("echo x; cat"));
  CHECK(outputs == 1);
  CHECK(ends == 0);
  start(command_of({"true"}));
  CHECK(ends == 1);
  CHECK(no_child_left());
}

TEST_CASE("a child started later does not hold the input of an earlier one open") {
  Fixture fixture;
  Open first;
  Open second;
  first.start(fixture, command_of({"cat"}));
  second.start(fixture, command_of({"sleep", "1000"}));
  first.pipe->close_input();
  Timer look(fixture.loop, [&] {
    if (!first.finished) return;
    look.cancel();
    CHECK_FALSE(second.finished);
    second.pipe->kill(SIGKILL);
  });
  look.every(1ms);
  fixture.loop.run();
  CHECK(first.finished.value().ok());
  CHECK(second.finished);
}
