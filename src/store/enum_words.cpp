// From schema 1 to schema 2. The words are written out once more, as the numbers and the names in
// the program may move on, and what these two schemas mean may not.
#include "store/enum_words.hpp"

#include "store/rewrite.hpp"

#include <array>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::json;
using Words = std::span<const std::string_view>;

constexpr std::string_view kStates[] = {"waiting", "preparing",   "running", "checking",
                                        "queued",  "landing",     "merged",  "blocked",
                                        "failed",  "unreachable", "aborted"};
constexpr std::string_view kEndings[] = {"none",  "failed",    "give-up", "block",
                                         "abort", "interrupt", "retry",   "redo"};
constexpr std::string_view kPhases[] = {"testing-base", "running",   "stopping", "stopped",
                                        "base-red",     "finishing", "finished"};
constexpr std::string_view kPriorities[] = {"P0", "P1", "P2", "P3", "P4"};
constexpr std::string_view kOverlaps[] = {"sequential", "continue", "cancel"};
constexpr std::string_view kFollows[] = {"landing", "end", "never"};
constexpr std::string_view kDoneBy[] = {"report", "exit"};
constexpr std::string_view kVerbs[] = {"abort",   "retry", "merge",           "hold",
                                       "release", "down",  "down-keep-agents"};
constexpr std::string_view kExits[] = {"code",   "signal", "stopped",
                                       "hangup", "lost",   "not-started"};
constexpr std::string_view kReports[] = {"done", "blocked", "progress", "notify"};

/// By the field's name: none of them holds a number that is no enum.
Words words_of(std::string_view field, std::string_view type) {
  const std::pair<std::string_view, Words> fields[] = {
      {"state", kStates},
      {"ending", kEndings},
      {"phase", kPhases},
      {"priority", kPriorities},
      {"effective_priority", kPriorities},
      {"on_overlap", kOverlaps},
      {"follow", kFollows},
      {"done", kDoneBy},
      {"verb", kVerbs},
      {"kind", type == "agent_exited" ? Words(kExits) : Words(kReports)}};
  for (const auto& [name, words] : fields) {
    if (name == field) return words;
  }
  return {};
}

void put_words(json& value, std::string_view type) {
  if (value.is_array()) {
    for (json& part : value)
      put_words(part, type);
  }
  if (!value.is_object()) return;
  for (const auto& [field, part] : value.items()) {
    put_words(part, type);
    const Words words = words_of(field, type);
    if (words.empty() || !part.is_number_unsigned()) continue;
    const auto number = part.get<std::uint64_t>();
    if (number < words.size()) part = words[number];
  }
}

}  // namespace

std::string in_words(std::string_view text) {
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::string(text);
  std::string type;
  if (value.is_object() && value.contains("type") && value["type"].is_string()) {
    type = value["type"].get<std::string>();
  }
  put_words(value, type);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The outbox has no enum in it.
Status numbers_to_words(Database& database) {
  return rewrite_all(database, in_words);
}

}  // namespace orch::store
