// One attempt is started once, whatever happens, and its folder says what did.
#include "catch.hpp"
#include "orch/base/process.hpp"
#include "pane.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

TEST_CASE("a claim, the pids and the exit record tell the whole story") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo hello; exit 7")));
  Pane pane(folder, {{"TMUX_PANE", "%12"}, {"TMUX", fmt::format("/a,b,{},0", ::getpid())}});
  const ProcessId shim = identify(pane.shim().pid());
  REQUIRE(pane.finish().code == 7);

  const auto claim = read_claim(folder.path());
  REQUIRE(claim);
  CHECK(claim->key == "run/T1/1");
  CHECK(claim->nonce.size() == 32);
  CHECK(claim->pane == "%12");
  CHECK(claim->tmux_socket == "/a,b");
  CHECK(claim->tmux == identify(::getpid()));
  CHECK(claim->shim == shim);
  const auto pids = read_pids(folder.path());
  REQUIRE(pids);
  CHECK(pids->shim == shim);
  CHECK(pids->agent.pid > 0);
  CHECK(pids->agent.boot_id == boot_id());
  CHECK(pids->pty.starts_with("/dev/pts/"));
  const auto exit = read_exit(folder.path());
  REQUIRE(exit);
  CHECK(exit->key == "run/T1/1");
  CHECK(exit->outcome.ending == EndKind::Code);
  CHECK(exit->outcome.code == 7);
  CHECK(exit->outcome.bytes == 7);  // "hello\r\n"
  CHECK(exit->outcome.left_over == 0);
  CHECK(exit->started_ms <= exit->ended_ms);
  CHECK(exit->log_error.empty());
  CHECK(folder.text("output.log") == "hello\r\n");
}

TEST_CASE("a second shim starts nothing, while the first lives and after it") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo x >> runs; echo ready; read line")));
  Pane first(folder);
  REQUIRE(first.shows("ready"));

  Pane second(folder);
  CHECK(second.finish().code == shim_status::kTaken);
  CHECK(second.seen().find("nothing is started") != std::string::npos);
  first.type("\n");
  CHECK(first.finish().code == 0);
  Pane third(folder);
  CHECK(third.finish().code == shim_status::kTaken);
  CHECK(folder.text("runs") == "x\n");
}

TEST_CASE("of many shims at once exactly one starts the agent") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo x >> runs")));

  std::vector<std::unique_ptr<Pane>> panes;
  for (int i = 0; i < 8; ++i)
    panes.push_back(std::make_unique<Pane>(folder));
  int started = 0;
  for (const auto& pane : panes)
    started += pane->finish().code == 0 ? 1 : 0;

  CHECK(started == 1);
  CHECK(folder.text("runs") == "x\n");
}

TEST_CASE("nothing runs in a folder that is missing") {
  const Folder folder;
  auto spec = script(folder, "echo x > /tmp/never");
  spec.cwd = folder / "gone";
  REQUIRE(write_spec(folder.path(), spec));

  Pane pane(folder);

  CHECK(pane.finish().code == shim_status::kNotStarted);
  const auto exit = read_exit(folder.path());
  REQUIRE(exit);
  CHECK(exit->outcome.ending == EndKind::NotStarted);
  CHECK(exit->outcome.reason == "cannot run in " + spec.cwd + ": No such file or directory");
  CHECK(pane.seen().find(exit->outcome.reason) != std::string::npos);
  CHECK_FALSE(folder.has("pids"));
}

TEST_CASE("a program that cannot run is told apart from one that failed") {
  const Folder folder;
  auto spec = script(folder, "");
  std::string reason;
  SECTION("not found") {
    spec.argv = {"no-such-agent"};
    reason = "cannot run 'no-such-agent': command not found";
  }
  SECTION("found by no PATH but ours") {
    spec.argv = {"sh"};
    spec.env = {"PATH=/nowhere"};
    reason = "cannot run 'sh': command not found";
  }
  SECTION("not executable") {
    REQUIRE(write_file(folder / "script", "#!/bin/sh\n"));
    spec.argv = {"./script"};
    reason = "cannot run './script': Permission denied";
  }
  SECTION("not a program") {
    REQUIRE(write_file(folder / "script", "no program", 0755));
    spec.argv = {"./script"};
    reason = "cannot run './script': Exec format error";
  }
  SECTION("an input that is missing") {
    spec.input = "/no/prompt";
    reason = "cannot open /no/prompt: No such file or directory";
  }
  REQUIRE(write_spec(folder.path(), spec));

  Pane pane(folder);

  CHECK(pane.finish().code == shim_status::kNotStarted);
  const auto exit = read_exit(folder.path());
  REQUIRE(exit);
  CHECK(exit->outcome.ending == EndKind::NotStarted);
  CHECK(exit->outcome.reason == reason);
}

