// Results of tests, gates and reviews that can be used again, and what each command took.
#include "store/impl.hpp"
#include "store/schema.hpp"

namespace orch::store {

namespace {

Status insert_result(Database& database, const std::string& key, const std::string& tree,
                     const GateResult& result) {
  return database.run(
      "INSERT OR REPLACE INTO gate_result(key, run, tree, passed, why, log, gate, reds,"
      " exit_status, duration_ms) VALUES(?,?,?,?,?,?,?,?,?,?)",
      {key, result.run, tree, result.passed ? 1 : 0, result.why, result.log, result.gate,
       result.reds, result.status, result.took.count()});
}

Status insert_run(Database& database, const std::string& key, const std::string& run,
                  const GateRun& done) {
  return database.run(
      "INSERT INTO gate_run(run, task_id, key, gate, command, outcome, exit_status, duration_ms,"
      " log) VALUES(?,?,?,?,?,?,?,?,?)",
      {run, done.task.value, key, done.gate, done.command, to_text(done.end), done.status,
       done.took.count(), done.log});
}

}  // namespace

Status Store::save_gate(const std::string& key, const std::string& tree, const GateResult& result,
                        const std::vector<GateRun>& commands) {
  return impl_->database.atomically(Lock::Write, [&] {
    Status saved = insert_result(impl_->database, key, tree, result);
    for (const GateRun& done : commands)
      if (saved) saved = insert_run(impl_->database, key, result.run, done);
    return saved;
  });
}

Result<std::optional<GateResult>> Store::gate(const std::string& key) const {
  std::optional<GateResult> result;
  const Status read = impl_->database.rows(
      "SELECT run, passed, why, gate, log, reds, exit_status, duration_ms FROM gate_result"
      " WHERE key = ?",
      {key}, [&](const Row& row) -> Status {
        result = GateResult{.run = row.text(0),
                            .passed = row.number(1) != 0,
                            .why = row.text(2),
                            .gate = row.text(3),
                            .log = row.text(4),
                            .reds = static_cast<int>(row.number(5)),
                            .status = static_cast<int>(row.number(6)),
                            .took = Span(row.number(7))};
        return {};
      });
  if (!read) return passed_on(read);
  return result;
}

Result<std::vector<GateRun>> Store::gate_runs(const std::string& run) const {
  const Result<int> version = schema_version(impl_->database);
  if (!version) return passed_on(version);
  std::vector<GateRun> all;
  // A reader may come before the first writer of this version.
  if (*version < 7) return all;
  const Status read = impl_->database.rows(
      "SELECT task_id, gate, command, outcome, exit_status, duration_ms, log FROM gate_run"
      " WHERE run = ? ORDER BY number",
      {run}, [&](const Row& row) -> Status {
        all.push_back({.task = TaskId{row.text(0)},
                       .gate = row.text(1),
                       .command = row.text(2),
                       .end = from_text<GateEnd>(row.text(3)).value_or(GateEnd::NotStarted),
                       .status = static_cast<int>(row.number(4)),
                       .took = Span(row.number(5)),
                       .log = row.text(6)});
        return {};
      });
  if (!read) return passed_on(read);
  return all;
}

// A review says nothing about a tree, so it has none: `verify` does not take it for a test.
Status Store::save_review(const std::string& key, const GateResult& answer) {
  return insert_result(impl_->database, key, {}, answer);
}

Result<std::optional<std::string>> Store::review(const std::string& key) const {
  const Result<std::optional<GateResult>> answer = gate(key);
  if (!answer) return passed_on(answer);
  if (!*answer) return std::nullopt;
  return (*answer)->why;
}

Result<std::set<std::string>> Store::green_trees() const {
  std::set<std::string> trees;
  const Status read = impl_->database.rows("SELECT DISTINCT tree FROM gate_result WHERE passed = 1",
                                           {}, [&](const Row& row) -> Status {
                                             trees.insert(row.text(0));
                                             return {};
                                           });
  if (!read) return passed_on(read);
  return trees;
}

}  // namespace orch::store
