// The list of tasks as lines.
#include "dashboard/list_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orch::dashboard {
namespace {

constexpr std::string_view kBetween = "  ";

/// A column that there is, and the gap after it.
void add_column(Line& line, std::string_view text, std::size_t columns, Style style = {}) {
  if (columns == 0) return;
  add_cell(line, text, columns, style);
  add(line, kBetween);
}

std::string percent_text(double progress) {
  return progress > 0 ? fmt::format("{:.0f}%", std::floor(progress * 100)) : std::string();
}

std::string joined(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return first + second;
  return first + "; " + second;
}

/// Of an agent at work the last that it printed says more than why it is at work.
std::string what_of(const Row& row, bool has_title) {
  std::string text = row.last_line.empty() ? row.why : row.last_line;
  text = joined(row.relation, text);
  return text.empty() && !has_title ? row.title : text;
}

void reverse(Line& line) {
  for (Part& part : line)
    part.style = {.reverse = true};
}

}  // namespace

std::string bar_text(double progress, std::size_t columns) {
  const double part = std::clamp(progress, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(std::floor(part * static_cast<double>(columns)));
  return std::string(full, '#') + std::string(columns - full, '.');
}

Line names_line(const Columns& columns) {
  Line line;
  add(line, kBetween, kDim);
  add_column(line, "task", columns.id, kDim);
  add_column(line, "state", columns.state, kDim);
  add_column(line, "worker", columns.worker, kDim);
  add_column(line, "agent", columns.agent, kDim);
  add_column(line, "progress", columns.bar, kDim);
  add_column(line, columns.bar > 0 ? "" : "done", columns.percent, kDim);
  add_column(line, "time", columns.elapsed, kDim);
  add_column(line, "used", columns.used, kDim);
  add_column(line, "title", columns.title, kDim);
  add_cell(line, "", columns.what);
  return line;
}

Line row_line(const Row& row, const Columns& columns, bool is_selected) {
  const Style state{.ink = row.ink, .dim = row.ink == Ink::Default};
  Line line;
  add_cell(line, row.mark, 1, state);
  add(line, " ");
  add_column(line, row.id.value, columns.id, kBold);
  add_column(line, row.state, columns.state, state);
  add_column(line, row.worker, columns.worker);
  add_column(line, row.agent, columns.agent, row.agent == "asking" ? kCalls : Style{});
  const bool has_bar = row.progress > 0;
  add_column(line, has_bar ? bar_text(row.progress, columns.bar) : "", columns.bar,
             {.ink = Ink::Cyan});
  add_column(line, percent_text(row.progress), columns.percent);
  add_column(line, row.elapsed, columns.elapsed, kDim);
  add_column(line, row.used, columns.used, kDim);
  add_column(line, row.title, columns.title);
  add_cell(line, what_of(row, columns.title > 0), columns.what, columns.title > 0 ? kDim : Style{});
  if (is_selected) reverse(line);
  return line;
}

}  // namespace orch::dashboard
