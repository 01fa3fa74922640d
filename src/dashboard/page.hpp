#pragma once
// Texts of several lines in a part of the screen: the pane under the list, and a page.
#include "dashboard/line.hpp"
#include "dashboard/view.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace orch::dashboard {

/// From that line on, wrapped to the width; at most so many lines.
std::vector<Line> lines_from(const std::vector<std::string>& texts, std::size_t first,
                             std::size_t columns, std::size_t rows, bool is_diff = false);

/// The first line from which on the rest fits into so many rows.
std::size_t first_of_end(const std::vector<std::string>& texts, std::size_t columns,
                         std::size_t rows);

/// What the keys are.
std::vector<std::string> help_lines(bool is_home);

}  // namespace orch::dashboard
