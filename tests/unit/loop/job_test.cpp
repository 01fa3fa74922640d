#include "loop/job.hpp"

#include "catch.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

namespace {

using Text = std::string;
const Text kLong(100, 'x');  // too long to be kept inside the string itself

Awaiter<Text> at_once(Text text) {
  return Awaiter<Text>([text](std::function<void(Text)> done) { done(text); });
}

/// Keeps what it is given to call, so that the test decides when it is called.
struct Later {
  std::function<void(Text)> call;

  Awaiter<Text> answer() {
    return Awaiter<Text>([this](std::function<void(Text)> done) { call = std::move(done); });
  }
};

Job<Text> twice(Later& later) {
  const Text first = co_await later.answer();
  const Text second = co_await at_once(first);
  co_return first + second;
}

Job<Result<int>> length(Later& later) {
  const Text text = co_await twice(later);
  if (text.empty()) co_return fail(Fault::NotFound, "nothing");
  co_return static_cast<int>(text.size());
}

}  // namespace

TEST_CASE("a job runs when it is started and not before") {
  bool ran = false;
  const auto work = [&]() -> Job<int> {
    ran = true;
    co_return 7;
  };
  Job<int> job = work();
  CHECK_FALSE(ran);
  int value = 0;
  spawn<int>(std::move(job), [&](int result) { value = result; });
  CHECK(value == 7);
}

TEST_CASE("a job that is never started frees itself") {
  const auto witness = std::make_shared<int>(1);
  const auto work = [](std::shared_ptr<int> held) -> Job<int> { co_return *held; };
  {
    const Job<int> job = work(witness);
    CHECK(witness.use_count() == 2);
  }
  CHECK(witness.use_count() == 1);
}

TEST_CASE("an answer given at once and one given later both arrive") {
  Later later;
  Text text;
  spawn<Text>(twice(later), [&](Text result) { text = std::move(result); });
  CHECK(text.empty());
  later.call(kLong);
  CHECK(text == kLong + kLong);
}

TEST_CASE("jobs wait for jobs and hand results on") {
  Later later;
  int size = 0;
  spawn<Result<int>>(length(later), [&](Result<int> result) { size = result.value_or(-1); });
  later.call(kLong);
  CHECK(size == 200);
  Fault fault{};
  spawn<Result<int>>(length(later), [&](Result<int> result) { fault = result.error().fault; });
  later.call("");
  CHECK(fault == Fault::NotFound);
}

TEST_CASE("everything a finished job held is freed, even if its callback is still held") {
  Later later;
  const auto witness = std::make_shared<int>(1);
  const auto work = [](Later& source, std::shared_ptr<int> held) -> Job<int> {
    co_await source.answer();
    co_return *held;
  };
  spawn<int>(work(later, witness), [](int) {});
  CHECK(witness.use_count() > 1);
  later.call("x");
  CHECK(witness.use_count() == 1);
}

TEST_CASE("a suspended job may be destroyed") {
  Later later;
  const auto witness = std::make_shared<int>(1);
  const auto work = [](Later& source, std::shared_ptr<int> held) -> Job<int> {
    co_await source.answer();
    co_return *held;
  };
  {
    // Started by hand, as spawn() would own it.
    Job<int> job = work(later, witness);
    job.await_suspend(std::noop_coroutine()).resume();
    REQUIRE(later.call);
  }
  CHECK(witness.use_count() == 1);
}

TEST_CASE("a long row of answers given at once does not fill the stack") {
  const auto work = []() -> Job<int> {
    int sum = 0;
    for (int i = 0; i < 200'000; ++i) {
      const Text text = co_await at_once("x");
      sum += static_cast<int>(text.size());
    }
    co_return sum;
  };
  int sum = 0;
  spawn<int>(work(), [&](int result) { sum = result; });
  CHECK(sum == 200'000);
}

TEST_CASE("a value that can only be moved arrives") {
  std::function<void(std::unique_ptr<int>)> call;
  const auto work = [&]() -> Job<std::unique_ptr<int>> {
    co_return co_await Awaiter<std::unique_ptr<int>>(
        [&](std::function<void(std::unique_ptr<int>)> done) { call = std::move(done); });
  };
  int value = 0;
  spawn<std::unique_ptr<int>>(work(), [&](std::unique_ptr<int> result) { value = *result; });
  call(std::make_unique<int>(5));
  CHECK(value == 5);
}

TEST_CASE("jobs pause side by side on one loop") {
  Loop loop;
  std::vector<int> order;
  const auto work = [&](int name, Span span) -> Job<int> {
    co_await pause(loop, span);
    order.push_back(name);
    co_await pause(loop, span);
    order.push_back(name);
    co_return name;
  };
  int done = 0;
  spawn<int>(work(1, 40ms), [&](int) { ++done; });
  spawn<int>(work(2, 1ms), [&](int) { ++done; });
  loop.run();
  CHECK(done == 2);
  CHECK(order == std::vector<int>{2, 2, 1, 1});
}
