#pragma once
// The fields of a struct by name, next to the struct: code that writes or reads records of it goes
// through this list.
#include <string_view>
#include <tuple>
#include <type_traits>

// What the macro below needs: `self.first, self.second` of a list of names.
#define ORCH_FIELDS_AGAIN() ORCH_FIELDS_OF_SELF
#define ORCH_FIELDS_PARENS ()
#define ORCH_FIELDS_OF_SELF(first, ...) \
  self.first __VA_OPT__(, ORCH_FIELDS_AGAIN ORCH_FIELDS_PARENS(__VA_ARGS__))
#define ORCH_FIELDS_X5(...) ORCH_FIELDS_X4(ORCH_FIELDS_X4(ORCH_FIELDS_X4(__VA_ARGS__)))
#define ORCH_FIELDS_X4(...) ORCH_FIELDS_X3(ORCH_FIELDS_X3(ORCH_FIELDS_X3(__VA_ARGS__)))
#define ORCH_FIELDS_X3(...) ORCH_FIELDS_X2(ORCH_FIELDS_X2(ORCH_FIELDS_X2(__VA_ARGS__)))
#define ORCH_FIELDS_X2(...) ORCH_FIELDS_X1(ORCH_FIELDS_X1(ORCH_FIELDS_X1(__VA_ARGS__)))
#define ORCH_FIELDS_X1(...) __VA_ARGS__

/// Stands in a struct and lists all of its fields by name; a list that is not complete does not
/// compile where it is used. Gives it `kFieldNames`, "first, second", and `fields(value)`, a tuple
/// of references in the same order.
#define ORCH_FIELDS(...)                                               \
  static constexpr std::string_view kFieldNames{#__VA_ARGS__};         \
  template <class Self>                                                \
  static auto fields(Self& self) {                                     \
    [[maybe_unused]] auto& [__VA_ARGS__] = self;                       \
    return std::tie(ORCH_FIELDS_X5(ORCH_FIELDS_OF_SELF(__VA_ARGS__))); \
  }

namespace orch {

template <class T>
concept HasFields = requires(T& value) {
  T::kFieldNames;
  T::fields(value);
};

/// Calls `visit(name, field)` for each, in their order.
template <HasFields T, class Visit>
void for_each_field(T& value, Visit visit) {
  std::string_view names = std::remove_const_t<T>::kFieldNames;
  const auto next = [&names] {
    const std::size_t end = names.find(',');
    const std::string_view name = names.substr(0, end);
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 2);
    return name;
  };
  std::apply([&](auto&... field) { (visit(next(), field), ...); },
             std::remove_const_t<T>::fields(value));
}

}  // namespace orch
