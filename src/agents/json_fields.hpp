#pragma once
// Fields of JSON that others write: what is missing or of another kind is an empty one.
#include <string>

#include <nlohmann/json.hpp>

namespace orch::json_fields {

inline const nlohmann::json& in(const nlohmann::json& object, const char* name) {
  static const nlohmann::json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

inline std::string text_in(const nlohmann::json& object, const char* name) {
  const nlohmann::json& value = in(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace orch::json_fields
