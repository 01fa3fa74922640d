// Who takes the machine from whom. It has four processors, and a look comes every two seconds.
#include "machine/overload.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::machine;

namespace {

struct Judge {
  OverloadJudge judge{4};
  std::int64_t at_ms = 0;

  /// What is found in so many looks at the same.
  std::vector<Overload> look(const std::vector<Load>& loads, int looks) {
    std::vector<Overload> found;
    for (int look = 0; look < looks; ++look) {
      at_ms += 2'000;
      if (const auto overload = judge.judge(loads, at_ms)) found.push_back(*overload);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("who has nearly all of the machine for a minute while another starves is found") {
  Judge its;
  const std::vector<Load> loads = {{"A", 3.8, 40}, {"B", 0.1, 1}, {"C", 0, 0}};
  CHECK(its.look(loads, 30).empty());
  CHECK(its.look(loads, 1) == std::vector<Overload>{{"A", 3.8, {"B"}}});
  CHECK(its.look(loads, 30).size() == 1);
}

TEST_CASE("a compile with all of the machine is well while nobody else wants any") {
  Judge its;
  CHECK(its.look({{"A", 4, 8}, {"B", 0.05, 0}}, 200).empty());
  CHECK(its.look({{"A", 4, 8}}, 200).empty());
  CHECK(its.look({{"A", 2, 4}, {"B", 2, 4}}, 200).empty());
}

TEST_CASE("several have it together: the one with most is named") {
  Judge its;
  CHECK(its.look({{"A", 1.5, 9}, {"B", 2.4, 9}, {"C", 0.1, 1}, {"D", 0.1, 2}}, 31) ==
        std::vector<Overload>{{"B", 2.4, {"C", "D"}}});
}

TEST_CASE("a break begins the minute anew, and a short hunger is none") {
  Judge its;
  const std::vector<Load> loads = {{"A", 3.9, 40}, {"B", 0.1, 1}};
  CHECK(its.look(loads, 25).empty());
  CHECK(its.look({{"A", 3.5, 40}, {"B", 0, 1}}, 1).empty());
  CHECK(its.look(loads, 30).empty());
  CHECK(its.look({{"A", 3.9, 40}, {"B", 0.1, 0}}, 0).empty());
  Judge other;
  CHECK(other.look(loads, 10).empty());
  CHECK(other.look({{"A", 3.9, 40}, {"B", 0.05, 0}}, 100).empty());
}

TEST_CASE("nobody is named where all starve, or nobody is there") {
  Judge its;
  CHECK(its.look({}, 100).empty());
  OverloadJudge tiny(1);
  for (int look = 0; look < 100; ++look)
    CHECK_FALSE(
        tiny.judge({{"A", 0.19, 1}, {"B", 0.19, 1}, {"C", 0.19, 1}, {"D", 0.19, 1}, {"E", 0.19, 1}},
                   look * 2'000));
}
