// Starting: what is there already, what is just ending, what is missing, too old or not permitted.
#include "fixture.hpp"
#include "orch/base/process.hpp"
#include "tmuxctl/once.hpp"

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
  Fixture fixture;
  StartSpec spec = Fixture::spec();
  spec.window = "#{pid} home;";
  spec.history_limit = 1234;
  REQUIRE(trouble(fixture.await(fixture.server->start(spec))) == "");
  CHECK(fixture.server->version() == fixture.tmux.show("#{version}"));
  CHECK(fixture.server->session().value == fixture.tmux.show("#{session_id}", "=run:"));
  const pid_t pid = fixture.server->process().pid;
  CHECK(pid == fixture.tmux.pid());
  CHECK(std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/cwd") == "/");
  CHECK(fixture.tmux.show("#{window_name} #{window_width}x#{window_height} #{history_limit} "
                          "#{remain-on-exit} #{message-limit} #{exit-empty} #{destroy-unattached} "
                          "#{window-size}",
                          "=run:") == "#{pid} home; 200x50 1234 on 0 1 0 latest");
}

TEST_CASE("starting again finds the same server and session") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open("kept");
  const orch::ProcessId process = fixture.server->process();
  const SessionId session = fixture.server->session();

  fixture.server = fixture.make();
  fixture.start();
  CHECK(fixture.server->process() == process);
  CHECK(fixture.server->session() == session);
  CHECK(fixture.panes().back().pane == opened.pane);

  fixture.server = fixture.make();
  CHECK(trouble(fixture.await(fixture.server->connect("run"))) == "");
  CHECK(fixture.server->process() == process);

  fixture.server = fixture.make();
  const Status missing = fixture.await(fixture.server->connect("ru"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().fault == Fault::NotFound);
  CHECK_FALSE(fixture.server->connected());
}

TEST_CASE("a server that has just been killed is followed by the next one") {
  Fixture fixture;
  fixture.start();
  for (const int signal_number : {SIGTERM, SIGKILL, SIGTERM, SIGKILL}) {
    const orch::ProcessId old = fixture.server->process();
    REQUIRE(orch::signal_process(old, signal_number));
    fixture.server = fixture.make();
    fixture.start();
    // The ending server may still have answered once; then its end is an event like any other.
    if (fixture.server->process() == old) {
      run_until(fixture.loop, [&] { return !fixture.server->connected(); });
      fixture.server = fixture.make();
      fixture.start();
    }
    CHECK_FALSE(fixture.server->process() == old);
    CHECK(fixture.panes().size() == 1);
  }
}

TEST_CASE("connecting where no server is starts none") {
  Fixture fixture;
  const Status status = fixture.await(fixture.server->connect("run"));
  REQUIRE_FALSE(status);
  CHECK(status.error().fault == Fault::NotFound);
  CHECK(fixture.tmux.pid() == 0);
}

TEST_CASE("a server of others keeps its options, the session and its windows get ours") {
  Fixture fixture;
  REQUIRE(fixture.tmux.tmux({"new-session", "-d", "-s", "person", "sleep", "1000"}).code == 0);
  StartSpec spec = Fixture::spec();
  spec.own_server = false;
  spec.history_limit = 777;
  REQUIRE(trouble(fixture.await(fixture.server->start(spec))) == "");
  CHECK(fixture.tmux.show("#{remain-on-exit} #{history-limit}", "=person:") == "off 2000");
  const Opened opened = fixture.open("ours");
  CHECK(fixture.tmux.show("#{remain-on-exit} #{history_limit} #{window-size}",
                          opened.window.value) == "on 777 manual");
}

TEST_CASE("a missing tmux is told with the way to get it") {
  Fixture fixture;
  const FakePath path;
  const Status status = fixture.await(fixture.server->start(Fixture::spec()));
  REQUIRE_FALSE(status);
  CHECK(status.error() ==
        orch::Error{Fault::NotFound, "tmux is not installed", "apt install tmux"});
}

