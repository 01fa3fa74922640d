// From schema 5 to schema 6. What the names meant then stands here, as the program moves on.
#include "store/message_rows.hpp"

#include "store/impl.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::json;

// Whoever reports chooses the id of the report: that it is the one of a message has to be possible.
constexpr const char* kMessageTable = R"sql(
CREATE TABLE message(
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run(id),
  message_id TEXT NOT NULL,
  from_agent TEXT NOT NULL,
  to_agent TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at ANY,
  message_number INTEGER NOT NULL DEFAULT 0,
  priority TEXT NOT NULL DEFAULT '',
  reply_to INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT '',
  why TEXT NOT NULL DEFAULT '',
  changed_at ANY,
  record TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO message(number, run, message_id, from_agent, to_agent, kind, text, created_at)
  SELECT number, run, message_id, from_agent, to_agent, kind, text, created_at FROM agent_message;
DROP TABLE agent_message;
ALTER TABLE message RENAME TO agent_message;
CREATE UNIQUE INDEX agent_message_report ON agent_message(run, message_id)
  WHERE message_number = 0;
CREATE UNIQUE INDEX agent_message_number ON agent_message(run, message_number)
  WHERE message_number > 0;
CREATE INDEX agent_message_kept ON agent_message(run) WHERE record <> '';
)sql";

std::string stored_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_over(const json& message) {
  const std::string state = message.value("state", "");
  return state != "queued" && state != "typed";
}

/// "tmux-orch: NAME" was about an anomaly of that name.
json message_from(const json& old, const std::string& task, std::int64_t number) {
  constexpr std::string_view kAbout = "tmux-orch: ";
  const std::string from = old.value("from", "");
  json message = old;
  message["number"] = number;
  message["from"] = {{"kind", from == "user" ? "user" : "supervisor"}, {"task", ""}};
  message["to"] = {{"kind", "task"}, {"task", task}};
  message["about"] = from.starts_with(kAbout) ? from.substr(kAbout.size()) : "";
  message["reply_to"] = 0;
  message["sent"] = old.value("at", std::int64_t{0});
  return message;
}

void move_messages(StoredRun& run) {
  std::int64_t next = 1;
  for (auto& [id, text] : run.agents) {
    json agent = json::parse(text, nullptr, false);
    if (!agent.is_object() || !agent.contains("messages")) continue;
    int told = 0;
    for (const json& old : agent["messages"]) {
      run.messages.push_back(stored_text(message_from(old, agent.value("task", ""), next++)));
      if (is_over(old)) ++told;
    }
    agent.erase("messages");
    agent["told"] = told;
    text = stored_text(agent);
  }
  json record = json::parse(run.record, nullptr, false);
  if (!record.is_object()) return;
  record["next_message"] = next;
  run.record = stored_text(record);
}

Status write_message(Database& database, const std::string& run, const std::string& text) {
  const json message = json::parse(text, nullptr, false);
  const bool from_user = message["from"].value("kind", "") == "user";
  return database.run(
      "INSERT INTO agent_message(run, message_number, message_id, from_agent, to_agent, kind, text,"
      " priority, state, why, record) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
      {run, message.value("number", std::int64_t{0}), message.value("id", ""),
       from_user ? "user" : "tmux-orch", message["to"].value("task", ""), message.value("kind", ""),
       message.value("text", ""), message.value("now", false) ? "now" : "normal",
       message.value("state", ""), message.value("why", ""), text});
}

Status part_messages_of(Database& database, const std::string& run) {
  StoredRun stored;
  if (Status read = read_rows(database, run, stored); !read) return read;
  part_messages(stored);
  Status written = database.run("UPDATE run SET record = ? WHERE id = ?", {stored.record, run});
  for (const auto& [id, text] : stored.agents) {
    if (written)
      written =
          database.run("UPDATE agent_run SET record = ? WHERE run = ? AND id = ?", {text, run, id});
  }
  for (const std::string& text : stored.messages) {
    if (written) written = write_message(database, run, text);
  }
  return written;
}

}  // namespace

// Rows of another shape stay as they are: their hash is wrong, by which a reader finds them
// damaged.
void part_messages(StoredRun& run) {
  StoredRun parted = run;
  try {
    move_messages(parted);
  } catch (const json::exception&) {
    return;
  }
  run = std::move(parted);
}

Status messages_to_rows(Database& database) {
  if (Status made = database.script(kMessageTable); !made) return made;
  std::vector<std::string> all;
  Status done = database.rows("SELECT id FROM run", {}, [&](const Row& row) -> Status {
    all.push_back(row.text(0));
    return {};
  });
  for (const std::string& run : all) {
    if (done) done = part_messages_of(database, run);
  }
  return done;
}

}  // namespace orch::store
