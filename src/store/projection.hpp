#pragma once
// Rows for tasks, attempts, agents, effects and messages, from the core's values.
#include "orch/core/event.hpp"
#include "store/sqlite.hpp"
#include "store/write_cache.hpp"

#include <cstdint>
#include <string>

namespace orch::store {

/// The transaction that rows are written in.
struct Moment {
  const std::string& run;
  std::int64_t seq = 0;  ///< of its trace row
  std::int64_t wall_ms = 0;
};

/// "RUN/TASK/ATTEMPT": names an agent in agent_lifecycle for ever.
std::string agent_id(const std::string& run, const TaskId& task, int attempt);
/// "2026-11-21T04:03:12.345Z".
std::string utc_text(std::int64_t wall_ms);

Status write_changes(Database& database, const Moment& moment, const Changes& changes,
                     const RunRecord& run);
/// A row in agent_message when the event is a report; nothing otherwise.
Status write_report(Database& database, const Moment& moment, const Event& event);

}  // namespace orch::store
