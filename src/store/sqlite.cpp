// Opens, binds, steps and closes; every failure becomes an Error with SQLite's own text.
#include "store/sqlite.hpp"

#include "orch/base/variant.hpp"

#include <sqlite3.h>

#include <cstring>
#include <utility>

namespace orch::store {

namespace {

constexpr int kBusyTimeoutMs = 5'000;

Fault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return Fault::Full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return Fault::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Fault::Corrupt;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: return Fault::Io;
    default: return Fault::Internal;
  }
}

std::string hint_for(Fault fault) {
  if (fault == Fault::Full) return "make room on the disk; what was stored before is kept";
  if (fault == Fault::Busy) return "another program holds the database; close it and try again";
  return {};
}

/// Makes a kept statement ready for its next use, and lets go of what was bound.
struct Reset {
  sqlite3_stmt* statement;

  explicit Reset(sqlite3_stmt* used) : statement(used) {}

  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

int bind(sqlite3_stmt* statement, int place, const Value& value) {
  return std::visit(
      Overloaded{[&](std::int64_t number) { return sqlite3_bind_int64(statement, place, number); },
                 [&](std::string_view text) {
                   // A null pointer would be NULL, not the empty text.
                   const char* bytes = text.data() != nullptr ? text.data() : "";
                   return sqlite3_bind_text64(statement, place, bytes, text.size(), nullptr,
                                              SQLITE_UTF8);
                 }},
      value);
}

}  // namespace

int Row::columns() const {
  return sqlite3_column_count(statement_);
}

std::int64_t Row::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Row::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Database::Closed::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void Database::Finalized::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<Database> Database::open(const std::filesystem::path& file, Lock lock) {
  const int access = lock == Lock::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle,
                                   access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database database(file, handle);
  if (code != SQLITE_OK) return database.failure(code);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  database.checkpoint_on_close(false);
  return database;
}

Failure Database::failure(int code) const {
  const Fault fault = fault_of(code);
  std::string text = sqlite3_errmsg(handle_.get());
  const int system_error = fault == Fault::Io ? sqlite3_system_errno(handle_.get()) : 0;
  if (system_error != 0) text += fmt::format(" ({})", std::strerror(system_error));
  return hinted(fail(fault, "{}: {}", file_.native(), text), hint_for(fault));
}

Status Database::script(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

Result<sqlite3_stmt*> Database::prepared(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    return found->second.get();
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(code);
  statements_.emplace(sql, statement);
  return statement;
}

Status Database::run(std::string_view sql, Values values) {
  return rows(sql, values, [](const Row&) { return Status(); });
}

Status Database::rows(std::string_view sql, Values values,
                      const std::function<Status(const Row&)>& each) {
  const Result<sqlite3_stmt*> statement = prepared(sql);
  if (!statement) return passed_on(statement);
  const Reset at_end(*statement);
  int place = 0;
  for (const Value& value : values) {
    const int code = bind(*statement, ++place, value);
    if (code != SQLITE_OK) return failure(code);
  }
  for (;;) {
    const int code = sqlite3_step(*statement);
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return failure(code);
    if (Status taken = each(Row(*statement)); !taken) return taken;
  }
}

Status Database::atomically(Lock lock, const std::function<Status()>& work) {
  if (Status begun = run(lock == Lock::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun) return begun;
  Status done = work();
  if (done) done = run("COMMIT");
  // SQLite has rolled back by itself after some errors; then there is nothing left to do.
  if (!done && sqlite3_get_autocommit(handle_.get()) == 0) (void)script("ROLLBACK");
  return done;
}

Status Database::without_waiting(const std::function<Status()>& work) {
  sqlite3_busy_timeout(handle_.get(), 0);
  Status done = work();
  sqlite3_busy_timeout(handle_.get(), kBusyTimeoutMs);
  return done;
}

std::int64_t Database::changed_rows() const {
  return sqlite3_changes64(handle_.get());
}

std::int64_t Database::last_key() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

void Database::checkpoint_on_close(bool on) {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

}  // namespace orch::store
