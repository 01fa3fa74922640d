#pragma once
// Schema 3 kept the rules of a run in its record, which nearly every event writes, and each effect
// for ever. Since schema 4 the rules have a column of their own, the outbox holds only what is
// still to do, and the trace counts without a table for its last number: none of its rows is ever
// deleted.
#include "store/sqlite.hpp"

namespace orch::store {

/// The whole file.
Status rows_to_lean(Database& database);

}  // namespace orch::store
