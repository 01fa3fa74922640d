// Feeds any text to the reader of the configuration: an answer or a problem with its line.
#include "config/layers.hpp"
#include "config/toml.hpp"
#include "promise.hpp"

#include <algorithm>
#include <string>

using namespace orch;

namespace {

void check_place(Place place, int lines) {
  fuzz::require(place.line >= 0 && place.line <= lines, "a value's line is in the text");
}

void check_value(const TomlValue& value, int lines) {
  check_place(value.place, lines);
  fuzz::require(!describe(value).empty(), "every value can be named");
  if (const auto* list = std::get_if<TomlValue::List>(&value.content)) {
    for (const TomlValue& one : *list)
      check_value(one, lines);
  }
  if (const auto* table = std::get_if<TomlValue::Table>(&value.content)) {
    for (const TomlEntry& entry : *table)
      check_value(entry.value, lines);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  const auto table = parse_toml(text);
  if (table) {
    for (const TomlEntry& entry : *table)
      check_value(entry.value, lines);
  } else {
    fuzz::require(table.error().line <= lines, "a problem's line is in the text");
    fuzz::require(!table.error().message.empty(), "a problem has words");
  }
  fuzz::require(!describe(value_of_text(text)).empty(), "bare text is a value");
  const ConfigReading reading = parse_config({{"orch.toml", std::string(text)}}, {}, {});
  fuzz::require(table.has_value() || reading.has_errors(), "what is no TOML is no configuration");
  return 0;
}
