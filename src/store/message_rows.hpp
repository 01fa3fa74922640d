#pragma once
// Schema 5 kept the messages for an agent inside its record, and nothing of those that were over
// for long. Since schema 6 each has a row of its own in agent_message, next to what agents
// reported, and stays there; those that the run still goes by have a record as well.
#include "store/sqlite.hpp"

namespace orch::store {

struct StoredRun;

/// The rows of a run of schema 5 as schema 6 has them.
void part_messages(StoredRun& run);

/// The whole file.
Status messages_to_rows(Database& database);

}  // namespace orch::store
