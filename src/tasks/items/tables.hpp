#pragma once
// Tables of a Markdown text, cell by cell, and which of them list tasks.
#include "tasks/markdown/document.hpp"
#include "tasks/text/words.hpp"

#include <string_view>
#include <vector>

namespace orch::tasks {

struct Cell {
  std::string_view text;  ///< trimmed
  std::size_t offset = 0;
};

struct Row {
  int line = 0;
  std::vector<Cell> cells;
};

struct Table {
  int line = 0;  ///< of its header
  int section = -1;
  std::vector<FieldKind> columns;
  std::vector<Cell> header;
  std::vector<Row> rows;

  /// The first column of a kind; -1: none.
  int column(FieldKind kind) const;
  const Cell* cell(const Row& row, FieldKind kind) const;
};

/// All tables outside of code.
std::vector<Table> tables_of(const Document& document);

/// One row a task: a column for ids or titles, and one that only tasks have.
bool lists_tasks(const Table& table);

}  // namespace orch::tasks
