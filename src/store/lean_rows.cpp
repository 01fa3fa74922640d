// From schema 3 to schema 4.
#include "store/lean_rows.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::json;

// The views name the trace, so that it could not take its old name while they are there.
constexpr const char* kTables = R"sql(
ALTER TABLE run ADD COLUMN rules TEXT NOT NULL DEFAULT '';

CREATE TABLE outbox(
  run TEXT NOT NULL REFERENCES run(id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  task_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_seq INTEGER NOT NULL,
  PRIMARY KEY(run, id)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox(run, id, kind, task_id, payload, created_seq)
  SELECT run, id, kind, task_id, payload, created_seq FROM effect WHERE state = 'pending';
DROP TABLE effect;
ALTER TABLE outbox RENAME TO effect;

DROP VIEW specs_task;
DROP VIEW task_dependency;
CREATE TABLE trace(
  seq INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run(id),
  at_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event TEXT NOT NULL,
  facts TEXT NOT NULL,
  state_hash TEXT NOT NULL
) STRICT;
INSERT INTO trace(seq, run, at_ms, wall_ms, kind, event, facts, state_hash)
  SELECT seq, run, at_ms, wall_ms, kind, event, facts, state_hash FROM execution_trace
  ORDER BY seq;
DROP TABLE execution_trace;
ALTER TABLE trace RENAME TO execution_trace;
CREATE INDEX execution_trace_of_run ON execution_trace(run);

CREATE VIEW specs_task AS
  SELECT task_id, run AS spec_id, place, title, status, why, record FROM task_record
  WHERE run = (SELECT run FROM execution_trace ORDER BY seq DESC LIMIT 1);
CREATE VIEW task_dependency AS
  SELECT task_id AS from_task_id, needs AS to_task_id, run AS spec_id FROM task_need
  WHERE run = (SELECT run FROM execution_trace ORDER BY seq DESC LIMIT 1);
)sql";

struct Run {
  std::string id;
  std::string record;
};

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// A record of another shape stays as it is: its hash is wrong, by which a reader finds it damaged.
Status part_rules(Database& database, const Run& run) {
  json record = json::parse(run.record, nullptr, false);
  if (!record.is_object() || !record.contains("rules")) return {};
  const std::string rules = text_of(record["rules"]);
  record.erase("rules");
  return database.run("UPDATE run SET record = ?, rules = ? WHERE id = ?",
                      {text_of(record), rules, run.id});
}

}  // namespace

Status rows_to_lean(Database& database) {
  if (Status made = database.script(kTables); !made) return made;
  std::vector<Run> runs;
  Status done = database.rows("SELECT id, record FROM run", {}, [&](const Row& row) -> Status {
    runs.push_back({row.text(0), row.text(1)});
    return {};
  });
  for (const Run& run : runs) {
    if (done) done = part_rules(database, run);
  }
  return done;
}

}  // namespace orch::store
