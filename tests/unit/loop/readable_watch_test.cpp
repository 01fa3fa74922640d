#include "loop/readable_watch.hpp"

#include "catch.hpp"
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

using namespace orch;
using namespace orch::loop;

TEST_CASE("what can be read is told until it is read, and the descriptor stays as it was") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const Fd in(ends[0]);
  const Fd out(ends[1]);
  Loop loop;
  int told = 0;
  {
    const ReadableWatch watch(loop, in.get(), [&] {
      char byte = 0;
      if (++told == 2) REQUIRE(::read(in.get(), &byte, 1) == 1);
      if (told == 2) loop.stop();
    });
    CHECK((::fcntl(in.get(), F_GETFL) & O_NONBLOCK) == 0);
    REQUIRE(::write(out.get(), "x", 1) == 1);
    loop.run();
  }
  CHECK(told == 2);
}

TEST_CASE("the end of what is read is told") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const Fd in(ends[0]);
  Loop loop;
  bool told = false;
  const ReadableWatch watch(loop, in.get(), [&] {
    told = true;
    loop.stop();
  });
  ::close(ends[1]);
  loop.run();
  CHECK(told);
}

TEST_CASE("a descriptor that nobody can wait for is never told") {
  Loop loop;
  const ReadableWatch watch(loop, -1, [] { FAIL("it is told"); });
  loop.run();
}
