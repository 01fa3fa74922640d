#pragma once
// The list of tasks as lines: the names of its columns, and a row.
#include "dashboard/board.hpp"
#include "dashboard/layout.hpp"
#include "dashboard/line.hpp"

namespace orch::dashboard {

/// "####......": so much of it is done.
std::string bar_text(double progress, std::size_t columns);

Line names_line(const Columns& columns);
Line row_line(const Row& row, const Columns& columns, bool is_selected);

}  // namespace orch::dashboard
