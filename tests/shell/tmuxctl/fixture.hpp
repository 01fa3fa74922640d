#pragma once
// A loop, its children and a Server on a private tmux: what each test here uses.
#include "../../fake/private_tmux.hpp"
#include "catch.hpp"
#include "loop/child.hpp"
#include "loop/loop.hpp"
#include "tmuxctl/quote.hpp"
#include "tmuxctl/server.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tmuxctl::test {

using orch::Fault;
using orch::test::PrivateServer;

/// Runs the loop until `ready`, which is looked at every few milliseconds; gives up after a minute.
inline void run_until(orch::loop::Loop& loop, const std::function<bool()>& ready) {
  if (ready()) return;
  bool late = false;
  orch::loop::Timer look(loop, [&] {
    if (ready()) loop.stop();
  });
  orch::loop::Timer limit(loop, [&] {
    late = true;
    loop.stop();
  });
  look.every(Span(2));
  limit.once(std::chrono::minutes(1));
  loop.run();
  if (late) throw std::runtime_error("what the test waits for did not happen within a minute");
}

template <class T>
T run(orch::loop::Loop& loop, Job<T> job) {
  std::optional<T> value;
  orch::loop::spawn<T>(std::move(job), [&](T result) { value = std::move(result); });
  run_until(loop, [&] { return value.has_value(); });
  return std::move(*value);
}

/// Its sentence, for a test that fails; empty when all is well.
inline std::string trouble(const Status& status) {
  return status ? "" : orch::to_text(status.error());
}

struct Fixture {
  PrivateServer tmux;
  orch::loop::Loop loop;
  orch::loop::Children children{loop};
  std::unique_ptr<Server> server = make();

  std::vector<Loss> losses;
  int connections = 0;
  std::vector<Notice> notices;

  std::unique_ptr<Server> make() {
    auto made = std::make_unique<Server>(loop, children, Address::at(tmux.socket()));
    made->events.on_lost = [this](Loss loss, const std::string&) { losses.push_back(loss); };
    made->events.on_connected = [this] { ++connections; };
    made->events.on_notice = [this](const Notice& notice) { notices.push_back(notice); };
    return made;
  }

  static StartSpec spec() {
    StartSpec spec;
    spec.session = "run";
    spec.argv = {"sleep", "1000"};
    return spec;
  }

  void start() { REQUIRE(trouble(await(server->start(spec()))) == ""); }

  template <class T>
  T await(Job<T> job) {
    return run(loop, std::move(job));
  }

  Result<Reply> ask(Line line) {
    std::optional<Result<Reply>> reply;
    server->send(std::move(line), [&](Result<Reply> result) { reply = std::move(result); });
    run_until(loop, [&] { return reply.has_value(); });
    return std::move(*reply);
  }

  WindowSpec window(std::string name, std::vector<std::string> argv = {"sleep", "1000"}) {
    return {server->session(), std::move(name), tmux.folder().string(), std::move(argv)};
  }

  Opened open(std::string name, std::vector<std::string> argv = {"sleep", "1000"}) {
    Result<Opened> opened = await(server->open_window(window(std::move(name), std::move(argv))));
    if (!opened) FAIL(orch::to_text(opened.error()));
    return *opened;
  }

  std::vector<Pane> panes(std::string option = {}) {
    Result<std::vector<Pane>> panes =
        await(server->list_panes(server->session(), std::move(option)));
    if (!panes) FAIL(orch::to_text(panes.error()));
    return *panes;
  }

  /// Asks until the program in the newest window has ended.
  void wait_until_dead() {
    while (!panes().back().dead)
      continue;
  }

  /// The screen of a pane as soon as it shows `text`.
  Screen screen_with(const PaneId& pane, std::string_view text) {
    while (true) {
      Result<Screen> screen = await(server->capture(pane));
      if (!screen) FAIL(orch::to_text(screen.error()));
      for (const std::string& row : screen->rows)
        if (row.find(text) != std::string::npos) return std::move(*screen);
    }
  }
};

}  // namespace tmuxctl::test
