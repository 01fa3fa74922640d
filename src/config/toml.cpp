// Reads TOML with toml++ and hands it on as plain values; the only file that knows the library.
#include "config/toml.hpp"

#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"

#include <toml++/toml.h>

#include <utility>

namespace orch {

namespace {

Place place_of(const toml::source_region& source) {
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

TomlValue value_of(const toml::node& node);

TomlValue::Table table_of(const toml::table& table) {
  TomlValue::Table entries;
  entries.reserve(table.size());
  for (const auto& [key, node] : table) {
    entries.push_back({std::string(key.str()), place_of(key.source()), value_of(node)});
  }
  return entries;
}

TomlValue::List list_of(const toml::array& array) {
  TomlValue::List items;
  items.reserve(array.size());
  for (const toml::node& node : array) {
    items.push_back(value_of(node));
  }
  return items;
}

TomlValue value_of(const toml::node& node) {
  TomlValue value;
  value.place = place_of(node.source());
  switch (node.type()) {
    case toml::node_type::table: value.content = table_of(*node.as_table()); break;
    case toml::node_type::array: value.content = list_of(*node.as_array()); break;
    case toml::node_type::string: value.content = node.as_string()->get(); break;
    case toml::node_type::integer: value.content = node.as_integer()->get(); break;
    case toml::node_type::boolean: value.content = node.as_boolean()->get(); break;
    case toml::node_type::floating_point: value.content = node.as_floating_point()->get(); break;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: value.content = TomlValue::Unused{"a date or time"}; break;
    case toml::node_type::none: value.content = TomlValue::Unused{"nothing"}; break;
  }
  return value;
}

/// toml++ says "Error while parsing array: encountered end-of-file".
std::string without_preamble(std::string_view description) {
  constexpr std::string_view kPreamble = "Error while parsing ";
  if (description.starts_with(kPreamble)) description.remove_prefix(kPreamble.size());
  return one_line(description, 200);
}

}  // namespace

tl::expected<TomlValue::Table, Problem> parse_toml(std::string_view text) {
  try {
    return table_of(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const Place place = place_of(error.source());
    return tl::unexpected(Problem{Severity::Error,
                                  place.line,
                                  place.column,
                                  "not valid TOML: " + without_preamble(error.description()),
                                  {}});
  }
}

TomlValue value_of_text(std::string_view text) {
  TomlValue value;
  auto parsed = parse_toml(fmt::format("value = {}", text));
  const bool is_toml = parsed && parsed->size() == 1 && parsed->front().key == "value";
  if (is_toml) {
    value.content = std::move(parsed->front().value.content);
  } else {
    value.content = std::string(text);
  }
  value.raw = std::string(text);
  return value;
}

std::string describe(const TomlValue& value) {
  const auto quoted = [](std::string_view text) {
    return fmt::format("the text \"{}\"", one_line(text, 40));
  };
  if (value.raw) return quoted(*value.raw);
  return std::visit(Overloaded{
                        [](const TomlValue::Unused& unused) { return std::string(unused.kind); },
                        [&](const std::string& text) { return quoted(text); },
                        [](std::int64_t) { return std::string("a number"); },
                        [](bool) { return std::string("true or false"); },
                        [](double) { return std::string("a fraction"); },
                        [](const TomlValue::List&) { return std::string("a list"); },
                        [](const TomlValue::Table&) { return std::string("a table"); },
                    },
                    value.content);
}

}  // namespace orch
