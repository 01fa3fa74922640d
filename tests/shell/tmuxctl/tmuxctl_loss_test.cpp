// What can go away under a connection: the client, the session, the server, the socket, time.
#include "fixture.hpp"
#include "orch/base/process.hpp"

#include <signal.h>

#include <algorithm>

using namespace tmuxctl;
using namespace tmuxctl::test;

namespace {

bool lost(const Fixture& fixture, Loss loss) {
  return std::ranges::find(fixture.losses, loss) != fixture.losses.end();
}

}  // namespace

TEST_CASE("a killed client is replaced and commands wait for the next one") {
  Fixture fixture;
  fixture.start();
  const orch::ProcessId server = fixture.server->process();
  const orch::ProcessId client = fixture.server->client();
  REQUIRE(orch::is_alive(server));
  REQUIRE(orch::is_alive(client));
  for (int round = 1; round <= 3; ++round) {
    REQUIRE(orch::signal_process(fixture.server->client(), SIGKILL));
    run_until(fixture.loop,
              [&] { return fixture.losses.size() == static_cast<std::size_t>(round); });
    CHECK_FALSE(fixture.server->connected());
    const auto reply = fixture.ask(Line{"display-message -p " + quote("#{pid}")});
    REQUIRE(reply);
    CHECK(reply->first() == std::to_string(server.pid));
    CHECK(fixture.connections == round);
    CHECK(fixture.losses.back() == Loss::Client);
  }
  CHECK(fixture.server->process() == server);
  CHECK_FALSE(fixture.server->client() == client);
}

TEST_CASE("a detached client says so and comes back") {
  Fixture fixture;
  fixture.start();
  fixture.tmux.tmux({"detach-client", "-s", "run"});
  run_until(fixture.loop, [&] { return fixture.connections == 1; });
  CHECK(fixture.losses == std::vector<Loss>{Loss::Client});
  CHECK(fixture.ask(Line{"display-message -p x"}));
}

TEST_CASE("a command under way is not known to have run when the client dies") {
  Fixture fixture;
  fixture.start();
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  // wait-for holds up this client, so that the second one is certainly without an answer.
  fixture.server->send(Line{"wait-for never"}, [](const Result<Reply>&) {});
  fixture.server->send(Line{"kill-window -t @77"}, keep);
  run_until(fixture.loop, [&] {
    return fixture.tmux.tmux({"list-clients"}).out.find("run") != std::string::npos;
  });
  orch::signal_process(fixture.server->client(), SIGKILL);
  run_until(fixture.loop, [&] { return errors.size() == 1; });
  CHECK(errors[0].fault == Fault::Io);
  CHECK(errors[0].what.starts_with("unknown whether 'kill-window -t @77' ran: "));
  CHECK(may_have_run(errors[0]));
}

TEST_CASE("a server that is killed is noticed and its commands get an error") {
  Fixture fixture;
  fixture.start();
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  REQUIRE(orch::signal_process(fixture.server->process(), SIGSTOP));
  fixture.server->send(Line{"display-message -p x"}, keep);
  fixture.server->send(Line{"display-message -p y"}, keep);
  REQUIRE(orch::signal_process(fixture.server->process(), SIGKILL));
  run_until(fixture.loop, [&] { return lost(fixture, Loss::Server); });
  REQUIRE(errors.size() == 2);
  CHECK(may_have_run(errors[0]));
  CHECK(may_have_run(errors[1]));
  CHECK(std::ranges::count(fixture.losses, Loss::Server) == 1);
  CHECK_FALSE(fixture.server->connected());

  const auto after = fixture.ask(Line{"display-message -p x"});
  REQUIRE_FALSE(after);
  CHECK(after.error().fault == Fault::Busy);
  CHECK_FALSE(may_have_run(after.error()));
}

TEST_CASE("kill-server answers when the server is gone") {
  Fixture fixture;
  fixture.start();
  const orch::ProcessId server = fixture.server->process();
  CHECK(fixture.await(fixture.server->kill_server()));
  CHECK_FALSE(orch::is_alive(server));
  run_until(fixture.loop, [&] { return lost(fixture, Loss::Server); });
}

TEST_CASE("the end of the session is final while the server lives") {
  Fixture fixture;
  fixture.start();
  fixture.tmux.tmux({"new-session", "-d", "-s", "other", "sleep", "1000"});
  REQUIRE(fixture.await(fixture.server->has_session("other")));
  CHECK(fixture.tmux.tmux({"kill-session", "-t", "=run"}).code == 0);
  run_until(fixture.loop, [&] { return lost(fixture, Loss::Session); });
  CHECK_FALSE(lost(fixture, Loss::Server));
  CHECK(orch::is_alive(fixture.server->process()));
  const auto after = fixture.ask(Line{"display-message -p x"});
  REQUIRE_FALSE(after);
  CHECK(after.error().fault == Fault::Busy);
}

