#include "loop/bell.hpp"

#include "catch.hpp"

#include <memory>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

namespace {

Job<std::vector<bool>> wait(Bell& bell, std::vector<Span> patience) {
  std::vector<bool> rung;
  for (const Span span : patience)
    rung.push_back(co_await bell.rung(span));
  co_return rung;
}

struct Waiting {
  Loop loop;
  Bell bell{loop};
  std::vector<bool> rung;

  void wait_for(std::vector<Span> patience) {
    spawn<std::vector<bool>>(wait(bell, std::move(patience)),
                             [this](std::vector<bool> result) { rung = std::move(result); });
  }
};

}  // namespace

TEST_CASE("who waits goes on when the bell is rung, and not inside the ring") {
  Waiting waiting;
  waiting.wait_for({10min});
  waiting.loop.post([&] {
    waiting.bell.ring();
    CHECK(waiting.rung.empty());
  });
  waiting.loop.run();
  CHECK(waiting.rung == std::vector{true});
}

TEST_CASE("a bell that nobody rings lets its job go on after a while") {
  Waiting waiting;
  waiting.wait_for({1ms});
  waiting.loop.run();
  CHECK(waiting.rung == std::vector{false});
}

TEST_CASE("rings while nobody waits count once, for the next wait") {
  Waiting waiting;
  waiting.bell.ring();
  waiting.bell.ring();
  waiting.wait_for({10min, 1ms});
  waiting.loop.run();
  CHECK(waiting.rung == std::vector{true, false});
}

TEST_CASE("a bell may be rung by the end of a process and go with its job") {
  Loop loop;
  const auto until_gone = [](Loop& on) -> Job<bool> {
    Bell bell(on);
    const ExitWatch watch(on, 1 << 22, [&bell] { bell.ring(); });  // a number that none has
    co_return co_await bell.rung(10min);
  };
  bool gone = false;
  spawn<bool>(until_gone(loop), [&](bool rung) { gone = rung; });
  loop.run();
  CHECK(gone);
}

TEST_CASE("a bell that goes first leaves nothing on the loop, and its job where it was") {
  Loop loop;
  auto bell = std::make_unique<Bell>(loop);
  Job<std::vector<bool>> job = wait(*bell, {10min});
  // Started by hand, as spawn() would own it.
  job.await_suspend(std::noop_coroutine()).resume();
  bell->ring();
  bell.reset();
  loop.run();
}
