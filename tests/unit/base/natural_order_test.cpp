#include "orch/base/natural_order.hpp"

#include "catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace orch;

TEST_CASE("names are sorted as people do") {
  using Names = std::vector<std::string>;
  Names names{"10.md", "2.md", "a10", "a2", "002.md", "a", "1 - x", "b"};
  std::ranges::sort(names, natural_less);
  CHECK(names == Names{"1 - x", "002.md", "2.md", "10.md", "a", "a2", "a10", "b"});
  CHECK_FALSE(natural_less("a1", "a1"));
}
