#include "run_command.hpp"
#include "unit/base/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>

TEST_CASE("output and exit code come back") {
  Fixture fixture;
  const auto finished = fixture.finish(shell("echo out; echo err >&2; exit 7"));
  CHECK(finished.out == "out\n");
  CHECK(finished.err == "err\n");
  CHECK(finished.code == 7);
  CHECK(finished.signal == 0);
  CHECK_FALSE(finished.ok());
  CHECK(fixture.finish(shell("exit 0")).ok());
  CHECK(fixture.finish(shell("exit 127")).code == 127);
  CHECK(no_child_left());
}

TEST_CASE("a signal is not an exit code") {
  Fixture fixture;
  const auto killed = fixture.finish(shell("kill -9 $$"));
  CHECK(killed.signal == 9);
  CHECK(killed.code == 0);
  CHECK_FALSE(killed.ok());
  const auto exited = fixture.finish(shell("exit 9"));
  CHECK(exited.signal == 0);
  CHECK(exited.code == 9);
}

TEST_CASE("megabytes of output are complete") {
  Fixture fixture;
  const auto finished =
      fixture.finish(shell("head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2"));
  CHECK(finished.out.size() == 3'000'000);
  CHECK(finished.err.size() == 2'000'000);
  CHECK_FALSE(finished.cut);
}

TEST_CASE("more output than is kept is read and thrown away") {
  Fixture fixture;
  Command command = shell("printf 0123456789; head -c 3000000 /dev/zero; exit 4");
  command.keep = 10;
  const auto finished = fixture.finish(command);
  CHECK(finished.out == "0123456789");
  CHECK(finished.cut);
  CHECK(finished.code == 4);
  command = shell("printf 0123456789");
  command.keep = 10;
  CHECK_FALSE(fixture.finish(command).cut);
}

TEST_CASE("input is written whole, and stdin is empty without it") {
  Fixture fixture;
  Command command = command_of({"cat"});
  command.input = std::string(1'000'000, 'i');
  CHECK(fixture.finish(command).out == command.input);
  CHECK(fixture.finish(command_of({"cat"})).out.empty());
}

TEST_CASE("a child that does not read its input is no error") {
  Fixture fixture;
  Command command = shell("exec <&-; echo unread");
  command.input = std::string(1'000'000, 'i');
  const auto finished = fixture.finish(command);
  CHECK(finished.ok());
  CHECK(finished.out == "unread\n");
  // One that reads only a part goes on until it ends.
  command.argv = {"head", "-c", "5"};
  CHECK(fixture.finish(command).out == "iiiii");
}

TEST_CASE("a grandchild that keeps the pipe does not hold the result") {
  Fixture fixture;
  const auto finished = fixture.finish(shell("sleep 1000 & echo $!; exit 3"));
  CHECK(finished.code == 3);
  const pid_t grandchild = first_pid(finished.out);
  REQUIRE(grandchild > 1);
  CHECK(::kill(grandchild, SIGKILL) == 0);  // it lived: only the result did not wait for it
}

TEST_CASE("a child keeps its number until its result is told") {
  Fixture fixture;
  pid_t pid = 0;
  fixture.children.on_start = [&](const ProcessId& process, const Command&) { pid = process.pid; };
  int looks = 0;
  bool given_away = false;
  Timer look(fixture.loop, [&] {
    ++looks;
    given_away = given_away || ::kill(pid, 0) != 0;
  });
  look.every(5ms);
  std::string out;
  fixture.children.run(shell("sleep 1000 & echo $!"), [&](Result<Finished> finished) {
    out = finished.value().out;
    look.cancel();
  });
  fixture.loop.run();
  CHECK(looks > 0);
  CHECK_FALSE(given_away);
  ::kill(first_pid(out), SIGKILL);
}

