// From schema 1 to schema 2. The words are written out once more, as the numbers and the names in
// the program may move on, and what these two schemas mean may not.
#include "store/enum_words.hpp"

#include "orch/base/text.hpp"
#include "store/impl.hpp"

#include <array>
#include <span>
#include <utility>
#include <vector>

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

struct Text {
  std::int64_t key = 0;
  std::string json;
};

/// The rows behind `key`, at most as many as fit easily into memory.
Result<std::vector<Text>> some_texts(Database& database, std::string_view select,
                                     std::int64_t key) {
  std::vector<Text> texts;
  const Status read = database.rows(select, {key}, [&](const Row& row) -> Status {
    texts.push_back({row.number(0), row.text(1)});
    return {};
  });
  if (!read) return passed_on(read);
  return texts;
}

Status convert(Database& database, std::string_view select, std::string_view update) {
  std::int64_t key = -1;
  while (true) {
    const Result<std::vector<Text>> texts = some_texts(database, select, key);
    if (!texts) return passed_on(texts);
    if (texts->empty()) return {};
    for (const Text& text : *texts) {
      const std::string words = in_words(text.json);
      if (Status updated = database.run(update, {words, text.key}); !updated) return updated;
    }
    key = texts->back().key;
  }
}

/// The runs whose rows are what was committed last.
Result<std::vector<std::string>> whole_runs(Database& database) {
  std::vector<std::string> all;
  const Status read = database.rows("SELECT id FROM run", {}, [&](const Row& row) -> Status {
    all.push_back(row.text(0));
    return {};
  });
  if (!read) return passed_on(read);
  std::vector<std::string> whole;
  for (const std::string& run : all) {
    const Result<std::uint64_t> hash = hash_of_rows(database, run);
    if (!hash) return passed_on(hash);
    const Result<std::string> written = last_hash(database, run);
    if (!written) return passed_on(written);
    if (*written == hex(*hash)) whole.push_back(run);
  }
  return whole;
}

Status convert_all(Database& database) {
  Status done =
      convert(database, "SELECT number, record FROM run WHERE number > ? ORDER BY number LIMIT 100",
              "UPDATE run SET record = ? WHERE number = ?");
  if (done) {
    done = convert(database,
                   "SELECT number, record FROM task_record WHERE number > ? ORDER BY number LIMIT "
                   "1000",
                   "UPDATE task_record SET record = ? WHERE number = ?");
  }
  if (done) {
    done = convert(database,
                   "SELECT seq, event FROM execution_trace WHERE seq > ? AND kind IN"
                   " ('run_started', 'run_resumed', 'tasks_changed', 'agent_exited',"
                   " 'agent_reported', 'person_asked') ORDER BY seq LIMIT 100",
                   "UPDATE execution_trace SET event = ? WHERE seq = ?");
  }
  return done;
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
  const Result<std::vector<std::string>> whole = whole_runs(database);
  if (!whole) return passed_on(whole);
  if (Status converted = convert_all(database); !converted) return converted;
  for (const std::string& run : *whole) {
    const Result<std::uint64_t> hash = hash_of_rows(database, run);
    if (!hash) return passed_on(hash);
    const std::string text = hex(*hash);
    Status updated = database.run(
        "UPDATE execution_trace SET state_hash = ? WHERE seq ="
        " (SELECT max(seq) FROM execution_trace WHERE run = ?)",
        {text, run});
    if (!updated) return updated;
  }
  return {};
}

}  // namespace orch::store
