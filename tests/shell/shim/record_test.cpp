// What is written is what is read.
#include "catch.hpp"
#include "pane.hpp"

#include <sys/stat.h>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

TEST_CASE("an attempt's spec is read as it was written, and by its owner alone") {
  const Folder folder;
  const AttemptSpec spec{.key = "k",
                         .argv = {"agent", "", "a b\n'c'"},
                         .wrapper = {"bwrap", "--"},
                         .cwd = "/w",
                         .env = {"A=1", "B=x\ny", "C="},
                         .inherit = {"TMUX"},
                         .input = "/p",
                         .socket = "/s",
                         .open_files = 1024,
                         .grace = std::chrono::milliseconds(1234),
                         .log_segment = 77,
                         .log_segments = 2};
  REQUIRE(write_spec(folder.path(), spec));

  const auto read = read_attempt_spec(folder.path());

  REQUIRE(read);
  CHECK(*read == spec);

  struct stat status {};

  REQUIRE(::stat((folder / "spec").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("a gate's spec and result are read as they were written") {
  const Folder folder;
  const GateSpec spec{.key = "k",
                      .tree = "4b825dc",
                      .commands = {{{"make", "check"}, "/w", std::chrono::seconds(3)},
                                   {{"true"}, "/", std::chrono::seconds(1)}},
                      .env = {"A=1"},
                      .grace = std::chrono::milliseconds(9)};
  REQUIRE(write_spec(folder.path(), spec));
  const GateResult result{
      .key = "k",
      .tree = "4b825dc",
      .outcomes = {{.ran = Span(12), .bytes = 5},
                   {.ending = EndKind::Signal, .signal = 9, .left_over = 2, .survivors = 1},
                   {.ending = EndKind::NotStarted, .reason = "no\nsuch"}},
      .started_ms = 1,
      .ended_ms = 2,
      .log_error = "full"};
  REQUIRE(write_file(folder / "result", to_record(result).encode()));

  CHECK(read_gate_spec(folder.path()).value() == spec);
  CHECK(read_gate_result(folder.path()).value() == result);
}

TEST_CASE("a missing record is told apart from a broken one") {
  const Folder folder;
  CHECK(read_exit(folder.path()).error().fault == Fault::NotFound);
  REQUIRE(write_file(folder / "exit", "key 100\nshort"));
  CHECK(read_exit(folder.path()).error().fault == Fault::Corrupt);
  REQUIRE(write_file(folder / "exit", "ending 5\nnever\n"));
  CHECK(read_exit(folder.path()).error().fault == Fault::Corrupt);
}
