// Several candidates side by side: which are tested, which land, and who is to blame.
#include "core/train.hpp"

#include "catch.hpp"

#include <vector>

using namespace orch;
using enum LandingState;

namespace {

using Places = std::vector<std::size_t>;
using train::Knowledge;

Knowledge all_ready(std::size_t count) {
  return Knowledge(count, Ready);
}

}  // namespace

TEST_CASE("a train that is no longer than the tests is tested as a whole") {
  CHECK(train::to_test(all_ready(3), 3, 4, false) == Places{0, 1, 2});
  CHECK(train::to_test(all_ready(4), 4, 4, false) == Places{0, 1, 2, 3});
}

TEST_CASE("the tests of a longer train are spread over it") {
  CHECK(train::to_test(all_ready(20), 20, 4, false) == Places{4, 9, 14, 19});
  CHECK(train::to_test(all_ready(20), 20, 2, false) == Places{9, 19});
  CHECK(train::to_test(all_ready(5), 5, 2, false) == Places{2, 4});
}

TEST_CASE("what is not merged yet is tested as soon as it is") {
  CHECK(train::to_test(all_ready(6), 20, 4, false) == Places{4});
  Knowledge known = all_ready(10);
  known[4] = Testing;
  CHECK(train::to_test(known, 20, 3, false) == Places{9});
}

TEST_CASE("those before a red one are parted evenly") {
  Knowledge known = all_ready(20);
  known[9] = Red;
  CHECK(train::to_test(known, 20, 2, false) == Places{2, 5});
  CHECK(train::to_test(known, 20, 9, false) == Places{0, 1, 2, 3, 4, 5, 6, 7, 8});
  known[5] = Testing;
  CHECK(train::to_test(known, 20, 2, false).empty());
  known[5] = Green;
  CHECK(train::to_test(known, 20, 1, false) == Places{7});
}

TEST_CASE("nothing behind a first one that is red is tested") {
  CHECK(train::to_test({Red, Ready}, 2, 4, false).empty());
  CHECK(train::to_test({Red, Ready}, 2, 4, true).empty());
}

TEST_CASE("where each has to pass, the first ones are tested first") {
  CHECK(train::to_test(all_ready(4), 4, 2, true) == Places{0, 1});
  CHECK(train::to_test({Testing, Ready, Ready}, 3, 1, true) == Places{1});
}

TEST_CASE("a green one lands by itself or with those before it") {
  CHECK(train::to_land({Green, Green, Testing}, false) == 1);
  CHECK(train::to_land({Red, Green, Testing}, false) == 2);
  CHECK(train::to_land({Ready, Ready, Green, Ready, Green}, false) == 3);
  CHECK(train::to_land({Testing, Green}, false) == 0);
  CHECK(train::to_land({Moving, Green}, false) == 0);
  CHECK(train::to_land({Red, Green}, true) == 0);
  CHECK(train::to_land({}, false) == 0);
}

TEST_CASE("the first one is to blame when nothing behind it can pass") {
  CHECK(train::blames_first({Red, Red, Ready}, false));
  CHECK_FALSE(train::blames_first({Red, Testing}, false));
  CHECK_FALSE(train::blames_first({Red, Green}, false));
  CHECK_FALSE(train::blames_first({Testing, Red}, false));
  CHECK(train::blames_first({Red, Testing}, true));
}
