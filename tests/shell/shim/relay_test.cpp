// What the agent prints and what is typed arrive unchanged, complete and logged.
#include "catch.hpp"
#include "pane.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <chrono>
#include <random>
#include <thread>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

TEST_CASE("every byte the agent prints arrives unchanged") {
  const Folder folder;
  std::mt19937 random(7);
  std::string bytes;
  for (int i = 0; i < 100'000; ++i)
    bytes += static_cast<char>(random() & 0xff);
  bytes += "\x1b[31mred\x1b[0m\x1b]0;title\x07\x1b[?1049h\x1b[5n?";
  REQUIRE(write_file(folder / "bytes", bytes));
  REQUIRE(write_spec(folder.path(), script(folder, "stty -opost; cat bytes")));

  Pane pane(folder);

  CHECK(pane.finish().code == 0);
  CHECK((pane.output() == bytes));
  CHECK((folder.text("output.log") == bytes));
}

TEST_CASE("the agent's terminal has size and settings of the pane, also after a change") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, R"(
    trap 'stty size; exit 0' WINCH
    stty size; stty -a | tr ';' '\n' | grep -w erase; tty; echo ready
    while :; do read line; done)")));

  Pane pane(folder);

  REQUIRE(pane.shows("ready"));
  CHECK(pane.seen().find("30 100\r\n") != std::string::npos);
  CHECK(pane.seen().find("erase = ^H") != std::string::npos);
  CHECK(pane.seen().find(read_pids(folder.path()).value().pty) != std::string::npos);
  pane.resize(80, 24);
  CHECK(pane.shows("24 80\r\n"));
  CHECK(pane.finish().code == 0);
}

TEST_CASE("what is typed arrives as it would without the shim") {
  const Folder folder;
  SECTION("lines") {
    REQUIRE(write_spec(folder.path(), script(folder, "echo ready; read line; echo \"<$line>\"")));
    Pane pane(folder);
    REQUIRE(pane.shows("ready"));
    pane.type("h\xc3\xa4llo world\r");
    CHECK(pane.finish().code == 0);
    CHECK(pane.seen().find("<h\xc3\xa4llo world>") != std::string::npos);
  }
  SECTION("many bytes, raw") {
    std::string bytes;
    for (int i = 0; i < 200'000; ++i)
      bytes += static_cast<char>(i % 251);
    REQUIRE(write_spec(folder.path(), script(folder,
                                             "stty raw -echo; echo ready; "
                                             "head -c 200000 > got")));
    Pane pane(folder);
    REQUIRE(pane.shows("ready"));
    pane.type(bytes);
    CHECK(pane.finish().code == 0);
    CHECK((folder.text("got") == bytes));
  }
  SECTION("an interrupt goes to the agent") {
    REQUIRE(write_spec(folder.path(), script(folder,
                                             "trap 'echo caught; exit 5' INT; echo ready; "
                                             "while :; do read line; done")));
    Pane pane(folder);
    REQUIRE(pane.shows("ready"));
    pane.type("\x03");
    CHECK(pane.finish().code == 5);
    CHECK(read_exit(folder.path()).value().outcome.ending == EndKind::Code);
  }
  SECTION("nothing is typed by the shim") {
    REQUIRE(write_spec(folder.path(), script(folder,
                                             "stty raw -echo; echo ready; "
                                             "head -c 1 > got; exit 0")));
    Pane pane(folder);
    REQUIRE(pane.shows("ready"));
    pane.type("x");
    CHECK(pane.finish().code == 0);
    CHECK(folder.text("got") == "x");
  }
}

TEST_CASE("a prompt can come from a file") {
  const Folder folder;
  auto spec = script(folder, "cat; test -t 1 && tty < /dev/tty > /dev/null && echo terminal");
  spec.input = folder / "prompt";
  REQUIRE(write_file(spec.input, "do this\n"));
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  CHECK(pane.output() == "do this\r\nterminal\r\n");
}

TEST_CASE("the agent gets the environment of the spec and nothing else but the terminal's name") {
  const Folder folder;
  auto spec = script(folder, "");
  spec.argv = {"env"};
  spec.env = {"PATH=/usr/bin:/bin", "TERM=wrong", "COLUMNS=77", "LINES=5",
              "TERMINAL=kept",      "A=b=c"};
  std::string expected = "PATH=/usr/bin:/bin\r\nTERMINAL=kept\r\nA=b=c\r\n";
  SECTION("as a rule") {
    expected += "TERM=tmux-256color\r\n";
  }
  SECTION("and what it asks for by name") {
    spec.inherit = {"TMUX_PANE"};
    expected += "TMUX_PANE=%4\r\nTERM=tmux-256color\r\n";
  }
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder, {{"TMUX_PANE", "%4"}, {"SECRET", "1"}});
  CHECK(pane.finish().code == 0);
  CHECK(pane.output() == expected);
}

TEST_CASE("wrapper and signals are the agent's as the spec says") {
  const Folder folder;
  auto spec = script(folder, "echo $W; grep -E 'Sig(Blk|Ign)' /proc/self/status");
  spec.wrapper = {"env", "W=wrapped"};
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  CHECK(pane.output() ==
        "wrapped\r\nSigBlk:\t0000000000000000\r\n"
        "SigIgn:\t0000000000000000\r\n");
}

