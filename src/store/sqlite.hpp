#pragma once
// SQLite's C interface with owners, bound values and Results; knows nothing of our tables.
#include "orch/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace orch::store {

/// What is bound to a `?`. Text is not copied: it must live until the call returns.
using Value = std::variant<std::int64_t, std::string_view>;
using Values = std::initializer_list<Value>;

/// The row a statement stands on; valid inside the callback it is handed to.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  int columns() const;
  std::int64_t number(int column) const;
  std::string text(int column) const;

 private:
  sqlite3_stmt* statement_;
};

enum class Lock { Read, Write };

class Database {
 public:
  /// Opens an existing file. A locked one is waited for up to 5 seconds in every later call.
  static Result<Database> open(const std::filesystem::path& file, Lock lock);

  const std::filesystem::path& file() const { return file_; }

  /// Several statements without values, not kept prepared.
  Status script(const std::string& sql);
  /// One statement; `sql` must be a literal, as each text stays prepared for ever.
  Status run(std::string_view sql, Values values = {});
  /// One statement, `each` called for every row until it fails; it must not run the same `sql`.
  Status rows(std::string_view sql, Values values, const std::function<Status(const Row&)>& each);
  /// All of `work` or nothing of it. `Lock::Read`: everything read is of one instant.
  Status atomically(Lock lock, const std::function<Status()>& work);

  /// Where another program has the file locked, `work` fails at once instead of waiting.
  Status without_waiting(const std::function<Status()>& work);

  /// Rows that the last statement changed, and the key of the last one inserted.
  std::int64_t changed_rows() const;
  std::int64_t last_key() const;

  /// Off at first, so that looking at a file does not change it: the last one to close a database
  /// else moves what is in its log into the file.
  void checkpoint_on_close(bool on);

 private:
  struct Closed {
    void operator()(sqlite3* handle) const;
  };

  struct Finalized {
    void operator()(sqlite3_stmt* statement) const;
  };

  Database(std::filesystem::path file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}

  Result<sqlite3_stmt*> prepared(std::string_view sql);
  Failure failure(int code) const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Closed> handle_;
  // After the handle, so that statements go first.
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalized>, std::less<>> statements_;
};

}  // namespace orch::store
