// What can go away under a connection: the client, the session, the server, the socket, time.
#include "orch/base/process.hpp"
#include "stage.hpp"

#include <signal.h>

#include <algorithm>

using namespace tmuxctl;
using namespace tmuxctl::test;

namespace {

bool lost(const Stage& stage, Loss loss) {
  return std::ranges::find(stage.losses, loss) != stage.losses.end();
}

}  // namespace

TEST_CASE("a killed client is replaced and commands wait for the next one") {
  Stage stage;
  stage.start();
  const orch::ProcessId server = stage.server->process();
  const orch::ProcessId client = stage.server->client();
  REQUIRE(orch::is_alive(server));
  REQUIRE(orch::is_alive(client));
  for (int round = 1; round <= 3; ++round) {
    REQUIRE(orch::signal_process(stage.server->client(), SIGKILL));
    run_until(stage.loop, [&] { return stage.losses.size() == static_cast<std::size_t>(round); });
    CHECK_FALSE(stage.server->connected());
    const auto reply = stage.ask(Line{"display-message -p " + quote("#{pid}")});
    REQUIRE(reply);
    CHECK(reply->first() == std::to_string(server.pid));
    CHECK(stage.connections == round);
    CHECK(stage.losses.back() == Loss::Client);
  }
  CHECK(stage.server->process() == server);
  CHECK_FALSE(stage.server->client() == client);
}

TEST_CASE("a detached client says so and comes back") {
  Stage stage;
  stage.start();
  stage.tmux.tmux({"detach-client", "-s", "run"});
  run_until(stage.loop, [&] { return stage.connections == 1; });
  CHECK(stage.losses == std::vector<Loss>{Loss::Client});
  CHECK(stage.ask(Line{"display-message -p x"}));
}

TEST_CASE("a command under way is not known to have run when the client dies") {
  Stage stage;
  stage.start();
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  // wait-for holds up this client, so that the second one is certainly without an answer.
  stage.server->send(Line{"wait-for never"}, [](const Result<Reply>&) {});
  stage.server->send(Line{"kill-window -t @77"}, keep);
  run_until(stage.loop,
            [&] { return stage.tmux.tmux({"list-clients"}).out.find("run") != std::string::npos; });
  orch::signal_process(stage.server->client(), SIGKILL);
  run_until(stage.loop, [&] { return errors.size() == 1; });
  CHECK(errors[0].fault == Fault::Io);
  CHECK(errors[0].what.starts_with("unknown whether 'kill-window -t @77' ran: "));
  CHECK(may_have_run(errors[0]));
}

TEST_CASE("a server that is killed is noticed and its commands get an error") {
  Stage stage;
  stage.start();
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  REQUIRE(orch::signal_process(stage.server->process(), SIGSTOP));
  stage.server->send(Line{"display-message -p x"}, keep);
  stage.server->send(Line{"display-message -p y"}, keep);
  REQUIRE(orch::signal_process(stage.server->process(), SIGKILL));
  run_until(stage.loop, [&] { return lost(stage, Loss::Server); });
  REQUIRE(errors.size() == 2);
  CHECK(may_have_run(errors[0]));
  CHECK(may_have_run(errors[1]));
  CHECK(std::ranges::count(stage.losses, Loss::Server) == 1);
  CHECK_FALSE(stage.server->connected());

  const auto after = stage.ask(Line{"display-message -p x"});
  REQUIRE_FALSE(after);
  CHECK(after.error().fault == Fault::Busy);
  CHECK_FALSE(may_have_run(after.error()));
}

TEST_CASE("kill-server answers when the server is gone") {
  Stage stage;
  stage.start();
  const orch::ProcessId server = stage.server->process();
  CHECK(stage.await(stage.server->kill_server()));
  CHECK_FALSE(orch::is_alive(server));
  run_until(stage.loop, [&] { return lost(stage, Loss::Server); });
}

TEST_CASE("the end of the session is final while the server lives") {
  Stage stage;
  stage.start();
  stage.tmux.tmux({"new-session", "-d", "-s", "other", "sleep", "1000"});
  REQUIRE(stage.await(stage.server->has_session("other")));
  CHECK(stage.tmux.tmux({"kill-session", "-t", "=run"}).code == 0);
  run_until(stage.loop, [&] { return lost(stage, Loss::Session); });
  CHECK_FALSE(lost(stage, Loss::Server));
  CHECK(orch::is_alive(stage.server->process()));
  const auto after = stage.ask(Line{"display-message -p x"});
  REQUIRE_FALSE(after);
  CHECK(after.error().fault == Fault::Busy);
}

TEST_CASE("a removed socket is made again by the living server") {
  Stage stage;
  stage.start();
  const orch::ProcessId server = stage.server->process();
  std::filesystem::remove(stage.tmux.socket());
  orch::signal_process(stage.server->client(), SIGKILL);
  run_until(stage.loop, [&] { return stage.connections == 1; });
  CHECK(stage.server->process() == server);
  CHECK(std::filesystem::exists(stage.tmux.socket()));
}

