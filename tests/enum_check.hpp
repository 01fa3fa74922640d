#pragma once
// Holds the table of an enum's names against the enum itself.
#include "catch.hpp"
#include "orch/base/enum_names.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace orch::test {

/// Is there an enumerator with this number? The compiler prints its name, or a cast if there is
/// none.
template <class E, int Number>
constexpr bool is_value() {
  constexpr auto kValue = static_cast<E>(Number);
  const auto text = []<E V>() { return std::string_view(__PRETTY_FUNCTION__); };
  return text.template operator()<kValue>().find("V = (") == std::string_view::npos;
}

template <class E>
void has_all_names() {
  const int values = []<int... Numbers>(std::integer_sequence<int, Numbers...>) {
    return (static_cast<int>(is_value<E, Numbers>()) + ...);
  }
  (std::make_integer_sequence<int, 96>());
  std::set<std::string_view> names;
  for (const auto& [value, name] : EnumNames<E>::kTable) {
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(to_text(value) == name);
    CHECK(from_text<E>(name) == value);
  }
  INFO(*names.begin());
  CHECK(static_cast<int>(names.size()) == values);
  CHECK_FALSE(from_text<E>(""));
}

}  // namespace orch::test