TEST_CASE("the agent's soft limit of open files is that of the spec, its hard one stays") {
  const Folder folder;
  auto spec = script(folder, "ulimit -Sn; ulimit -Hn");
  spec.open_files = 77;
  REQUIRE(write_spec(folder.path(), spec));
  rlimit ours{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &ours) == 0);
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  const std::string hard =
      ours.rlim_max == RLIM_INFINITY ? "unlimited" : std::to_string(ours.rlim_max);
  CHECK(pane.output() == "77\r\n" + hard + "\r\n");
}

TEST_CASE("fifty megabytes are relayed and logged completely, in files of bounded size") {
  const Folder folder;
  auto spec = script(folder, "seq 1 6000000");
  constexpr std::size_t kSegment = 8u << 20;
  spec.log_segment = kSegment;
  spec.log_segments = 8;
  REQUIRE(write_spec(folder.path(), spec));

  Pane pane(folder);

  CHECK(pane.finish().code == 0);
  const std::string output = pane.output();
  CHECK(output.size() > (50u << 20));
  CHECK(output.ends_with("\r\n6000000\r\n"));
  std::string logged;
  for (int age = 7; age > 0; --age) {
    const std::string part = folder.text(fmt::format("output.log.{}", age));
    CHECK((part.empty() || part.size() == kSegment));
    logged += part;
  }
  logged += folder.text("output.log");
  CHECK((logged == output));
  CHECK(read_exit(folder.path()).value().outcome.bytes == output.size());
}

TEST_CASE("the log keeps the newest output") {
  const Folder folder;
  auto spec = script(folder, "seq 1 1000");
  spec.log_segment = 1000;
  spec.log_segments = 2;
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  const std::string kept = folder.text("output.log.1") + folder.text("output.log");
  CHECK(kept.size() <= 2000);
  CHECK(kept.size() > 1000);
  CHECK(pane.output().ends_with(kept));
  CHECK_FALSE(folder.has("output.log.2"));
}

TEST_CASE("the log goes into no file that is there") {
  const Folder folder;
  const auto outside = folder / "outside";
  REQUIRE(write_file(outside, "mine"));
  // By the time the log is rotated, its agent may have put a link there.
  std::filesystem::create_symlink(outside, folder / "output.log");
  auto spec = script(folder, fmt::format("mkdir -p {0}.1/x; seq 1 500; ln -sf {1} {0}; seq 1 1000",
                                         (folder / "output.log").native(), outside.native()));
  spec.log_segment = 1000;
  spec.log_segments = 2;
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  CHECK(pane.finish().code == 0);
  CHECK(folder.text("outside") == "mine");
}

TEST_CASE("a log that cannot be written does not stop the agent") {
  const Folder folder;
  auto spec = script(folder, "seq 1 20000; exit 4");
  std::string why;

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  SECTION("no more room") {
    const rlimit little{40'000, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &little) == 0);
    why = "File too large";
  }
  SECTION("a folder in its place") {
    std::filesystem::create_directories(folder / "output.log" / "x");
    why = "File exists";
  }
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(pane.finish().code == 4);
  CHECK(pane.output().ends_with("\r\n20000\r\n"));
  const auto exit = read_exit(folder.path()).value();
  CHECK(exit.log_error.ends_with(why));
  CHECK(exit.outcome.bytes == pane.output().size());
}

TEST_CASE("an agent waits while nobody takes its output, and can be stopped then") {
  const Folder folder;
  auto spec = script(folder, "seq 1 500000; echo x > finished");
  spec.grace = std::chrono::milliseconds(100);
  REQUIRE(write_spec(folder.path(), spec));
  Pane pane(folder);
  REQUIRE(eventually([&] { return folder.text("output.log").size() > 16'000; }));
  // Nothing happens: that can only be watched for a while.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(folder.text("output.log").size() < 400'000);
  CHECK_FALSE(folder.has("finished"));

  pane.shim().send(SIGTERM);
  REQUIRE(eventually([&] { return folder.has("exit"); }));
  CHECK(read_exit(folder.path()).value().outcome.ending == EndKind::Stopped);
  pane.finish();
}

TEST_CASE("the last output before the end is never lost") {
  for (int round = 0; round < 40; ++round) {
    const Folder folder;
    REQUIRE(write_spec(folder.path(), script(folder, "seq 1 1000; printf last; exit 9")));
    Pane pane(folder);
    REQUIRE(pane.finish().code == 9);
    REQUIRE(pane.output().ends_with("\r\n1000\r\nlast"));
    REQUIRE(folder.text("output.log") == pane.output());
  }
}

TEST_CASE("the end is recorded once the terminal has taken in everything") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "printf last; exit 6")));
  Pane pane(folder);
  pane.keep_silent();
  REQUIRE(pane.shows("last\x1b[5n"));
  // Nothing happens: that can only be watched for a while.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK_FALSE(folder.has("exit"));
  pane.type("\x1b[0n");
  CHECK(pane.finish().code == 6);
  CHECK(folder.has("exit"));
}

TEST_CASE("a terminal that gives no sign delays the end but does not prevent it") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo ready; exit 6")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  CHECK(pane.shim().wait().code == 6);  // nobody reads, so nobody answers
}
