// Starting: what is there already, what is just ending, what is missing, too old or not permitted.
#include "orch/base/process.hpp"
#include "stage.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace tmuxctl;
using namespace tmuxctl::test;

namespace {

/// A folder to stand alone in PATH, with or without a program called tmux.
struct FakePath {
  orch::test::TemporaryFolder folder;
  orch::test::Setenv path{"PATH", folder.path().string()};

  void add_tmux(const std::string& script) {
    const std::filesystem::path file = folder.path() / "tmux";
    std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
};

}  // namespace

TEST_CASE("a server is started from the root folder with its options set first") {
  Stage stage;
  StartSpec spec = Stage::spec();
  spec.window = "#{pid} home;";
  spec.history_limit = 1234;
  REQUIRE(trouble(stage.await(stage.server->start(spec))) == "");
  CHECK(stage.server->version() == stage.tmux.show("#{version}"));
  CHECK(stage.server->session().value == stage.tmux.show("#{session_id}", "=run:"));
  const pid_t pid = stage.server->process().pid;
  CHECK(pid == stage.tmux.pid());
  CHECK(std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/cwd") == "/");
  CHECK(stage.tmux.show("#{window_name} #{window_width}x#{window_height} #{history_limit} "
                        "#{remain-on-exit} #{message-limit} #{exit-empty} #{destroy-unattached} "
                        "#{window-size}",
                        "=run:") == "#{pid} home; 200x50 1234 on 0 1 0 latest");
}

TEST_CASE("starting again finds the same server and session") {
  Stage stage;
  stage.start();
  const Opened opened = stage.open("kept");
  const orch::ProcessId process = stage.server->process();
  const SessionId session = stage.server->session();

  stage.server = stage.make();
  stage.start();
  CHECK(stage.server->process() == process);
  CHECK(stage.server->session() == session);
  CHECK(stage.panes().back().pane == opened.pane);

  stage.server = stage.make();
  CHECK(trouble(stage.await(stage.server->connect("run"))) == "");
  CHECK(stage.server->process() == process);

  stage.server = stage.make();
  const Status missing = stage.await(stage.server->connect("ru"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().fault == Fault::NotFound);
  CHECK_FALSE(stage.server->connected());
}

TEST_CASE("a server that has just been killed is followed by the next one") {
  Stage stage;
  stage.start();
  for (const int signal_number : {SIGTERM, SIGKILL, SIGTERM, SIGKILL}) {
    const orch::ProcessId old = stage.server->process();
    REQUIRE(orch::signal_process(old, signal_number));
    stage.server = stage.make();
    stage.start();
    // The ending server may still have answered once; then its end is an event like any other.
    if (stage.server->process() == old) {
      run_until(stage.loop, [&] { return !stage.server->connected(); });
      stage.server = stage.make();
      stage.start();
    }
    CHECK_FALSE(stage.server->process() == old);
    CHECK(stage.panes().size() == 1);
  }
}

TEST_CASE("connecting where no server is starts none") {
  Stage stage;
  const Status status = stage.await(stage.server->connect("run"));
  REQUIRE_FALSE(status);
  CHECK(status.error().fault == Fault::NotFound);
  CHECK(stage.tmux.pid() == 0);
}

TEST_CASE("a server of others keeps its options, the session and its windows get ours") {
  Stage stage;
  REQUIRE(stage.tmux.tmux({"new-session", "-d", "-s", "person", "sleep", "1000"}).code == 0);
  StartSpec spec = Stage::spec();
  spec.own_server = false;
  spec.history_limit = 777;
  REQUIRE(trouble(stage.await(stage.server->start(spec))) == "");
  CHECK(stage.tmux.show("#{remain-on-exit} #{history-limit}", "=person:") == "off 2000");
  const Opened opened = stage.open("ours");
  CHECK(stage.tmux.show("#{remain-on-exit} #{history_limit} #{window-size}", opened.window.value) ==
        "on 777 manual");
}

TEST_CASE("a missing tmux is told with the way to get it") {
  Stage stage;
  const FakePath path;
  const Status status = stage.await(stage.server->start(Stage::spec()));
  REQUIRE_FALSE(status);
  CHECK(status.error() ==
        orch::Error{Fault::NotFound, "tmux is not installed", "apt install tmux"});
}

TEST_CASE("a tmux that is too old is refused, one with a strange version is tried") {
  Stage stage;
  FakePath path;
  path.add_tmux("echo tmux 2.9");
  const Status status = stage.await(stage.server->start(Stage::spec()));
  REQUIRE_FALSE(status);
  CHECK(status.error().what == "tmux 2.9 is too old (need 3.2 or newer)");
  CHECK(status.error().hint == "apt install tmux");
  for (const char* old : {"1.8", "3.1c", "3.0", "next-3.1"}) {
    path.add_tmux(std::string("echo tmux ") + old);
    CHECK_FALSE(stage.await(check_tmux(stage.children)));
  }
  for (const char* fine : {"3.2", "3.2a", "3.10", "4.0", "next-3.4", "master", "openbsd-7.4"}) {
    path.add_tmux(std::string("echo tmux ") + fine);
    CHECK(stage.await(check_tmux(stage.children)).value() == fine);
  }
  path.add_tmux("echo no tmux; exit 1");
  CHECK_FALSE(stage.await(check_tmux(stage.children)));
}

TEST_CASE("a socket folder that tmux refuses is named") {
  Stage stage;
  const orch::test::Setenv tmpdir("TMUX_TMPDIR", stage.tmux.folder().string());
  const std::filesystem::path folder = stage.tmux.folder() / ("tmux-" + std::to_string(getuid()));
  std::filesystem::create_directory(folder);
  REQUIRE(chmod(folder.c_str(), 0777) == 0);
  Server server(stage.loop, stage.children, Address::named("private"));
  const Status unsafe = stage.await(server.start(Stage::spec()));
  REQUIRE_FALSE(unsafe);
  CHECK(unsafe.error().fault == Fault::Refused);
  CHECK(unsafe.error().what.find(folder.string()) != std::string::npos);
  CHECK(unsafe.error().hint == "chmod 700 " + folder.string());

  Server nowhere(stage.loop, stage.children, Address::at("/no/such/folder/s"));
  const Status missing = stage.await(nowhere.start(Stage::spec()));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what.find("/no/such/folder") != std::string::npos);

  // Once it is as tmux wants it, the same object may try again.
  REQUIRE(chmod(folder.c_str(), 0700) == 0);
  REQUIRE(stage.await(server.start(Stage::spec())));
  CHECK(stage.await(server.kill_server()));
}

TEST_CASE("what cannot be a session is refused before tmux changes it") {
  Stage stage;
  for (const char* name : {"", "a.b", "a:b", "$0", "=x", "-x", "two\nlines", "#(x)"}) {
    StartSpec spec = Stage::spec();
    spec.session = name;
    const Status status = stage.await(stage.server->start(spec));
    REQUIRE_FALSE(status);
    CHECK(status.error().fault == Fault::BadInput);
  }
  CHECK(stage.tmux.pid() == 0);
  StartSpec spec = Stage::spec();
  spec.session = "naïve-run 2";
  CHECK(stage.await(stage.server->start(spec)));
  CHECK(stage.await(stage.server->has_session("naïve-run 2")).value());
}

TEST_CASE("single commands work without a connection") {
  Stage stage;
  stage.start();
  const Address address = stage.server->address();
  const auto once = [&](std::vector<std::string> words) {
    return stage.await(run_once(stage.children, address, std::move(words)));
  };
  CHECK(once({"display-message", "-p", "a;"}).value() == "a;\n");
  const auto refused = once({"kill-window", "-t", "@99"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::NotFound);

  const auto nobody = stage.await(run_once(
      stage.children, Address::at((stage.tmux.folder() / "none").string()), {"list-sessions"}));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().fault == Fault::NotFound);
}

TEST_CASE("a single command has a time-out") {
  Stage stage;
  stage.start();
  const auto late = stage.await(
      run_once(stage.children, stage.server->address(), {"wait-for", "never"}, Span(100)));
  REQUIRE_FALSE(late);
  CHECK(late.error().fault == Fault::TimedOut);
}
