// However an agent ends, nothing of it is left and the record is exact.
#include "catch.hpp"
#include "orch/base/process.hpp"
#include "pane.hpp"

#include <signal.h>
#include <unistd.h>

#include <charconv>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

namespace {

/// The process whose pid the agent wrote into that file.
ProcessId process_in(const Folder& folder, std::string_view name) {
  const std::string text = folder.text(name);
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  return identify(pid);
}

ProcessEnd outcome_in(const Folder& folder) {
  const auto exit = read_exit(folder.path());
  REQUIRE(exit);
  return exit->outcome;
}

/// Starts a daemon: a process in a session of its own, whose parent has gone.
constexpr const char* kDaemon =
    "(setsid sh -c 'trap \"\" HUP; echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' "
    "> /dev/null 2>&1 < /dev/null &); while [ ! -e daemon ]; do sleep 0.01; done; ";

}  // namespace

TEST_CASE("exit codes are exact") {
  const int code = GENERATE(0, 1, 2, 75, 126, 127, 128, 137, 255);
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, fmt::format("exit {}", code))));
  Pane pane(folder);
  CHECK(pane.finish().code == code);
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Code);
  CHECK(outcome.code == code);
}

TEST_CASE("signals are exact") {
  const int number = GENERATE(SIGHUP, SIGINT, SIGABRT, SIGKILL, SIGSEGV, SIGTERM, SIGPIPE);
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, fmt::format("kill -{} $$", number))));
  Pane pane(folder);
  CHECK(pane.finish().code == 128 + number);
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Signal);
  CHECK(outcome.signal == number);
}

TEST_CASE("SIGTERM to the shim asks the agent to end") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "trap 'echo bye; exit 3' TERM; echo ready; "
                                           "while :; do read line; done")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  pane.shim().send(SIGTERM);
  CHECK(pane.finish().code == 3);
  CHECK(pane.output().ends_with("bye\r\n"));
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Stopped);
  CHECK(outcome.code == 3);
}

TEST_CASE("an agent that does not listen is killed after the grace") {
  const Folder folder;
  auto spec = script(folder, "trap '' TERM; echo ready; while :; do sleep 1000; done");
  spec.grace = std::chrono::milliseconds(50);
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  pane.shim().send(SIGTERM);
  CHECK(pane.finish().code == 128 + SIGKILL);
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Stopped);
  CHECK(outcome.signal == SIGKILL);
}

TEST_CASE("an agent that is suspended can be stopped") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "trap 'exit 3' TERM; echo ready; kill -STOP $$; "
                                           "while :; do read line; done")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  pane.shim().send(SIGTERM);
  CHECK(pane.finish().code == 3);
  CHECK(outcome_in(folder).ending == EndKind::Stopped);
}

TEST_CASE("signals that a keyboard makes do not end the shim") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo ready; read line; exit 2")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  for (const int number : {SIGINT, SIGQUIT, SIGTSTP, SIGPIPE})
    pane.shim().send(number);
  pane.type("\r");
  CHECK(pane.finish().code == 2);
}

TEST_CASE("a terminal that goes away ends the agent and its daemons") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(),
                     script(folder, std::string(kDaemon) +
                                        "trap '' HUP; echo ready; while :; do sleep 1000; done")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  const ProcessId daemon = process_in(folder, "daemon");
  REQUIRE(daemon);
  const ProcessId agent = read_pids(folder.path()).value().agent;
  pane.hang_up();
  CHECK(pane.finish().code == 128 + SIGTERM);
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Hangup);
  CHECK(outcome.signal == SIGTERM);
  CHECK_FALSE(is_alive(agent));
  CHECK_FALSE(is_alive(daemon));
}

TEST_CASE("a daemon does not outlive its agent") {
  const Folder folder;
  auto spec = script(folder, std::string(kDaemon) + "exit 4");
  SECTION("one that ends when asked") {}
  SECTION("one that has to be killed") {
    spec.argv.back() =
        "(setsid sh -c 'trap \"\" HUP TERM; echo $$ > daemon.new; mv daemon.new daemon; "
        "while :; do sleep 1000; done' > /dev/null 2>&1 &); "
        "while [ ! -e daemon ]; do sleep 0.01; done; exit 4";
    spec.grace = std::chrono::milliseconds(50);
  }
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  CHECK(pane.finish().code == 4);
  CHECK(folder.has("daemon"));
  CHECK_FALSE(process_in(folder, "daemon"));
  const ProcessEnd outcome = outcome_in(folder);
  CHECK(outcome.ending == EndKind::Code);
  CHECK(outcome.code == 4);
  CHECK(outcome.left_over >= 1);
  CHECK(outcome.survivors == 0);
}

TEST_CASE("a process that keeps the terminal open delays the end for a second only") {
  const Folder folder;
  REQUIRE(
      write_spec(folder.path(), script(folder,
                                       "(trap 'echo child goes; exit' TERM; trap '' HUP; touch up; "
                                       "while :; do sleep 0.05; done) & "
                                       "while [ ! -e up ]; do sleep 0.01; done; echo agent goes")));
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  CHECK(pane.output().starts_with("agent goes\r\n"));
  CHECK(pane.output().ends_with("child goes\r\n"));
  CHECK(outcome_in(folder).left_over >= 1);
}

TEST_CASE("an agent that closes its terminal lives on") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "exec < /dev/null > /dev/null 2>&1; sleep 0.2; "
                                           "echo again > /dev/tty; exit 8")));
  Pane pane(folder);
  CHECK(pane.finish().code == 8);
  CHECK(pane.output() == "again\r\n");
}

TEST_CASE("a shim that is killed takes its agent with it and leaves no exit record") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "trap '' HUP TERM; echo ready; "
                                           "while :; do sleep 1000; done")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  const AttemptPids pids = read_pids(folder.path()).value();
  REQUIRE(is_alive(pids.agent));
  CHECK(is_locked(folder / "lock"));

  pane.shim().send(SIGKILL);

  CHECK(pane.shim().wait().signal == SIGKILL);
  CHECK(ends(pids.agent));
  CHECK_FALSE(is_locked(folder / "lock"));
  CHECK_FALSE(folder.has("exit"));
}
