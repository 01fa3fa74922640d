// The list of fields that stands in a struct.
#include "orch/base/fields.hpp"

#include "catch.hpp"

#include <string>
#include <vector>

namespace {

struct Pair {
  int first = 1;
  std::string second = "two";
  // In another order than they stand in the struct.
  ORCH_FIELDS(second, first)
};

}  // namespace

TEST_CASE("each field has its own name, in whatever order they are listed") {
  std::vector<std::string> seen;
  const Pair pair;
  orch::for_each_field(pair, [&seen](std::string_view name, const auto& field) {
    if constexpr (std::is_same_v<decltype(field), const int&>) {
      seen.push_back(std::string(name) + "=" + std::to_string(field));
    } else {
      seen.push_back(std::string(name) + "=" + field);
    }
  });
  CHECK(seen == std::vector<std::string>{"second=two", "first=1"});
}
