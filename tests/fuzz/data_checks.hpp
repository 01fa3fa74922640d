#pragma once
// What every value of JSON and YAML promises of its place.
#include "promise.hpp"
#include "tasks/text/data_value.hpp"

#include <algorithm>
#include <string_view>

namespace orch::fuzz {

/// `raw`: a plain text on one line is what stands at its place.
inline void check_value(const tasks::DataValue& value, std::string_view text) {
  using Kind = tasks::DataValue::Kind;
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  require(value.line >= 1 && value.line <= lines, "a value's line is in the text");
  require(value.offset <= text.size() && value.length <= text.size() - value.offset,
          "a value is in the text");
  const bool plain = value.is(Kind::Text) && !value.quoted && value.on_one_line;
  if (plain)
    require(text.substr(value.offset, value.length) == value.text, "a plain text is as written");
  const bool on_its_line =
      value.line == static_cast<int>(std::ranges::count(text.substr(0, value.offset), '\n')) + 1;
  if (value.is_scalar() && value.length > 0) require(on_its_line, "a value stands on its line");
  for (const tasks::DataValue& item : value.items)
    check_value(item, text);
  for (const tasks::DataField& field : value.fields)
    check_value(field.value, text);
}

}  // namespace orch::fuzz
