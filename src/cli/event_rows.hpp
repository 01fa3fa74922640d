#pragma once
// The events of a run, row by row and as lines.
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orch::cli {

using Rows = std::vector<store::TraceRow>;

/// All that was stored after `seq`, which moves on.
Result<Rows> rows_after(const store::Store& store, const std::string& run, std::int64_t& seq);
/// Each with its end of line; as JSON a line a row, otherwise a line a fact.
std::vector<std::string> event_lines(const Rows& rows, bool json);

}  // namespace orch::cli
