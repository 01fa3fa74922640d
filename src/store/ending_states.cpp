// From schema 2 to schema 3. What the names meant then stands here, as the program moves on.
#include "store/ending_states.hpp"

#include "store/rewrite.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::json;

void rename(json& record, const char* before, const char* now) {
  const auto found = record.find(before);
  if (found == record.end()) return;
  record[now] = std::move(*found);
  record.erase(before);
}

}  // namespace

// An attempt that ends is saved once more where it had been saved already: that changes nothing.
std::string in_states(std::string_view text) {
  json record = json::parse(text, nullptr, false);
  const bool is_task = record.is_object() && record.contains("attempt") && record.contains("plan");
  if (!is_task) return std::string(text);
  if (record.value("rest", false)) record["state"] = "part-landed";
  if (record.value("ending", "none") != "none") record["state"] = "stopping";
  record.erase("rest");
  record.erase("ending_saved");
  rename(record, "mishaps", "restarts");
  rename(record, "heard", "seen_reports");
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

Status flags_to_states(Database& database) {
  return rewrite_all(database, in_states);
}

}  // namespace orch::store
