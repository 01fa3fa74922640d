#pragma once
// Short texts for people: marks and colours of states, event lines, the status segment,
// progress.txt.
#include "orch/core/engine.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch::ui {

/// One character for a state: in window names and tables.
std::string_view state_mark(const State& state, const TaskRecord& task);
/// A tmux colour name for it.
std::string_view state_colour(const State& state, const TaskRecord& task);
/// The same as an SGR sequence, or "" when `colour` is false.
std::string_view state_sgr(const State& state, const TaskRecord& task, bool colour);

/// "7/12 merged, 3 running, 1 needs you": the status line's segment.
std::string status_segment(const State& state);
/// Every task on a line, under the segment: what progress.txt holds.
std::string progress_text(const State& state);
/// "04:03:12 T3 merged": one fact, escaped, at a local time.
std::string event_line(const Fact& fact, std::int64_t wall_ms);
/// The facts as a list for programs: kind, task, and text and reason, the same as a sentence and as
/// a word.
std::string facts_json(const std::vector<Fact>& facts);
/// Does it begin to need the user?
bool calls_user(const Fact& fact);
/// Is the fact worth a line in `up --foreground`? Progress of agents is not.
bool is_event_line(const Fact& fact);

}  // namespace orch::ui
