// One value of somebody else's configuration file.
#include "config/document.hpp"

#include "config/toml.hpp"

#include <algorithm>
#include <variant>

#include <nlohmann/json.hpp>

namespace orch {
namespace {

using Value = std::optional<std::string>;

Value shown_group(bool empty) {
  return empty ? "" : "{}";
}

Value text_of(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return value.get<std::string>();
  if (value.is_structured()) return shown_group(value.empty());
  return value.dump();
}

Result<Value> value_in_json(std::string_view text, const std::vector<std::string>& keys) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false, true);
  if (document.is_discarded()) return fail(Fault::BadInput, "it is not JSON");
  const nlohmann::json* at = &document;
  for (const std::string& key : keys) {
    if (!at->is_object() || !at->contains(key)) return Value();
    at = &at->at(key);
  }
  return text_of(*at);
}

Value text_of(const TomlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.content)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.content))
    return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value.content)) return *flag ? "true" : "false";
  if (const auto* list = std::get_if<TomlValue::List>(&value.content))
    return shown_group(list->empty());
  if (const auto* table = std::get_if<TomlValue::Table>(&value.content))
    return shown_group(table->empty());
  return "{}";
}

Result<Value> value_in_toml(std::string_view text, const std::vector<std::string>& keys) {
  const auto document = parse_toml(text);
  if (!document) return fail(Fault::BadInput, "it is not TOML");
  const TomlValue::Table* table = &*document;
  const TomlValue* value = nullptr;
  for (const std::string& key : keys) {
    if (value != nullptr) table = std::get_if<TomlValue::Table>(&value->content);
    if (table == nullptr) return Value();
    const auto found = std::ranges::find(*table, key, &TomlEntry::key);
    if (found == table->end()) return Value();
    value = &found->value;
  }
  return value == nullptr ? shown_group(document->empty()) : text_of(*value);
}

}  // namespace

Result<std::optional<std::string>> value_in(std::string_view text, DocumentFormat format,
                                            const std::vector<std::string>& keys) {
  return format == DocumentFormat::Toml ? value_in_toml(text, keys) : value_in_json(text, keys);
}

}  // namespace orch