TEST_CASE("without a spec nothing is claimed") {
  const Folder folder;
  SECTION("none") {}
  SECTION("one cut short") {
    REQUIRE(write_file(folder / "spec", "mode 5\nage"));
  }
  SECTION("one of a gate") {
    REQUIRE(write_spec(folder.path(), GateSpec{.key = "k", .tree = "t"}));
  }
  Pane pane(folder);
  CHECK(pane.finish().code == shim_status::kBadSpec);
  CHECK_FALSE(folder.has("claim"));
  CHECK_FALSE(folder.has("lock"));
}

TEST_CASE("without a terminal nothing is claimed") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo x > runs")));
  CHECK(run({"setsid", "--wait", ORCH_SHIM, folder.path()}).wait().code == shim_status::kSystem);
  CHECK_FALSE(folder.has("claim"));
  CHECK_FALSE(folder.has("runs"));
}

TEST_CASE("a shim killed before its claim may be followed by another") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo x >> runs")));
  Pane first(folder, {{"TMUX_ORCH_FAILPOINT", "shim.locked"}});
  CHECK(first.finish().signal == SIGKILL);
  CHECK_FALSE(folder.has("claim"));
  CHECK_FALSE(is_locked(folder / "lock"));

  Pane second(folder);
  CHECK(second.finish().code == 0);
  CHECK(folder.text("runs") == "x\n");
}

TEST_CASE("a shim killed after its claim is never followed by another") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "echo x >> runs")));
  const std::string place = GENERATE("shim.claimed", "shim.pids", "shim.launched", "shim.exit");
  Pane first(folder, {{"TMUX_ORCH_FAILPOINT", place}});
  CHECK(first.finish().signal == SIGKILL);
  CHECK(read_claim(folder.path()));
  // A fork that has not become the agent yet holds it until it has noticed.
  CHECK(eventually([&] { return !is_locked(folder / "lock"); }));
  CHECK_FALSE(folder.has("exit"));
  if (folder.has("pids")) CHECK(ends(read_pids(folder.path()).value().agent));

  Pane second(folder);
  CHECK(second.finish().code == shim_status::kTaken);
  CHECK(folder.text("runs").size() <= 2);
}

TEST_CASE("a shim killed right after its fork leaves nothing that holds the lock") {
  for (int round = 0; round < 20; ++round) {
    const Folder folder;
    REQUIRE(write_spec(folder.path(), script(folder, "echo x >> runs")));
    Pane pane(folder, {{"TMUX_ORCH_FAILPOINT", "shim.forked"}});
    REQUIRE(pane.finish().signal == SIGKILL);
    REQUIRE(eventually([&] { return !is_locked(folder / "lock"); }));
    REQUIRE_FALSE(folder.has("runs"));
  }
}

TEST_CASE("the supervisor hears of start and end, however deep its socket lies") {
  const Folder folder;
  const auto deep = folder / std::string(120, 'd');
  REQUIRE(make_folders(deep));
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Fd inside(::open(deep.c_str(), O_PATH | O_CLOEXEC));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/notify", inside.get());
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(socket.get(), 8) == 0);
  auto spec = script(folder, "exit 3");
  spec.socket = deep / "notify";
  REQUIRE(write_spec(folder.path(), spec));
  const auto heard = [&] {
    pollfd ready{socket.get(), POLLIN, 0};
    if (::poll(&ready, 1, 20'000) != 1) return std::string("nothing");
    const Fd peer(::accept(socket.get(), nullptr, nullptr));
    std::array<char, 100> line{};
    const ssize_t got = ::read(peer.get(), line.data(), line.size());
    return std::string(line.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  };

  Pane pane(folder);

  CHECK(heard() == "started run/T1/1\n");
  CHECK(read_pids(folder.path()));
  CHECK(pane.finish().code == 3);
  CHECK(heard() == "exited run/T1/1\n");
  CHECK(read_exit(folder.path()));
}
