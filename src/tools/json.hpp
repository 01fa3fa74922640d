#pragma once
// JSON as the tools take and give it: fields stay in the order they were put in.
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace orch::tools {

using Json = nlohmann::ordered_json;

/// On one line. Bytes that are no UTF-8 become U+FFFD, as agents may have written them.
inline std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Reads a text from outside. Nothing: it is no JSON, or lists and objects lie in one another
/// deeper than anybody needs.
std::optional<Json> parse_json(std::string_view text);

}  // namespace orch::tools
