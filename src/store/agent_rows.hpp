#pragma once
// Schema 2 kept the last attempt inside its task, with flags next to the state of a task that ends
// early or has landed in part, and of landings just whose turn it was. Since schema 3 an agent has
// a row of its own, a landing a record, and these are states.
#include "store/sqlite.hpp"

namespace orch::store {

struct StoredRun;

/// The rows of a run of schema 2 as schema 3 has them.
void part_agents(StoredRun& run);

/// The whole file.
Status agents_to_rows(Database& database);

}  // namespace orch::store