TEST_CASE("a removed socket is made again by the living server") {
  Fixture fixture;
  fixture.start();
  const orch::ProcessId server = fixture.server->process();
  std::filesystem::remove(fixture.tmux.socket());
  orch::signal_process(fixture.server->client(), SIGKILL);
  run_until(fixture.loop, [&] { return fixture.connections == 1; });
  CHECK(fixture.server->process() == server);
  CHECK(std::filesystem::exists(fixture.tmux.socket()));
}

TEST_CASE("ids never reach another server that took the socket") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open("x");
  const orch::ProcessId first = fixture.server->process();
  const std::string hidden = fixture.tmux.socket() + ".hidden";
  std::filesystem::rename(fixture.tmux.socket(), hidden);
  REQUIRE(fixture.tmux.tmux({"new-session", "-d", "-s", "run", "sleep", "1000"}).code == 0);
  fixture.tmux.tmux({"new-window", "-t", "=run:", "sleep", "1000"});
  REQUIRE(fixture.tmux.show("#{window_id}", opened.window.value) == opened.window.value);

  std::optional<Status> killed;
  orch::signal_process(fixture.server->client(), SIGKILL);
  run_until(fixture.loop, [&] { return lost(fixture, Loss::Client); });
  fixture.server->send({"kill-window -t " + opened.window.value, 1, Span(300)},
                       [&](const Result<Reply>& reply) {
                         killed = reply ? Status() : Status(orch::passed_on(reply));
                       });
  run_until(fixture.loop, [&] { return killed.has_value(); });
  REQUIRE_FALSE(*killed);
  CHECK(killed->error().fault == Fault::Busy);
  CHECK(fixture.tmux.show("#{window_id}", opened.window.value) == opened.window.value);
  CHECK(orch::is_alive(first));

  // The other one ends, the first one gets its socket back, and with it its client.
  fixture.tmux.tmux({"kill-server"});
  std::filesystem::rename(hidden, fixture.tmux.socket());
  run_until(fixture.loop, [&] { return fixture.connections == 1; });
  CHECK(fixture.server->process() == first);
}

TEST_CASE("a server that does not answer costs the connection, and is found again") {
  Fixture fixture;
  fixture.start();
  const orch::ProcessId server = fixture.server->process();
  REQUIRE(orch::signal_process(server, SIGSTOP));
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  fixture.server->send({"display-message -p x", 1, Span(200)}, keep);
  fixture.server->send({"display-message -p y", 1, Span(200)}, keep);
  run_until(fixture.loop, [&] { return errors.size() == 2; });
  CHECK(errors[0].fault == Fault::TimedOut);
  CHECK(errors[1].fault == Fault::Io);
  CHECK(fixture.losses == std::vector<Loss>{Loss::Client});
  REQUIRE(orch::signal_process(server, SIGCONT));
  run_until(fixture.loop, [&] { return fixture.connections == 1; });
  CHECK(fixture.ask(Line{"display-message -p x"}));
}

TEST_CASE("too many commands are refused and the others answered") {
  Fixture fixture;
  fixture.start();
  int answered = 0;
  int full = 0;
  for (int i = 0; i < 10000; ++i) {
    fixture.server->send(Line{"display-message -p x"}, [&](const Result<Reply>& reply) {
      ++answered;
      if (!reply && reply.error().fault == Fault::Busy) ++full;
    });
  }
  run_until(fixture.loop, [&] { return answered == 10000; });
  CHECK(full == 10000 - 8192);
  CHECK(fixture.losses.empty());
  CHECK(fixture.ask(Line{"display-message -p x"}));
}

TEST_CASE("a Server may be destroyed with commands under way") {
  Fixture fixture;
  fixture.start();
  int errors = 0;
  for (int i = 0; i < 5; ++i) {
    orch::loop::spawn<Result<std::vector<Pane>>>(
        fixture.server->list_panes(fixture.server->session()),
        [&](const Result<std::vector<Pane>>& panes) { errors += panes ? 0 : 1; });
  }
  fixture.server.reset();
  CHECK(errors == 5);
  run_until(fixture.loop, [&] { return fixture.children.alive() == 0; });
}

TEST_CASE("killing the session answers, and then its connection is gone for good") {
  Fixture fixture;
  fixture.start();
  fixture.tmux.tmux({"new-session", "-d", "-s", "other", "sleep", "1000"});
  const Status killed = fixture.await(fixture.server->kill_session(fixture.server->session()));
  CHECK((killed || may_have_run(killed.error())));
  run_until(fixture.loop, [&] { return lost(fixture, Loss::Session); });
  CHECK_FALSE(fixture.await(fixture.server->kill_session({"run"})));
}

// Without a look at the clients first, tmux 3.3a crashes in one of four rounds.
TEST_CASE("clients that end while the next one comes do not crash the server") {
  Fixture fixture;
  fixture.start();
  const orch::ProcessId server = fixture.server->process();
  for (int round = 0; round < 60; ++round) {
    if (round % 2 == 1) orch::signal_process(fixture.server->client(), SIGKILL);
    fixture.server = fixture.make();  // ends the client of the one before
    REQUIRE(trouble(fixture.await(fixture.server->connect("run"))) == "");
    REQUIRE(fixture.server->process() == server);
  }
}
