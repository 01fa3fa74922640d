#include "orch/base/files.hpp"
#include "run_command.hpp"
#include "unit/base/temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

static void write_tool(const std::filesystem::path& path, std::string_view says, mode_t mode) {
  REQUIRE(make_folders(path.parent_path()));
  REQUIRE(write_file(path, fmt::format("#!/bin/sh\necho {}\n", says), mode));
}

TEST_CASE("a missing program is an error that names it and leaves nothing") {
  Fixture fixture;
  const auto result = fixture.run(command_of({"no-such-program", "x"}));
  REQUIRE_FALSE(result);
  CHECK(result.error().fault == Fault::NotFound);
  CHECK(result.error().what == "cannot run no-such-program: it is not in PATH");
  CHECK(fixture.children.alive() == 0);
  CHECK(no_child_left());
}

TEST_CASE("a program that cannot be executed is an error and leaves no zombie") {
  const TemporaryFolder folder;
  Fixture fixture;
  write_tool(folder / "plain", "x", 0644);
  REQUIRE(write_file(folder / "orphan", "#!/no/such/interpreter\n", 0755));
  REQUIRE(write_file(folder / "nonsense", "\x01\x02", 0755));
  for (const char* name : {"plain", "orphan", "nonsense", "missing"}) {
    const std::string program = folder / name;
    const auto result = fixture.run(command_of({program}));
    REQUIRE_FALSE(result);
    CHECK(result.error().what.starts_with("cannot run " + program + ": "));
    CHECK(no_child_left());
  }
}

TEST_CASE("a missing folder is an error and nothing runs") {
  const TemporaryFolder folder;
  Fixture fixture;
  const std::string mark = folder / "mark";
  Command command = command_of({"touch", mark});
  command.cwd = folder / "missing";
  const auto result = fixture.run(command);
  REQUIRE_FALSE(result);
  CHECK(result.error().fault == Fault::NotFound);
  CHECK(result.error().what ==
        "cannot run touch in " + command.cwd + ": No such file or directory");
  CHECK_FALSE(std::filesystem::exists(mark));
  CHECK(no_child_left());
}

TEST_CASE("nothing and what no program can be given are refused") {
  Fixture fixture;
  CHECK(fixture.run(command_of({})).error().fault == Fault::BadInput);
  CHECK(fixture.run(command_of({""})).error().fault == Fault::BadInput);
  CHECK(fixture.run(command_of({"echo", std::string("a\0b", 3)})).error().fault == Fault::BadInput);
}

TEST_CASE("arguments arrive exactly") {
  Fixture fixture;
  const auto finished = fixture.finish(
      command_of({"printf", "[%s]", "", " a  b ", "\"q\"", "'", "$HOME", "*", "\\n", "a\nb"}));
  CHECK(finished.out == "[][ a  b ][\"q\"]['][$HOME][*][\\n][a\nb]");
  CHECK(fixture.finish(command_of({"true"})).ok());
}

TEST_CASE("the folder and the environment arrive and ours stay as they are") {
  const TemporaryFolder folder;
  Fixture fixture;
  ::setenv("ORCH_TEST_KEPT", "kept", 1);
  ::setenv("ORCH_TEST_CHANGED", "old", 1);
  ::setenv("ORCH_TEST_UNSET", "there", 1);
  Command command = shell(
      "pwd -P; echo \"$ORCH_TEST_KEPT|$ORCH_TEST_CHANGED|${ORCH_TEST_UNSET-gone}|$ORCH_TEST_NEW\"");
  command.cwd = folder.path();
  command.env = {{"ORCH_TEST_CHANGED", "a=b:c;d"}, {"ORCH_TEST_NEW", "x y"}};
  command.unset = {"ORCH_TEST_UNSET", "ORCH_TEST_NEVER_SET"};
  const std::string here = std::filesystem::canonical(folder.path());
  CHECK(fixture.finish(command).out == here + "\nkept|a=b:c;d|gone|x y\n");
  CHECK(::getenv("ORCH_TEST_CHANGED") == std::string("old"));
  CHECK(::getenv("ORCH_TEST_NEW") == nullptr);
}

TEST_CASE("a tool is taken from the first folder of PATH that has it") {
  const TemporaryFolder folder;
  Fixture fixture;
  write_tool(folder / "one" / "orch-tool", "first", 0755);
  write_tool(folder / "two" / "orch-tool", "second", 0755);
  write_tool(folder / "plain" / "orch-tool", "not executable", 0644);
  REQUIRE(make_folders(folder / "folder" / "orch-tool"));
  const auto in = [&](const char* name) { return (folder / name).native(); };
  const auto says = [&](const std::string& path) {
    Command command = command_of({"orch-tool"});
    command.env = {{"PATH", path}};
    return fixture.finish(command).out;
  };
  CHECK(says(in("one") + ":" + in("two") + ":/bin") == "first\n");
  CHECK(says(in("plain") + ":" + in("folder") + ":" + in("missing") + ":" + in("two")) ==
        "second\n");

  const std::string before = ::getenv("PATH");
  ::setenv("PATH", (in("two") + ":" + before).c_str(), 1);
  CHECK(fixture.finish(command_of({"orch-tool"})).out == "second\n");
  ::setenv("PATH", before.c_str(), 1);
}

