#include "orch/base/size.hpp"

#include "catch.hpp"

using namespace orch;

TEST_CASE("a size is shown with the unit that fits") {
  CHECK(size_text(0) == "0.0 kB");
  CHECK(size_text(9'949) == "9.9 kB");
  CHECK(size_text(312'000'000) == "312 MB");
  CHECK(size_text(2'100'000'000) == "2.1 GB");
  CHECK(size_text(9'000'000'000'000'000) == "9000 TB");
}
