// Reads the event log back.
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"
#include "store/impl.hpp"
#include "store/schema.hpp"

#include <algorithm>
#include <charconv>

namespace orch::store {

static Result<TraceRow> trace_row(const Row& row) {
  TraceRow trace{
      row.number(0), row.text(1), at_ms(row.number(2)), row.number(3), row.text(4), {}, 0};
  Result<std::vector<Fact>> facts = decode_facts(row.text(5));
  if (!facts) return passed_on(facts);
  trace.facts = std::move(*facts);
  const std::string hash = row.text(6);
  const char* end = hash.data() + hash.size();
  const auto [stop, code] = std::from_chars(hash.data(), end, trace.state_hash, 16);
  if (code == std::errc{} && stop == end) return trace;
  return fail(Fault::Corrupt, "'{}' is not a state hash", one_line(hash, 40));
}

Result<std::vector<TraceRow>> Store::trace(const std::string& run, std::int64_t after_seq,
                                           int limit) const {
  std::vector<TraceRow> rows;
  const Status read = impl_->database.rows(
      "SELECT seq, run, at_ms, wall_ms, event, facts, state_hash FROM execution_trace"
      " WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?",
      {run, after_seq, std::max(limit, 0)}, [&](const Row& row) -> Status {
        Result<TraceRow> trace = trace_row(row);
        if (!trace) return because(trace, fmt::format("event {}", row.number(0)));
        rows.push_back(std::move(*trace));
        return {};
      });
  if (!read) return passed_on(read);
  return rows;
}

Result<std::vector<TraceRow>> Store::last_trace(const std::string& run) const {
  std::int64_t last = 0;
  const Status read = impl_->database.rows("SELECT max(seq) FROM execution_trace WHERE run = ?",
                                           {run}, [&](const Row& row) -> Status {
                                             last = row.number(0);
                                             return {};
                                           });
  if (!read) return passed_on(read);
  return trace(run, last - 1, 1);
}

static Result<PastEvent> past_event(const Row& row) {
  PastEvent past{.at = at_ms(row.number(1)), .wall_ms = row.number(2), .stages = {}, .facts = {}};
  Result<std::vector<Fact>> facts = decode_facts(row.text(3));
  if (!facts) return passed_on(facts);
  past.facts = std::move(*facts);
  const std::string text = row.text(4);
  if (text.empty()) return past;
  Result<std::vector<StageChange>> stages = decode_stages(text);
  if (!stages) return passed_on(stages);
  past.stages = std::move(*stages);
  return past;
}

Result<std::vector<PastEvent>> Store::history(const std::string& run) const {
  const Result<int> version = schema_version(impl_->database);
  if (!version) return passed_on(version);
  // A reader may come before the first writer of this version.
  const std::string stages = *version < 5 ? "''" : "stages";
  std::vector<PastEvent> events;
  const Status read =
      impl_->database.rows("SELECT seq, at_ms, wall_ms, facts, " + stages +
                               " FROM execution_trace WHERE run = ? AND (facts <> '[]' OR " +
                               stages + " <> '') ORDER BY seq",
                           {run}, [&](const Row& row) -> Status {
                             Result<PastEvent> event = past_event(row);
                             if (!event)
                               return because(event, fmt::format("event {}", row.number(0)));
                             events.push_back(std::move(*event));
                             return {};
                           });
  if (!read) return passed_on(read);
  return events;
}

}  // namespace orch::store
