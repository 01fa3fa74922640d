// Finds tables by their delimiter rows.
#include "tasks/items/tables.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/task_words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

bool is_delimiter(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

Row row_of(const Document& document, int number) {
  Row row{.line = number};
  const std::string_view line = document.line(number);
  const std::size_t base = document.outline().offset_of(line);
  std::size_t from = line.find_first_not_of(" \t");
  if (from == std::string_view::npos) return row;
  if (line[from] == '|') ++from;
  const std::string_view all = trim(line);
  const std::size_t end = static_cast<std::size_t>(all.data() - line.data()) + all.size();
  for (std::size_t at = from; at <= end; ++at) {
    const bool bar = at < end && line[at] == '|' && line[at - (at > 0 ? 1 : 0)] != '\\';
    if (!bar && at != end) continue;
    if (at == end && at == from) break;  // after the last bar
    const std::string_view text = line.substr(from, at - from);
    const std::string_view words = trim(text);
    const std::size_t lead =
        words.empty() ? 0 : static_cast<std::size_t>(words.data() - text.data());
    row.cells.push_back({words, base + from + lead});
    from = at + 1;
  }
  return row;
}

/// A column that holds nothing but ticks or shares.
bool is_tick_column(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames{"progress", "done",     "done?", "completed",
                                                    "complete", "erledigt", "fait",  "hecho",
                                                    "feito",    "готово",   "完成"};
  return std::ranges::find(kNames, name) != kNames.end();
}

FieldKind kind_of_column(std::string_view title) {
  if (title == "#") return FieldKind::Id;
  const std::string name = folded(title);
  if (is_tick_column(name)) return FieldKind::Status;
  const FieldKind kind = field_kind(title);
  if (kind == FieldKind::Creates || kind == FieldKind::Modifies) return FieldKind::Files;
  return kind;
}

/// Do most cells of a column pass the test?
template <class Test>
bool most_cells(const Table& table, std::size_t column, Test test) {
  const auto fit = std::ranges::count_if(table.rows, [&](const Row& row) {
    return column < row.cells.size() && test(row.cells[column].text);
  });
  return fit > 0 && 2 * fit >= static_cast<std::ptrdiff_t>(table.rows.size());
}

/// What the header leaves open: ids under "Task" next to a "Description", boxes under nothing.
void settle_columns(Table& table) {
  std::vector<FieldKind>& columns = table.columns;
  constexpr std::size_t kMost = 64;  // each looks at all rows
  for (std::size_t i = 0; i < std::min(columns.size(), kMost); ++i) {
    const bool boxes =
        table.header[i].text.empty() && table.column(FieldKind::Status) < 0 &&
        most_cells(table, i, [](std::string_view cell) { return box_mark_at(cell).has_value(); });
    if (boxes) columns[i] = FieldKind::Status;
  }
  const int first = table.column(FieldKind::Title);
  const bool two = std::ranges::count(columns, FieldKind::Title) > 1;
  if (!two || table.column(FieldKind::Id) >= 0) return;
  const auto is_id = [](std::string_view cell) {
    const TaskWords words = task_words(cell);
    return words.style != IdStyle::None && words.style != IdStyle::Label && words.title == words.id;
  };
  const auto column = static_cast<std::size_t>(first);
  if (most_cells(table, column, is_id)) columns[column] = FieldKind::Id;
}

/// Do most rows begin with ids such as `API-3`?
bool has_task_ids(const Table& table) {
  const int column = table.column(FieldKind::Id);
  return most_cells(table, static_cast<std::size_t>(column), [](std::string_view cell) {
    const IdStyle style = task_words(cell).style;
    return style == IdStyle::Bare || style == IdStyle::Strong;
  });
}

}  // namespace

int Table::column(FieldKind kind) const {
  const auto found = std::ranges::find(columns, kind);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

const Cell* Table::cell(const Row& row, FieldKind kind) const {
  const int index = column(kind);
  if (index < 0 || static_cast<std::size_t>(index) >= row.cells.size()) return nullptr;
  return &row.cells[static_cast<std::size_t>(index)];
}

std::vector<Table> tables_of(const Document& document) {
  std::vector<Table> tables;
  for (int line = 2; line <= document.line_count(); ++line) {
    if (!is_delimiter(document.line(line)) || document.is_literal(line)) continue;
    if (document.line(line - 1).find('|') == std::string_view::npos) continue;
    Table table{.line = line - 1, .section = document.section_at(line - 1)};
    table.header = row_of(document, line - 1).cells;
    for (const Cell& cell : table.header)
      table.columns.push_back(kind_of_column(cell.text));
    int row = line + 1;
    for (; row <= document.line_count(); ++row) {
      const std::string_view text = document.line(row);
      if (document.is_literal(row) || text.find('|') == std::string_view::npos) break;
      if (!is_delimiter(text)) table.rows.push_back(row_of(document, row));
    }
    line = row - 1;
    settle_columns(table);
    tables.push_back(std::move(table));
  }
  return tables;
}

bool lists_tasks(const Table& table) {
  const bool id = table.column(FieldKind::Id) >= 0;
  const bool title = table.column(FieldKind::Title) >= 0;
  const bool status = table.column(FieldKind::Status) >= 0;
  const bool depends = table.column(FieldKind::Depends) >= 0;
  const bool priority = table.column(FieldKind::Priority) >= 0;
  const int told = (status ? 1 : 0) + (depends ? 1 : 0) + (priority ? 1 : 0);
  if (table.rows.empty() || (!id && !title)) return false;
  if (told == 0) {
    const bool plans = table.column(FieldKind::Effort) >= 0 || table.column(FieldKind::Files) >= 0;
    return plans && id && title && has_task_ids(table);
  }
  if (id && (title || depends)) return true;
  const int names = table.column(id ? FieldKind::Id : FieldKind::Title);
  const auto with_id = std::ranges::count_if(table.rows, [names](const Row& row) {
    if (row.cells.size() <= static_cast<std::size_t>(names)) return false;
    std::string_view text = row.cells[static_cast<std::size_t>(names)].text;
    const std::optional<BoxMark> box = box_mark_at(text);
    if (box) return true;
    const IdStyle style = task_words(text).style;
    return style != IdStyle::None && style != IdStyle::Label;
  });
  if (2 * with_id >= static_cast<std::ptrdiff_t>(table.rows.size())) return true;
  return title && told >= 2;
}

}  // namespace orch::tasks
