#pragma once
// The tables, and how an older file gets them.
#include "store/sqlite.hpp"

namespace orch::store {

struct StoredRun;

/// PRAGMA user_version of the files this program writes.
inline constexpr int kSchemaVersion = 7;

/// 0: a file without tables of ours. Fault::TooNew when a newer program wrote it.
Result<int> schema_version(Database& database);
/// Brings the file from `version` to kSchemaVersion, or leaves it as it was.
Status migrate(Database& database, int version);
/// The rows as kSchemaVersion has them: for a reader, who does not migrate.
void upgrade(StoredRun& run);

}  // namespace orch::store
