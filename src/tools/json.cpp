// A parser that goes down with each level is not to go down for ever.
#include "tools/json.hpp"

namespace orch::tools {
namespace {

constexpr int kDeepest = 200;

bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_text && c == '\\')
      ++at;
    else if (c == '"')
      in_text = !in_text;
    else if (!in_text && (c == '[' || c == '{'))
      ++depth;
    else if (!in_text && (c == ']' || c == '}'))
      --depth;
    if (depth > kDeepest) return true;
  }
  return false;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  if (is_too_deep(text)) return std::nullopt;
  Json read = Json::parse(text, nullptr, false);
  if (read.is_discarded()) return std::nullopt;
  return read;
}

}  // namespace orch::tools
