#pragma once
// How values are written where a program reads them.
#include <string>

#include <nlohmann/json.hpp>

namespace orch::ui {

/// Two spaces a level, a newline at the end; broken UTF-8 is replaced.
inline std::string dump(const nlohmann::ordered_json& value) {
  return value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

inline nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

}  // namespace orch::ui
