#pragma once
// The one way an event becomes durable: decided before, carried out after, and a failpoint on each
// side.
#include "orch/base/result.hpp"
#include "orch/core/engine.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>

namespace orch::app {

/// Stores the event with what follows from it in one transaction; the row's sequence number.
Result<std::int64_t> commit_event(store::Store& store, const std::string& run, const Event& event,
                                  const Decision& decision, const State& after, Time now);

}  // namespace orch::app
