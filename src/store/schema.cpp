// One step for each version of the schema; the first makes everything.
#include "store/schema.hpp"

#include "store/agent_rows.hpp"
#include "store/enum_words.hpp"
#include "store/impl.hpp"
#include "store/lean_rows.hpp"
#include "store/message_rows.hpp"
#include "store/rewrite.hpp"

#include <array>
#include <string>
#include <vector>

namespace orch::store {

namespace {

// agent_lifecycle, orchestrator_task, specs_task and task_dependency are for other programs and for
// people with an sqlite3 shell: they may select from them, put rows of their own into
// orchestrator_task, and update heartbeats. Nothing is ever read back from them, but for what
// agents use (resource_usage), which is only shown. A moment is text like 2026-11-21T04:03:12.345Z
// there, but somebody else may write it in another way: hence ANY. The two views show the newest
// run only, as task ids are unique within a run and no further.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE run(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task_file TEXT NOT NULL,
  repository TEXT NOT NULL,
  integration TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  clock_offset_ms INTEGER NOT NULL,
  created_wall_ms INTEGER NOT NULL,
  phase TEXT NOT NULL DEFAULT '',
  record TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE task_record(
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run(id),
  place INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  why TEXT NOT NULL,
  record TEXT NOT NULL,
  UNIQUE(run, task_id)
) STRICT;

CREATE TABLE task_need(
  run TEXT NOT NULL,
  task_id TEXT NOT NULL,
  needs TEXT NOT NULL,
  PRIMARY KEY(run, task_id, needs),
  FOREIGN KEY(run, task_id) REFERENCES task_record(run, task_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE VIEW specs_task AS
  SELECT task_id, run AS spec_id, place, title, status, why, record FROM task_record
  WHERE run = (SELECT run FROM execution_trace ORDER BY seq DESC LIMIT 1);

CREATE VIEW task_dependency AS
  SELECT task_id AS from_task_id, needs AS to_task_id, run AS spec_id FROM task_need
  WHERE run = (SELECT run FROM execution_trace ORDER BY seq DESC LIMIT 1);

CREATE TABLE orchestrator_task(
  number INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  assigned_agent TEXT,
  worktree_path TEXT,
  branch_name TEXT,
  status TEXT,
  created_at ANY,
  run TEXT NOT NULL DEFAULT '',
  attempt INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX orchestrator_task_of_run
  ON orchestrator_task(run, task_id, attempt) WHERE run <> '';

CREATE TABLE agent_lifecycle(
  agent_id TEXT PRIMARY KEY,
  agent_type TEXT,
  status TEXT,
  pid INTEGER,
  started_at ANY,
  last_heartbeat ANY,
  resource_usage TEXT,
  run TEXT NOT NULL DEFAULT '',
  task_id TEXT NOT NULL DEFAULT '',
  attempt INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX agent_lifecycle_by_status ON agent_lifecycle(status);

CREATE TABLE agent_message(
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run(id),
  message_id TEXT NOT NULL,
  from_agent TEXT NOT NULL,
  to_agent TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at ANY,
  UNIQUE(run, message_id)
) STRICT;

CREATE TABLE effect(
  run TEXT NOT NULL REFERENCES run(id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  task_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('pending', 'done')),
  created_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(run, id)
) STRICT;
CREATE INDEX effect_pending ON effect(run, id) WHERE state = 'pending';

CREATE TABLE execution_trace(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES run(id),
  at_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event TEXT NOT NULL,
  facts TEXT NOT NULL,
  state_hash TEXT NOT NULL
) STRICT;
CREATE INDEX execution_trace_of_run ON execution_trace(run);

CREATE TABLE gate_result(
  key TEXT PRIMARY KEY,
  run TEXT NOT NULL,
  tree TEXT NOT NULL,
  passed INTEGER NOT NULL,
  why TEXT NOT NULL,
  log TEXT NOT NULL
) STRICT;

CREATE TABLE child(
  pid INTEGER NOT NULL,
  start_ticks INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY(pid, start_ticks, boot_id)
) STRICT, WITHOUT ROWID;
)sql";

Status make_tables(Database& database) {
  return database.script(kVersion1);
}

/// Where the time of a run went was not stored before schema 5.
Status add_stages(Database& database) {
  return database.script("ALTER TABLE execution_trace ADD COLUMN stages TEXT NOT NULL DEFAULT ''");
}

/// What tests took, and how their commands ended, was not stored before schema 7: of an older
/// result that is not known.
Status add_gate_runs(Database& database) {
  return database.script(R"sql(
ALTER TABLE gate_result ADD COLUMN gate TEXT NOT NULL DEFAULT '';
ALTER TABLE gate_result ADD COLUMN reds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gate_result ADD COLUMN exit_status INTEGER;
ALTER TABLE gate_result ADD COLUMN duration_ms INTEGER;

CREATE TABLE gate_run(
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  task_id TEXT NOT NULL,
  key TEXT NOT NULL,
  gate TEXT NOT NULL,
  command TEXT NOT NULL,
  outcome TEXT NOT NULL,
  exit_status INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  log TEXT NOT NULL
) STRICT;
CREATE INDEX gate_run_of_run ON gate_run(run);
)sql");
}

constexpr std::array<Status (*)(Database&), kSchemaVersion> kMigrations{
    make_tables, numbers_to_words, agents_to_rows, rows_to_lean,
    add_stages,  messages_to_rows, add_gate_runs};

/// The hash of each run's last commit is brought up to date, except where it was wrong before: such
/// a run is as damaged afterwards as it was.
Status take_step(Database& database, int version) {
  Result<std::vector<std::string>> whole;
  if (version > 0) whole = whole_runs(database);
  if (!whole) return passed_on(whole);
  Status done = kMigrations.at(static_cast<std::size_t>(version))(database);
  if (done) done = database.script(fmt::format("PRAGMA user_version = {}", version + 1));
  for (const std::string& run : *whole) {
    if (done) done = renew_hash(database, run);
  }
  return done;
}

}  // namespace

Result<int> schema_version(Database& database) {
  int version = 0;
  const Status asked = database.rows("PRAGMA user_version", {}, [&](const Row& row) -> Status {
    version = static_cast<int>(row.number(0));
    return {};
  });
  if (!asked) return passed_on(asked);
  if (version > kSchemaVersion) {
    return hinted(
        fail(Fault::TooNew, "{} was written by a newer tmux-orch (schema {}, this one knows {})",
             database.file().filename().native(), version, kSchemaVersion),
        "use that version, or move " + database.file().native() + " away to begin anew");
  }
  if (version < 0) {
    return fail(Fault::Corrupt, "{}: schema {} never existed", database.file().native(), version);
  }
  return version;
}

static Status must_be_empty(Database& database) {
  return database.rows("SELECT name FROM sqlite_schema LIMIT 1", {}, [&](const Row& row) -> Status {
    return fail(Fault::Corrupt, "{}: has a table '{}' but no schema number",
                database.file().native(), row.text(0));
  });
}

Status migrate(Database& database, int version) {
  if (version == kSchemaVersion) return {};
  return database.atomically(Lock::Write, [&]() -> Status {
    if (version == 0) {
      if (Status empty = must_be_empty(database); !empty) return empty;
    }
    for (int step = version; step < kSchemaVersion; ++step) {
      Status taken = take_step(database, step);
      // Its tables are not those of the version that it says it has.
      if (!taken && taken.error().fault == Fault::Internal) taken.error().fault = Fault::Corrupt;
      if (!taken) return taken;
    }
    return {};
  });
}

void upgrade(StoredRun& run) {
  if (run.version < 2) {
    run.record = in_words(run.record);
    for (std::string& task : run.tasks)
      task = in_words(task);
  }
  if (run.version < 3) part_agents(run);
  if (run.version < 6) part_messages(run);
}

}  // namespace orch::store
