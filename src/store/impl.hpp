#pragma once
// The inside of a Store, shared by its files.
#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "store/write_cache.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace orch::store {

struct Store::Impl {
  Database database;
  WriteCache write_cache;
  bool synced = false;                      ///< PRAGMA synchronous is FULL, not NORMAL
  std::vector<ProcessId> ended_children{};  ///< still on record

  Status set_synced(bool wanted);
};

/// Opens, checks and migrates; see Store::open.
Result<Database> open_database(const std::filesystem::path& file, Access access);

/// Sets aside what has that name, if anything has, and makes a new one.
Result<Database> make_database_anew(const std::filesystem::path& file);

/// A run's rows as they lie in the file.
struct StoredRun {
  int version = 0;     ///< of their schema
  std::string record;  ///< empty: nothing was committed yet
  std::string rules;   ///< empty in schemas before 4, which have them in the record
  std::vector<std::string> tasks;
  std::vector<std::pair<AgentRunId, std::string>> agents;  ///< none in schemas before 3
  std::vector<std::string> messages;  ///< that are known to the run; none in schemas before 6
  std::vector<std::pair<EffectId, std::string>> effects;
};

/// Reads one instant of a run and compares it with the hash of its last commit, so that damage
/// which leaves the file readable is seen too: Fault::Corrupt.
Result<StoredRun> read_run(Database& database, const std::string& run);

/// The rows of a run, whatever their schema, with no look at their hash.
Status read_rows(Database& database, const std::string& run, StoredRun& stored);

/// The hash of what the rows of a run hold, and the one that its last commit wrote (empty: none).
Result<std::uint64_t> hash_of_rows(Database& database, const std::string& run);
Result<std::string> last_hash(Database& database, const std::string& run);

/// Calls `each` with the runs, newest first, at most `limit`.
Status read_runs(Database& database, const std::string& task_file, int limit,
                 const std::function<void(RunInfo)>& each);

}  // namespace orch::store
