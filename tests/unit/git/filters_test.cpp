#include "git/filters.hpp"

#include "catch.hpp"

using orch::git::filters_named_in;

TEST_CASE("filters are named once, and not by comments or other attributes") {
  using Names = std::vector<std::string>;
  CHECK(filters_named_in("").empty());
  CHECK(filters_named_in("*.a filter=lfs diff=lfs merge=lfs -text\n*.b\tfilter=lfs\r\n") ==
        Names{"lfs"});
  CHECK(filters_named_in("  # *.a filter=one\n*.a -filter !filter filter= nofilter=x\n").empty());
  CHECK(filters_named_in("[attr]big filter=two\n*.b   text  filter=one") == Names{"one", "two"});
}
