// Rewrites all JSON of a file, in pieces that fit easily into memory.
#include "store/rewrite.hpp"

#include "orch/base/text.hpp"
#include "store/impl.hpp"

#include <cstdint>
#include <vector>

namespace orch::store {
namespace {

struct Text {
  std::int64_t key = 0;
  std::string json;
};

/// The rows after `key`, at most as many as fit easily into memory.
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

Status convert(Database& database, const Rewrite& rewrite, std::string_view select,
               std::string_view update) {
  std::int64_t key = -1;
  while (true) {
    const Result<std::vector<Text>> texts = some_texts(database, select, key);
    if (!texts) return passed_on(texts);
    if (texts->empty()) return {};
    for (const Text& text : *texts) {
      const std::string now = rewrite(text.json);
      if (Status updated = database.run(update, {now, text.key}); !updated) return updated;
    }
    key = texts->back().key;
  }
}

}  // namespace

Status rewrite_all(Database& database, const Rewrite& rewrite) {
  Status done = convert(database, rewrite,
                        "SELECT number, record FROM run WHERE number > ? ORDER BY number LIMIT 100",
                        "UPDATE run SET record = ? WHERE number = ?");
  if (done) {
    done = convert(database, rewrite,
                   "SELECT number, record FROM task_record WHERE number > ? ORDER BY number LIMIT "
                   "1000",
                   "UPDATE task_record SET record = ? WHERE number = ?");
  }
  if (done) {
    done = convert(database, rewrite,
                   "SELECT seq, event FROM execution_trace WHERE seq > ? AND kind IN"
                   " ('run_started', 'run_resumed', 'tasks_changed', 'agent_exited',"
                   " 'agent_reported', 'person_asked') ORDER BY seq LIMIT 100",
                   "UPDATE execution_trace SET event = ? WHERE seq = ?");
  }
  return done;
}

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

Status renew_hash(Database& database, const std::string& run) {
  const Result<std::uint64_t> hash = hash_of_rows(database, run);
  if (!hash) return passed_on(hash);
  const std::string text = hex(*hash);
  return database.run(
      "UPDATE execution_trace SET state_hash = ? WHERE seq ="
      " (SELECT max(seq) FROM execution_trace WHERE run = ?)",
      {text, run});
}

}  // namespace orch::store
