#include "loop/auto_reset_event.hpp"

#include "catch.hpp"

#include <memory>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

namespace {

Job<std::vector<bool>> wait(AutoResetEvent& event, std::vector<Span> timeout) {
  std::vector<bool> results;
  for (const Span span : timeout)
    results.push_back(co_await event.wait(span));
  co_return results;
}

struct Waiting {
  Loop loop;
  AutoResetEvent event{loop};
  std::vector<bool> results;

  void wait_for(std::vector<Span> timeout) {
    spawn<std::vector<bool>>(wait(event, std::move(timeout)),
                             [this](std::vector<bool> result) { results = std::move(result); });
  }
};

}  // namespace

TEST_CASE("who waits goes on when the event is set, and not inside that call") {
  Waiting waiting;
  waiting.wait_for({10min});
  waiting.loop.post([&] {
    waiting.event.set();
    CHECK(waiting.results.empty());
  });
  waiting.loop.run();
  CHECK(waiting.results == std::vector{true});
}

TEST_CASE("an event that nobody sets ends the wait at its time-out") {
  Waiting waiting;
  waiting.wait_for({1ms});
  waiting.loop.run();
  CHECK(waiting.results == std::vector{false});
}

TEST_CASE("an event that is set while nobody waits counts once, for the next wait") {
  Waiting waiting;
  waiting.event.set();
  waiting.event.set();
  waiting.wait_for({10min, 1ms});
  waiting.loop.run();
  CHECK(waiting.results == std::vector{true, false});
}

TEST_CASE("an event may be set by the end of a process and go with its job") {
  Loop loop;
  const auto until_gone = [](Loop& on) -> Job<bool> {
    AutoResetEvent event(on);
    const ExitWatch watch(on, 1 << 22, [&event] { event.set(); });  // a number that none has
    co_return co_await event.wait(10min);
  };
  bool gone = false;
  spawn<bool>(until_gone(loop), [&](bool was_set) { gone = was_set; });
  loop.run();
  CHECK(gone);
}

TEST_CASE("an event that goes first leaves nothing on the loop, and its job where it was") {
  Loop loop;
  auto event = std::make_unique<AutoResetEvent>(loop);
  Job<std::vector<bool>> job = wait(*event, {10min});
  // Started by hand, as spawn() would own it.
  job.await_suspend(std::noop_coroutine()).resume();
  event->set();
  event.reset();
  loop.run();
}
