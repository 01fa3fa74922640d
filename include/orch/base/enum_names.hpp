#pragma once
// What the values of an enum are called: one table for each enum, used by all that stores, reads or
// shows them. Numbers are never stored, so a value may be added anywhere; a name that was stored
// must go on meaning the same.
#include <optional>
#include <string_view>
#include <utility>

namespace orch {

/// Specialised next to each enum with names, with a row for every value:
///   static constexpr std::pair<E, std::string_view> kTable[] = {{E::First, "first"}, ...};
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = requires {
  EnumNames<E>::kTable;
};

template <NamedEnum E>
constexpr std::string_view to_text(E value) {
  for (const auto& [known, name] : EnumNames<E>::kTable) {
    if (known == value) return name;
  }
  return {};
}

/// The value with that name; nothing when there is none.
template <NamedEnum E>
constexpr std::optional<E> from_text(std::string_view text) {
  for (const auto& [known, name] : EnumNames<E>::kTable) {
    if (name == text) return known;
  }
  return std::nullopt;
}

}  // namespace orch
