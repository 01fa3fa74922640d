// A gate's result is exact, or there is none.
#include "catch.hpp"
#include "orch/base/process.hpp"
#include "pane.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

namespace {

GateSpec gate(const Folder& folder, const std::vector<std::string>& scripts) {
  GateSpec spec{.key = "g1",
                .tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
                .env = {"PATH=/usr/bin:/bin", "LC_ALL=C"}};
  for (const std::string& text : scripts) {
    spec.commands.push_back({{"sh", "-c", text}, folder.path(), std::chrono::seconds(60)});
  }
  return spec;
}

Child start(const Folder& folder, const GateSpec& spec, const Env& env = {}) {
  REQUIRE(write_spec(folder.path(), spec));
  return run({ORCH_SHIM, "gate", folder.path()}, env);
}

}  // namespace

TEST_CASE("a gate whose commands succeed passes") {
  const Folder folder;
  const GateSpec spec = gate(folder, {"echo one; pwd", "echo two >&2; test ! -t 0"});

  CHECK(start(folder, spec).wait().code == 0);

  const auto result = read_gate_result(folder.path());
  REQUIRE(result);
  CHECK(result->passed);
  CHECK(result->key == "g1");
  CHECK(result->tree == spec.tree);
  REQUIRE(result->outcomes.size() == 2);
  CHECK(result->outcomes[0].bytes == 5 + folder.path().native().size());
  CHECK(result->outcomes[1].bytes == 4);
  CHECK(folder.text("log") == "$ sh -c echo one; pwd\none\n" + folder.path().native() +
                                  "\n$ sh -c echo two >&2; test ! -t 0\ntwo\n");
}

TEST_CASE("a command's own variables take the place of what all have") {
  const Folder folder;
  GateSpec spec = gate(folder, {"env | grep -c ^LC_ALL; echo $LC_ALL $NEW", "echo $LC_ALL $NEW"});
  spec.commands[0].env = {"LC_ALL=C.UTF-8", "NEW=two words"};

  CHECK(start(folder, spec).wait().code == 0);

  const std::string log = folder.text("log");
  CHECK(log.find("\n1\nC.UTF-8 two words\n") != std::string::npos);
  CHECK(log.ends_with("\nC\n"));
}

TEST_CASE("a gate stops at its first failure") {
  const Folder folder;
  auto spec = gate(folder, {"true", "exit 3", "touch third"});
  ProcessEnd expected{.code = 3};
  SECTION("a code") {}
  SECTION("a signal") {
    spec.commands[1].argv = {"sh", "-c", "kill -SEGV $$"};
    expected = {.ending = EndKind::Signal, .signal = SIGSEGV};
  }
  SECTION("a command that is missing") {
    spec.commands[1].argv = {"no-such-test"};
    expected = {.ending = EndKind::NotStarted,
                .reason = "cannot run 'no-such-test': command not found"};
  }
  SECTION("a folder that is missing") {
    spec.commands[1].cwd = "/nowhere";
    expected = {.ending = EndKind::NotStarted,
                .reason = "cannot run in /nowhere: No such file or directory"};
  }

  CHECK(start(folder, spec).wait().code == 1);

  const auto result = read_gate_result(folder.path()).value();
  CHECK_FALSE(result.passed);
  REQUIRE(result.outcomes.size() == 2);
  ProcessEnd outcome = result.outcomes[1];
  outcome.ran = Span(0);
  CHECK(outcome == expected);
  CHECK_FALSE(folder.has("third"));
}

TEST_CASE("a command that takes too long is ended with all it started") {
  const Folder folder;
  auto spec =
      gate(folder, {"setsid sleep 1000 & trap '' TERM; while :; do sleep 1000; done", "true"});
  spec.commands[0].timeout = std::chrono::milliseconds(200);
  spec.grace = std::chrono::milliseconds(50);

  CHECK(start(folder, spec).wait().code == 1);

  const auto result = read_gate_result(folder.path()).value();
  REQUIRE(result.outcomes.size() == 1);
  CHECK(result.outcomes[0].ending == EndKind::TimedOut);
  CHECK(result.outcomes[0].signal == SIGKILL);
}