TEST_CASE("a relative folder in PATH is not looked into") {
  const TemporaryFolder folder;
  Fixture fixture;
  write_tool(folder / "orch-tool", "wrong", 0755);
  Command command = command_of({"orch-tool"});
  command.cwd = folder.path();
  command.env = {{"PATH", ":.:bin:"}};
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto result = fixture.run(command);
  std::filesystem::current_path(here);
  REQUIRE_FALSE(result);
  CHECK(result.error().fault == Fault::NotFound);
}

TEST_CASE("a name with a slash is seen from the command's folder") {
  const TemporaryFolder folder;
  Fixture fixture;
  write_tool(folder / "scripts" / "check", "checked", 0755);
  Command command = command_of({"scripts/check"});
  command.cwd = folder.path();
  CHECK(fixture.finish(command).out == "checked\n");
}

TEST_CASE("the child has no signal blocked or ignored, whatever ours are") {
  Fixture fixture;
  sigset_t blocked{};
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::sigaddset(&blocked, SIGUSR2);
  sigset_t before{};
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  const auto handler = ::signal(SIGINT, SIG_IGN);
  const auto finished =
      fixture.finish(command_of({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}));
  ::signal(SIGINT, handler);
  sigset_t after{};
  ::sigprocmask(SIG_SETMASK, &before, &after);
  CHECK(finished.out == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  CHECK(::sigismember(&after, SIGTERM) == 1);
  CHECK(::sigismember(&after, SIGINT) == 0);
}

/// Sends a signal to whatever children `parent` has, as fast as it can, until it is killed.
[[noreturn]] static void hammer(pid_t parent, int signal_number) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string list = fmt::format("/proc/{}/task/{}/children", parent, parent);
  for (;;) {
    const auto children = read_file(list);
    if (!children) continue;
    for (const std::string_view word : split(*children, ' ')) {
      const pid_t pid = first_pid(word);
      if (pid > 0 && pid != ::getpid()) ::kill(pid, signal_number);
    }
  }
}

TEST_CASE("a signal to a child between fork and exec never runs our handler") {
  Fixture fixture;
  int ours = 0;
  auto watch = std::make_unique<SignalWatch>(fixture.loop, SIGUSR2, [&] { ++ours; });
  const pid_t parent = ::getpid();
  const pid_t hammering = ::fork();
  if (hammering == 0) hammer(parent, SIGUSR2);
  int hit = 0;
  std::function<void()> again = [&] {
    fixture.children.run(command_of({"true"}), [&](Result<Finished> finished) {
      if (finished && finished->signal == SIGUSR2) ++hit;
      if (hit == 20 || ours > 0) return fixture.loop.stop();
      again();
    });
  };
  again();
  fixture.loop.run();
  ::kill(hammering, SIGKILL);
  ::waitpid(hammering, nullptr, 0);
  CHECK(ours == 0);
  CHECK(hit == 20);
}

TEST_CASE("a child has its three streams and no other descriptor of ours") {
  Fixture fixture;
  // What the program that runs the tests left open is not ours.
  std::set<std::string> expected{"0", "1", "2", "3"};  // 3: the folder that ls reads
  for (int fd = 3; fd < 1024; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) expected.insert(std::to_string(fd));
  }
  auto other = fixture.children.open(
      command_of({"cat"}), [](std::string_view) {}, [](Finished) {});
  REQUIRE(other);
  std::set<std::string> found;
  fixture.children.run(command_of({"ls", "/proc/self/fd"}), [&](Result<Finished> finished) {
    for (const std::string_view line : split_lines(finished.value().out)) {
      found.emplace(line);
    }
    (*other)->close_input();
  });
  fixture.loop.run();
  CHECK(found.size() == expected.size());
  CHECK(found.contains("2"));
}

TEST_CASE("a program without standard streams of its own can run commands") {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      ::close(fd);
    }
    Loop loop;
    Children children(loop);
    int code = 1;
    Command command = shell("cat; echo err >&2");
    command.input = "in";
    children.run(command, [&](Result<Finished> finished) {
      const Finished& end = finished.value();
      code = end.out == "in" && end.err == "err\n" ? 0 : 1;
    });
    loop.run();
    ::_exit(code);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
