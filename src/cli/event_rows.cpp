// The events of a run, row by row and as lines.
#include "cli/event_rows.hpp"

#include "ui/lines.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

constexpr int kRowsAtOnce = 1000;

std::string event_json(const store::TraceRow& row) {
  return fmt::format(
      "{{\"schema\":1,\"seq\":{},\"run\":\"{}\",\"at_ms\":{},\"wall_ms\":{},"
      "\"facts\":{}}}\n",
      row.seq, row.run, to_ms(row.at), row.wall_ms, ui::facts_json(row.facts));
}

}  // namespace

Result<Rows> rows_after(const store::Store& store, const std::string& run, std::int64_t& seq) {
  Rows all;
  while (true) {
    const Result<Rows> rows = store.trace(run, seq, kRowsAtOnce);
    if (!rows) return rows;
    if (!rows->empty()) seq = rows->back().seq;
    all.insert(all.end(), rows->begin(), rows->end());
    if (rows->size() < kRowsAtOnce) return all;
  }
}

std::vector<std::string> event_lines(const Rows& rows, bool json) {
  std::vector<std::string> lines;
  for (const store::TraceRow& row : rows) {
    if (json) {
      lines.push_back(event_json(row));
      continue;
    }
    for (const Fact& fact : row.facts)
      lines.push_back(ui::event_line(fact, row.wall_ms) + "\n");
  }
  return lines;
}

}  // namespace orch::cli
