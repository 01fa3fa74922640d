// How much an agent prints in a minute.
#include "agents/output_rate.hpp"

#include "catch.hpp"

using namespace orch;
using namespace std::chrono_literals;

namespace {

/// Looks once a second while the log grows by so much each time.
void grow(OutputRate& rate, std::int64_t& size, Time& now, std::int64_t more, int seconds) {
  for (int second = 0; second < seconds; ++second) {
    now += 1s;
    size += more;
    rate.see(size, now);
  }
}

}  // namespace

TEST_CASE("what was in the log before counts for nothing, and less than a minute is no rate") {
  OutputRate rate;
  Time now{};
  std::int64_t size = 1'000'000;
  rate.see(size, now);
  grow(rate, size, now, 10, 59);
  CHECK(rate.bytes_a_minute() == 0);
  grow(rate, size, now, 10, 1);
  CHECK(rate.bytes_a_minute() == 600);
}

TEST_CASE("the rate is that of the last minute") {
  OutputRate rate;
  Time now{};
  std::int64_t size = 0;
  rate.see(size, now);
  grow(rate, size, now, 100, 100);
  CHECK(rate.bytes_a_minute() == 6000);
  grow(rate, size, now, 0, 30);
  CHECK(rate.bytes_a_minute() == 3000);
  grow(rate, size, now, 0, 31);
  CHECK(rate.bytes_a_minute() == 0);
}

TEST_CASE("a log that is begun anew goes on being counted") {
  OutputRate rate;
  Time now{};
  std::int64_t size = 0;
  rate.see(size, now);
  grow(rate, size, now, 100, 30);
  size = 0;
  grow(rate, size, now, 100, 30);
  CHECK(rate.bytes_a_minute() == 6000);
}

TEST_CASE("after a long time without a look there is still an end of what is known") {
  OutputRate rate;
  rate.see(0, Time{});
  rate.see(500, Time{} + 10min);
  CHECK(rate.bytes_a_minute() == 500);
  rate.see(500, Time{} + 12min);
  CHECK(rate.bytes_a_minute() == 0);
}