TEST_CASE("ids never reach another server that took the socket") {
  Stage stage;
  stage.start();
  const Opened opened = stage.open("x");
  const orch::ProcessId first = stage.server->process();
  const std::string hidden = stage.tmux.socket() + ".hidden";
  std::filesystem::rename(stage.tmux.socket(), hidden);
  REQUIRE(stage.tmux.tmux({"new-session", "-d", "-s", "run", "sleep", "1000"}).code == 0);
  stage.tmux.tmux({"new-window", "-t", "=run:", "sleep", "1000"});
  REQUIRE(stage.tmux.show("#{window_id}", opened.window.value) == opened.window.value);

  std::optional<Status> killed;
  orch::signal_process(stage.server->client(), SIGKILL);
  run_until(stage.loop, [&] { return lost(stage, Loss::Client); });
  stage.server->send({"kill-window -t " + opened.window.value, 1, Span(300)},
                     [&](const Result<Reply>& reply) {
                       killed = reply ? Status() : Status(orch::passed_on(reply));
                     });
  run_until(stage.loop, [&] { return killed.has_value(); });
  REQUIRE_FALSE(*killed);
  CHECK(killed->error().fault == Fault::Busy);
  CHECK(stage.tmux.show("#{window_id}", opened.window.value) == opened.window.value);
  CHECK(orch::is_alive(first));

  // The other one ends, the first one gets its socket back, and with it its client.
  stage.tmux.tmux({"kill-server"});
  std::filesystem::rename(hidden, stage.tmux.socket());
  run_until(stage.loop, [&] { return stage.connections == 1; });
  CHECK(stage.server->process() == first);
}

TEST_CASE("a server that does not answer costs the connection, and is found again") {
  Stage stage;
  stage.start();
  const orch::ProcessId server = stage.server->process();
  REQUIRE(orch::signal_process(server, SIGSTOP));
  std::vector<orch::Error> errors;
  const auto keep = [&](const Result<Reply>& reply) {
    REQUIRE_FALSE(reply);
    errors.push_back(reply.error());
  };
  stage.server->send({"display-message -p x", 1, Span(200)}, keep);
  stage.server->send({"display-message -p y", 1, Span(200)}, keep);
  run_until(stage.loop, [&] { return errors.size() == 2; });
  CHECK(errors[0].fault == Fault::TimedOut);
  CHECK(errors[1].fault == Fault::Io);
  CHECK(stage.losses == std::vector<Loss>{Loss::Client});
  REQUIRE(orch::signal_process(server, SIGCONT));
  run_until(stage.loop, [&] { return stage.connections == 1; });
  CHECK(stage.ask(Line{"display-message -p x"}));
}

TEST_CASE("too many commands are refused and the others answered") {
  Stage stage;
  stage.start();
  int answered = 0;
  int full = 0;
  for (int i = 0; i < 10000; ++i) {
    stage.server->send(Line{"display-message -p x"}, [&](const Result<Reply>& reply) {
      ++answered;
      if (!reply && reply.error().fault == Fault::Busy) ++full;
    });
  }
  run_until(stage.loop, [&] { return answered == 10000; });
  CHECK(full == 10000 - 8192);
  CHECK(stage.losses.empty());
  CHECK(stage.ask(Line{"display-message -p x"}));
}

TEST_CASE("a Server may be destroyed with commands under way") {
  Stage stage;
  stage.start();
  int errors = 0;
  for (int i = 0; i < 5; ++i) {
    orch::loop::spawn<Result<std::vector<Pane>>>(
        stage.server->list_panes(stage.server->session()),
        [&](const Result<std::vector<Pane>>& panes) { errors += panes ? 0 : 1; });
  }
  stage.server.reset();
  CHECK(errors == 5);
  run_until(stage.loop, [&] { return stage.children.alive() == 0; });
}

TEST_CASE("killing the session answers, and then its connection is gone for good") {
  Stage stage;
  stage.start();
  stage.tmux.tmux({"new-session", "-d", "-s", "other", "sleep", "1000"});
  const Status killed = stage.await(stage.server->kill_session(stage.server->session()));
  CHECK((killed || may_have_run(killed.error())));
  run_until(stage.loop, [&] { return lost(stage, Loss::Session); });
  CHECK_FALSE(stage.await(stage.server->kill_session({"run"})));
}

// Without a look at the clients first, tmux 3.3a crashes in one of four rounds.
TEST_CASE("clients that end while the next one comes do not crash the server") {
  Stage stage;
  stage.start();
  const orch::ProcessId server = stage.server->process();
  for (int round = 0; round < 60; ++round) {
    if (round % 2 == 1) orch::signal_process(stage.server->client(), SIGKILL);
    stage.server = stage.make();  // ends the client of the one before
    REQUIRE(trouble(stage.await(stage.server->connect("run"))) == "");
    REQUIRE(stage.server->process() == server);
  }
}
