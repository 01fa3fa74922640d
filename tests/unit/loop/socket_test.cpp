#include "loop/socket.hpp"

#include "catch.hpp"
#include "loop/unix_path.hpp"
#include "orch/base/files.hpp"
#include "unit/base/temporary_folder.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>
#include <thread>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

namespace {

/// A loop with a server that answers from its own; clients block in threads of theirs.
struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "run" / "socket";
  Loop loop;
  std::unique_ptr<SocketServer> server;

  void listen(SocketServer::OnLine on_line) {
    auto made = SocketServer::listen(loop, path, std::move(on_line));
    REQUIRE(made);
    server = std::move(*made);
  }

  /// Runs the loop while `client` works in another thread.
  template <class Client>
  auto with(Client client) {
    std::packaged_task<decltype(client())()> task(std::move(client));
    auto result = task.get_future();
    Timer look(loop, [&] {
      if (result.wait_for(0s) == std::future_status::ready) loop.stop();
    });
    look.every(1ms);
    std::thread thread(std::move(task));
    loop.run();
    thread.join();
    return result.get();
  }
};

/// A bare connection, for what a well-behaved client would not do.
Fd connect_to(const std::filesystem::path& path) {
  const auto at = unix_path(path);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), at->get(), sizeof at->address) != 0) fd.reset();
  return fd;
}

void send_text(const Fd& fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_all(const Fd& fd) {
  std::string text;
  char byte = 0;
  while (::recv(fd.get(), &byte, 1, 0) == 1) {
    text += byte;
  }
  return text;
}

void echo(const Peer&, std::string_view line, const SocketServer::Reply& reply) {
  reply("<" + std::string(line) + ">");
}

}  // namespace

TEST_CASE("a line is answered by a line") {
  Fixture fixture;
  fixture.listen(echo);
  const auto answer = fixture.with([&] { return ask(fixture.path, "hello", 20s); });
  CHECK(answer.value() == "<hello>");
}

TEST_CASE("the server knows who asks") {
  Fixture fixture;
  fixture.listen([](const Peer& peer, std::string_view, const SocketServer::Reply& reply) {
    reply(std::to_string(peer.uid) + " " + std::to_string(peer.pid));
  });
  const auto answer = fixture.with([&] { return ask(fixture.path, "who", 20s); });
  CHECK(answer.value() == std::to_string(::getuid()) + " " + std::to_string(::getpid()));
}

TEST_CASE("an answer may come later") {
  Fixture fixture;
  SocketServer::Reply kept;
  fixture.listen([&](const Peer&, std::string_view, SocketServer::Reply reply) {
    kept = std::move(reply);
    fixture.loop.after(10ms, [&] { kept("late"); });
  });
  const auto answer = fixture.with([&] { return ask(fixture.path, "x", 20s); });
  CHECK(answer.value() == "late");
  kept("again");
  fixture.server.reset();
  kept("to nobody");
}

TEST_CASE("a large answer arrives whole") {
  Fixture fixture;
  const std::string large(3u << 20, 'x');
  fixture.listen(
      [&](const Peer&, std::string_view, const SocketServer::Reply& reply) { reply(large); });
  const auto answer = fixture.with([&] { return ask(fixture.path, "x", 20s); });
  CHECK(answer.value() == large);
}

TEST_CASE("lines sent at once are answered one after the other, in order") {
  Fixture fixture;
  int open = 0;
  int most_open = 0;
  fixture.listen([&](const Peer&, std::string_view line, SocketServer::Reply reply) {
    most_open = std::max(most_open, ++open);
    fixture.loop.post([&open, reply, text = std::string(line)] {
      --open;
      reply(text);
    });
  });
  const auto answers = fixture.with([&] {
    const Fd fd = connect_to(fixture.path);
    send_text(fd, "1\n2\n\n3\nnot a line");
    ::shutdown(fd.get(), SHUT_WR);
    return receive_all(fd);
  });
  CHECK(answers == "1\n2\n\n3\n");
  CHECK(most_open == 1);
}

TEST_CASE("a line is answered once, and not by the answer to another") {
  Fixture fixture;
  SocketServer::Reply first;
  fixture.listen([&](const Peer&, std::string_view line, const SocketServer::Reply& reply) {
    if (!first) first = reply;
    first("first");
    reply(std::string(line));
  });
  const auto answers = fixture.with([&] {
    const Fd fd = connect_to(fixture.path);
    send_text(fd, "1\n2\n");
    ::shutdown(fd.get(), SHUT_WR);
    return receive_all(fd);
  });
  CHECK(answers == "first\n2\n");
}

