// Agents that are stopped.
#include "machine/frozen.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::machine;

namespace {

TreeProcess process(pid_t pid, pid_t parent, char state, std::uint64_t start = 100) {
  return {{.pid = pid, .state = state, .parent = parent, .start_ticks = start}, {}};
}

Tree tree(std::vector<TreeProcess> processes) {
  return {{.pid = 1, .state = 'S'}, std::move(processes)};
}

}  // namespace

TEST_CASE("an agent whose program is stopped is frozen, and one of its commands may be stopped") {
  CHECK(is_frozen(tree({process(2, 1, 'T'), process(3, 2, 'S')})));
  CHECK(is_frozen(tree({process(2, 1, 't')})));
  CHECK_FALSE(is_frozen(tree({process(2, 1, 'S'), process(3, 2, 'T')})));
  CHECK_FALSE(is_frozen(tree({process(2, 1, 'S'), process(3, 1, 'T', 200)})));
  CHECK_FALSE(is_frozen(tree({})));
  CHECK(first_process(tree({process(3, 1, 'T', 200), process(2, 1, 'S')})) == 2);
  CHECK(first_process(tree({})) == 0);
}

TEST_CASE("all that is left of an agent may be stopped without its program") {
  CHECK(is_frozen(tree({process(3, 7, 'T'), process(4, 7, 'T')})));
  CHECK_FALSE(is_frozen(tree({process(3, 7, 'T'), process(4, 7, 'S')})));
}

TEST_CASE("how long it has been frozen counts from the first look of many") {
  FrozenJudge judge;
  const Trees frozen{{"A", tree({process(2, 1, 'T')})}, {"B", tree({process(5, 1, 'S')})}};
  CHECK(judge.judge(frozen, 1000) == std::map<std::string, std::int64_t>{{"A", 1000}});
  CHECK(judge.judge(frozen, 3000).at("A") == 1000);
  CHECK(judge.judge({{"A", tree({process(2, 1, 'R')})}}, 5000).empty());
  CHECK(judge.judge(frozen, 7000).at("A") == 7000);
  CHECK(judge.judge({}, 9000).empty());
}
