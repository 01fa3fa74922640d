#include "loop/loop.hpp"

#include "catch.hpp"

#include <signal.h>

#include <cstdint>
#include <memory>
#include <string>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

TEST_CASE("a loop with nothing to wait for ends at once") {
  Loop loop;
  const std::int64_t begin = Loop::boottime_ms();
  loop.run();
  CHECK(Loop::boottime_ms() - begin < 5000);
}

TEST_CASE("what is posted runs in order, and what that posts runs after it") {
  Loop loop;
  std::string order;
  loop.post([&] {
    order += "a";
    loop.post([&] { order += "c"; });
  });
  loop.post([&] { order += "b"; });
  CHECK(order.empty());
  loop.run();
  CHECK(order == "abc");
}

TEST_CASE("posting without end does not keep timers from firing") {
  Loop loop;
  bool fired = false;
  std::function<void()> again = [&] {
    if (!fired) loop.post(again);
  };
  Timer timer(loop, [&] { fired = true; });
  timer.once(1ms);
  again();
  loop.run();
  CHECK(fired);
}

TEST_CASE("a stopped loop leaves the rest for the next run") {
  Loop loop;
  int runs = 0;
  Timer timer(loop, [&] {
    ++runs;
    loop.stop();
  });
  timer.every(1ms);
  loop.run();
  CHECK(runs == 1);
  loop.run();
  CHECK(runs == 2);
}

TEST_CASE("what is due later comes in the order of time and what is not due is dropped") {
  std::string order;
  const auto witness = std::make_shared<int>(0);
  {
    Loop loop;
    loop.after(20ms, [&] {
      order += "b";
      loop.stop();
    });
    loop.after(1ms, [&] { order += "a"; });
    loop.after(1h, [&order, witness] { order += "never"; });
    loop.run();
  }
  CHECK(order == "ab");
  CHECK(witness.use_count() == 1);
}

TEST_CASE("a timer fires once, or again and again, until it is cancelled or gone") {
  Loop loop;
  int once = 0;
  int every = 0;
  int never = 0;
  Timer single(loop, [&] { ++once; });
  single.once(1ms);
  auto cancelled = std::make_unique<Timer>(loop, [&] { ++never; });
  cancelled->once(0ms);
  cancelled->cancel();
  auto gone = std::make_unique<Timer>(loop, [&] { ++never; });
  gone->once(0ms);
  gone.reset();
  std::unique_ptr<Timer> repeated;
  repeated = std::make_unique<Timer>(loop, [&] {
    if (++every == 3) repeated.reset();
  });
  repeated->every(0ms);
  loop.run();
  CHECK(once == 1);
  CHECK(every == 3);
  CHECK(never == 0);
}

TEST_CASE("a timer may destroy itself and what it holds stays until it returns") {
  Loop loop;
  std::unique_ptr<Timer> timer;
  const auto text = std::make_shared<std::string>("alive");
  std::string seen;
  timer = std::make_unique<Timer>(loop, [&timer, &seen, text] {
    timer.reset();
    seen = *text;
  });
  timer->once(-1s);
  loop.run();
  CHECK(seen == "alive");
}

TEST_CASE("a timer starts counting when it is set, not when the loop last woke") {
  Loop loop;
  bool early = false;
  std::int64_t set_at = 0;
  Timer timer(loop, [&] { early = Loop::boottime_ms() - set_at < 19; });
  // From a callback that comes after the loop has slept: there its time is the oldest.
  std::unique_ptr<SignalWatch> watch;
  watch = std::make_unique<SignalWatch>(loop, SIGUSR1, [&] {
    const std::int64_t began = Loop::boottime_ms();
    while (Loop::boottime_ms() - began < 30) {
    }
    set_at = Loop::boottime_ms();
    timer.once(20ms);
    watch.reset();
  });
  ::raise(SIGUSR1);
  loop.run();
  CHECK_FALSE(early);
}

TEST_CASE("a signal is a callback, which may destroy its own watch") {
  Loop loop;
  int signals = 0;
  std::unique_ptr<SignalWatch> watch;
  watch = std::make_unique<SignalWatch>(loop, SIGUSR1, [&] {
    ++signals;
    watch.reset();
  });
  ::raise(SIGUSR1);
  loop.run();
  CHECK(signals == 1);
}

TEST_CASE("writing to a reader that went away does not end the program") {
  const Loop loop;

  struct sigaction action {};

  REQUIRE(::sigaction(SIGPIPE, nullptr, &action) == 0);
  CHECK(action.sa_handler == SIG_IGN);
}