TEST_CASE("what a command leaves running is ended before the next one") {
  const Folder folder;
  const auto spec = gate(folder, {"setsid sh -c 'echo $$ > pid; exec sleep 1000' & "
                                  "while [ ! -s pid ]; do sleep 0.01; done",
                                  "! kill -0 $(cat pid)"});
  CHECK(start(folder, spec).wait().code == 0);
  CHECK(read_gate_result(folder.path()).value().outcomes[0].left_over >= 1);
}

TEST_CASE("a gate's log keeps its beginning and its end") {
  const Folder folder;
  const auto spec = gate(folder, {"seq 1 2000000", "echo the end"});
  CHECK(start(folder, spec).wait().code == 0);
  const std::string log = folder.text("log");
  CHECK(log.starts_with("$ sh -c seq 1 2000000\n1\n2\n"));
  CHECK(log.ends_with("\n2000000\n$ sh -c echo the end\nthe end\n"));
  CHECK(log.find(" bytes left out]\n") != std::string::npos);
  CHECK(log.size() < (6u << 20));
  CHECK(read_gate_result(folder.path()).value().outcomes[0].bytes == 14'888'896);
}

TEST_CASE("a gate that is stopped or killed gives no result") {
  const Folder folder;
  const auto spec = gate(folder, {"echo $$ > pid.new; mv pid.new pid; exec sleep 1000"});
  REQUIRE(write_file(folder / "result", "from before"));
  Child runner = start(folder, spec);
  REQUIRE(eventually([&] { return folder.has("pid"); }));
  CHECK(is_locked(folder / "lock"));
  const std::string text = folder.text("pid");
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  const ProcessId command = identify(pid);
  REQUIRE(command);

  SECTION("stopped") {
    runner.send(SIGTERM);
    CHECK(runner.wait().code == 128 + SIGTERM);
  }
  SECTION("killed") {
    runner.send(SIGKILL);
    CHECK(runner.wait().signal == SIGKILL);
  }
  CHECK(ends(command));
  CHECK_FALSE(folder.has("result"));
  CHECK_FALSE(is_locked(folder / "lock"));
}

TEST_CASE("a gate ends when its supervisor dies") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), gate(folder, {"echo > ready; exec sleep 1000"})));
  Child supervisor = run({"sh", "-c", "\"$@\"; true", "sh", ORCH_SHIM, "gate", folder.path()});
  REQUIRE(eventually([&] { return folder.has("ready"); }));
  const auto below = descendants_of(supervisor.pid());
  REQUIRE(below.size() == 2);

  supervisor.send(SIGKILL);

  CHECK(ends(below[0]));
  CHECK(ends(below[1]));
  CHECK_FALSE(folder.has("result"));
}

TEST_CASE("two runners do not share a folder") {
  const Folder folder;
  const auto spec = gate(folder, {"echo > ready; exec sleep 1000"});
  Child first = start(folder, spec);
  REQUIRE(eventually([&] { return folder.has("ready"); }));
  CHECK(run({ORCH_SHIM, "gate", folder.path()}).wait().code == shim_status::kTaken);
}

TEST_CASE("a gate whose log cannot be written says so") {
  const Folder folder;
  std::filesystem::create_directories(folder / "log" / "x");
  CHECK(start(folder, gate(folder, {"echo hello"})).wait().code == 0);
  CHECK(read_gate_result(folder.path()).value().log_error.ends_with("File exists"));
}

TEST_CASE("wrong arguments are refused") {
  CHECK(run({ORCH_SHIM}).wait().code == shim_status::kUsage);
  CHECK(run({ORCH_SHIM, "a", "b"}).wait().code == shim_status::kUsage);
  CHECK(run({ORCH_SHIM, "gate", "/nowhere"}).wait().code == shim_status::kBadSpec);
}