TEST_CASE("a flood of short lines is answered without filling the stack") {
  Fixture fixture;
  fixture.listen(
      [](const Peer&, std::string_view, const SocketServer::Reply& reply) { reply(""); });
  const auto answers = fixture.with([&] {
    const Fd fd = connect_to(fixture.path);
    send_text(fd, std::string(60'000, '\n'));
    ::shutdown(fd.get(), SHUT_WR);
    return receive_all(fd);
  });
  CHECK(answers == std::string(60'000, '\n'));
}

TEST_CASE("a line that is too long ends the connection unheard") {
  Fixture fixture;
  int lines = 0;
  fixture.listen([&](const Peer&, std::string_view, const SocketServer::Reply&) { ++lines; });
  for (const char* end : {"", "\n"}) {
    const auto answers = fixture.with([&] {
      const Fd fd = connect_to(fixture.path);
      send_text(fd, std::string((64u << 10) + 1, 'x') + end);
      return receive_all(fd);
    });
    CHECK(answers.empty());
  }
  CHECK(lines == 0);
}

TEST_CASE("an answer to a client that left does nothing") {
  Fixture fixture;
  SocketServer::Reply kept;
  fixture.listen([&](const Peer&, std::string_view line, SocketServer::Reply reply) {
    if (line == "stay") return reply("ok");
    kept = std::move(reply);
  });
  fixture.with([&] {
    notify(fixture.path, "leave");
    return 0;
  });
  // The line of the notification is read while the next client is served.
  const auto answer = fixture.with([&] { return ask(fixture.path, "stay", 20s); });
  CHECK(answer.value() == "ok");
  REQUIRE(kept);
  kept("anybody?");
  CHECK(fixture.with([&] { return ask(fixture.path, "stay", 20s); }).value() == "ok");
}

TEST_CASE("more clients than are let in at a time are all served in the end") {
  Fixture fixture;
  fixture.listen(echo);
  const auto answered = fixture.with([&] {
    std::vector<Fd> idle;
    for (int i = 0; i < 64; ++i) {
      idle.push_back(connect_to(fixture.path));
    }
    auto waiting = std::async(std::launch::async, [&] { return ask(fixture.path, "x", 20s); });
    // The last of those that are in speaks: everybody before it has been let in.
    send_text(idle.back(), "last\n");
    char byte = 0;
    REQUIRE(::recv(idle.back().get(), &byte, 1, 0) == 1);
    const bool served_early = waiting.wait_for(50ms) == std::future_status::ready;
    idle.clear();
    return !served_early && waiting.get().value() == "<x>";
  });
  CHECK(answered);
}

TEST_CASE("the socket belongs to its user alone, at a path of any length") {
  Fixture fixture;
  fixture.path = fixture.folder / std::string(200, 'a') / std::string(200, 'b') / "socket";
  const mode_t before = ::umask(0);
  fixture.listen(echo);
  ::umask(before);

  struct stat status {};

  REQUIRE(::stat(fixture.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  REQUIRE(::stat(fixture.path.parent_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0700);
  CHECK(fixture.with([&] { return ask(fixture.path, "x", 20s); }).value() == "<x>");
}

TEST_CASE("a stale socket is replaced and one's own is removed at the end") {
  Fixture fixture;
  fixture.listen(echo);
  const auto kept = fixture.path.parent_path() / "kept";
  std::filesystem::create_hard_link(fixture.path, kept);
  fixture.server.reset();
  CHECK_FALSE(std::filesystem::exists(fixture.path));
  std::filesystem::rename(kept, fixture.path);
  fixture.listen(echo);
  CHECK(fixture.with([&] { return ask(fixture.path, "x", 20s); }).value() == "<x>");
}

TEST_CASE("a file in the place of the socket is not removed") {
  Fixture fixture;
  REQUIRE(make_folders(fixture.path.parent_path()));
  REQUIRE(write_file(fixture.path, "precious"));
  const auto made = SocketServer::listen(fixture.loop, fixture.path, echo);
  REQUIRE_FALSE(made);
  CHECK(made.error().what ==
        "cannot listen on " + fixture.path.native() + ": Address already in use");
  CHECK(*read_file(fixture.path) == "precious");
}

TEST_CASE("where nobody listens asking says so and notifying says nothing") {
  const TemporaryFolder folder;
  CHECK(ask(folder / "none", "x", 1s).error().fault == Fault::NotFound);
  CHECK(ask(folder / "no" / "folder", "x", 1s).error().fault == Fault::NotFound);
  notify(folder / "none", "x");

  // A socket whose owner was killed.
  const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto at = unix_path(folder / "dead");
  REQUIRE(::bind(fd.get(), at->get(), sizeof at->address) == 0);
  CHECK(ask(folder / "dead", "x", 1s).error().fault == Fault::NotFound);
}

TEST_CASE("who does not answer in time is given up") {
  Fixture fixture;
  fixture.listen([](const Peer&, std::string_view, const SocketServer::Reply&) {});
  const auto answer = fixture.with([&] { return ask(fixture.path, "x", 30ms); });
  CHECK(answer.error().fault == Fault::TimedOut);
}

TEST_CASE("a server may be destroyed from its own callback") {
  Fixture fixture;
  fixture.listen([&](const Peer&, std::string_view line, const SocketServer::Reply& reply) {
    fixture.server.reset();
    reply(std::string(line));
  });
  const auto answer = fixture.with([&] { return ask(fixture.path, "end", 20s); });
  CHECK_FALSE(answer);
}
