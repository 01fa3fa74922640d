// Feeds any text to the reader of JSON; nlohmann's parser says whether it is any.
#include "data_checks.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/text/json_place.hpp"

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

using namespace orch;
using namespace orch::tasks;

namespace {

/// What nlohmann's parser says; nothing for numbers that it has no room for.
std::optional<bool> is_json(std::string_view text) {
  try {
    return !nlohmann::json::parse(text).is_discarded();
  } catch (const nlohmann::json::out_of_range&) {
    return {};
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  if (!check_text(text).empty()) return 0;
  const JsonText json(text);
  const bool is_good = !json.problem().has_value();
  const bool too_deep = json.problem() && json.problem()->message.find("deep") != std::string::npos;
  fuzz::require(too_deep || is_json(text).value_or(is_good) == is_good,
                "the grammar is that of JSON");
  if (json.problem()) return 0;
  LineCounter lines(text);
  const DataValue root = data_of(json.root(), lines);
  fuzz::check_value(root, text);
  return 0;
}