TEST_CASE("what came while the loop was busy is not lost when the waiting is over") {
  const TemporaryFolder folder;
  const std::string written = folder / "written";
  Fixture fixture;
  // This blocks the loop until the wait for the other's grandchild is over.
  fixture.children.run(command_of({"sleep", "0.05"}), [&](Result<Finished>) {
    while (!std::filesystem::exists(written)) {
    }
    ::usleep(350'000);
  });
  const auto finished = fixture.finish(
      shell("(sleep 0.15; echo late; : > " + written + "; exec sleep 1000) & echo $!; exit 0"));
  CHECK(finished.out.ends_with("late\n"));
  ::kill(first_pid(finished.out), SIGKILL);
}

TEST_CASE("the loop waits for a child that closed its outputs") {
  Fixture fixture;
  CHECK(fixture.finish(shell("exec >&- 2>&-; sleep 0.2; exit 5")).code == 5);
}

TEST_CASE("two hundred at once are each told once and leave no descriptor") {
  const auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  Fixture fixture;
  CHECK(fixture.finish(command_of({"true"})).ok());
  const auto before = descriptors();
  std::map<int, int> told;
  std::map<int, int> wrong;
  for (int i = 0; i < 200; ++i) {
    const auto number = std::to_string(i);
    fixture.children.run(shell("echo " + number + "; exit " + number), [&, i](auto finished) {
      ++told[i];
      if (!finished || finished->code != i || finished->out != std::to_string(i) + "\n") ++wrong[i];
    });
  }
  CHECK(fixture.children.alive() == 200);
  fixture.loop.run();
  CHECK(told.size() == 200);
  CHECK(std::ranges::all_of(told, [](const auto& one) { return one.second == 1; }));
  CHECK(wrong.empty());
  CHECK(fixture.children.alive() == 0);
  CHECK(descriptors() == before);
  CHECK(no_child_left());
}

TEST_CASE("a callback may run the next command") {
  Fixture fixture;
  std::string order;
  std::function<void(int)> next = [&](int left) {
    fixture.children.run(shell("echo " + std::to_string(left)), [&, left](Result<Finished> done) {
      order += done.value().out;
      if (left > 1) next(left - 1);
    });
  };
  next(4);
  fixture.loop.run();
  CHECK(order == "4\n3\n2\n1\n");
}

TEST_CASE("a child that ended before the loop looked is noticed") {
  Fixture fixture;
  pid_t pid = 0;
  fixture.children.on_start = [&](const ProcessId& process, const Command&) { pid = process.pid; };
  int code = -1;
  fixture.children.run(shell("exit 6"), [&](Result<Finished> done) { code = done.value().code; });
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
  fixture.loop.run();
  CHECK(code == 6);
}

TEST_CASE("a status that somebody else took is not a success") {
  Fixture fixture;
  pid_t pid = 0;
  fixture.children.on_start = [&](const ProcessId& process, const Command&) { pid = process.pid; };
  Finished finished;
  fixture.children.run(shell("exit 7"), [&](Result<Finished> done) { finished = done.value(); });
  REQUIRE(::waitpid(pid, nullptr, 0) == pid);
  fixture.loop.run();
  CHECK_FALSE(finished.ok());
  CHECK(finished.text("sh") == "sh ended, but its exit status was lost");
}

TEST_CASE("commands are awaited by coroutines") {
  Fixture fixture;
  const auto work = [&]() -> Job<Result<std::string>> {
    Command first = shell("echo one");
    const Result<Finished> one = co_await fixture.children.run(first);
    if (!one) co_return passed_on(one);
    co_await pause(fixture.loop, 1ms);
    Command second = shell("cat; echo two");
    second.input = one->out;
    const Result<Finished> two = co_await fixture.children.run(second);
    if (!two) co_return passed_on(two);
    Command missing = command_of({"no-such-program"});
    const Result<Finished> three = co_await fixture.children.run(missing);
    co_return two->out + three.error().what;
  };
  std::string text;
  spawn<Result<std::string>>(work(), [&](Result<std::string> done) { text = done.value(); });
  fixture.loop.run();
  CHECK(text == "one\ntwo\ncannot run no-such-program: it is not in PATH");
}

TEST_CASE("a result says in a sentence what happened") {
  Finished finished;
  finished.code = 128;
  finished.out = "out";
  finished.err = "Preparing\nfatal: bad \x1b[31mref\nhint: try this\n\n";
  CHECK(finished.text("git") == "git exited with 128: fatal: bad ^[[31mref");
  finished.err = "\n";
  CHECK(finished.text("git") == "git exited with 128: out");
  finished = {};
  finished.signal = 9;
  CHECK(finished.text("make") == "make was ended by signal 9 (Killed)");
  finished.timed_out = true;
  CHECK(finished.text("make") == "make took too long and was ended");
}