TEST_CASE("a tmux that is too old is refused, one with a strange version is tried") {
  Fixture fixture;
  FakePath path;
  path.add_tmux("echo tmux 2.9");
  const Status status = fixture.await(fixture.server->start(Fixture::spec()));
  REQUIRE_FALSE(status);
  CHECK(status.error().what == "tmux 2.9 is too old (need 3.2 or newer)");
  CHECK(status.error().hint == "apt install tmux");
  for (const char* old : {"1.8", "3.1c", "3.0", "next-3.1"}) {
    path.add_tmux(std::string("echo tmux ") + old);
    CHECK_FALSE(fixture.await(check_tmux(fixture.children)));
  }
  for (const char* fine : {"3.2", "3.2a", "3.10", "4.0", "next-3.4", "master", "openbsd-7.4"}) {
    path.add_tmux(std::string("echo tmux ") + fine);
    CHECK(fixture.await(check_tmux(fixture.children)).value() == fine);
  }
  path.add_tmux("echo no tmux; exit 1");
  CHECK_FALSE(fixture.await(check_tmux(fixture.children)));
}

TEST_CASE("a socket folder that tmux refuses is named") {
  Fixture fixture;
  const orch::test::Setenv tmpdir("TMUX_TMPDIR", fixture.tmux.folder().string());
  const std::filesystem::path folder = fixture.tmux.folder() / ("tmux-" + std::to_string(getuid()));
  std::filesystem::create_directory(folder);
  REQUIRE(chmod(folder.c_str(), 0777) == 0);
  Server server(fixture.loop, fixture.children, Address::named("private"));
  const Status unsafe = fixture.await(server.start(Fixture::spec()));
  REQUIRE_FALSE(unsafe);
  CHECK(unsafe.error().fault == Fault::Refused);
  CHECK(unsafe.error().what.find(folder.string()) != std::string::npos);
  CHECK(unsafe.error().hint == "chmod 700 " + folder.string());

  Server nowhere(fixture.loop, fixture.children, Address::at("/no/such/folder/s"));
  const Status missing = fixture.await(nowhere.start(Fixture::spec()));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().what.find("/no/such/folder") != std::string::npos);

  // Once it is as tmux wants it, the same object may try again.
  REQUIRE(chmod(folder.c_str(), 0700) == 0);
  REQUIRE(fixture.await(server.start(Fixture::spec())));
  CHECK(fixture.await(server.kill_server()));
}

TEST_CASE("what cannot be a session is refused before tmux changes it") {
  Fixture fixture;
  for (const char* name : {"", "a.b", "a:b", "$0", "=x", "-x", "two\nlines", "#(x)"}) {
    StartSpec spec = Fixture::spec();
    spec.session = name;
    const Status status = fixture.await(fixture.server->start(spec));
    REQUIRE_FALSE(status);
    CHECK(status.error().fault == Fault::BadInput);
  }
  CHECK(fixture.tmux.pid() == 0);
  StartSpec spec = Fixture::spec();
  spec.session = "naïve-run 2";
  CHECK(fixture.await(fixture.server->start(spec)));
  CHECK(fixture.await(fixture.server->has_session("naïve-run 2")).value());
}

TEST_CASE("single commands work without a connection") {
  Fixture fixture;
  fixture.start();
  const Address address = fixture.server->address();
  const auto once = [&](std::vector<std::string> words) {
    return fixture.await(run_once(fixture.children, address, std::move(words)));
  };
  CHECK(once({"display-message", "-p", "a;"}).value() == "a;\n");
  const auto refused = once({"kill-window", "-t", "@99"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::NotFound);

  const auto nobody = fixture.await(run_once(
      fixture.children, Address::at((fixture.tmux.folder() / "none").string()), {"list-sessions"}));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().fault == Fault::NotFound);
}

TEST_CASE("a single command has a time-out") {
  Fixture fixture;
  fixture.start();
  const auto late = fixture.await(
      run_once(fixture.children, fixture.server->address(), {"wait-for", "never"}, Span(100)));
  REQUIRE_FALSE(late);
  CHECK(late.error().fault == Fault::TimedOut);
}
