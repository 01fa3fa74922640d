#pragma once
// What is stored of a run, as the dashboard reads it: the run, who needs the user, and a row for
// each task, which is made when it is shown.
#include "dashboard/line.hpp"
#include "orch/core/state.hpp"
#include "orch/core/waiting.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orch::dashboard {

/// What is known of a run besides its state.
struct Sight {
  std::string run;
  bool supervisor_alive = true;
  std::string dead_since;              ///< a local time; empty: it is not dead
  std::vector<std::string> events{};   ///< lines, the oldest first
  std::vector<std::string> summary{};  ///< lines; empty: the run is not over
};

/// What changes without anything being stored.
struct Moment {
  Time now{};
  std::map<TaskId, std::string> last_lines{};  ///< that agents have printed
};

struct Board {
  /// What the run's rows are made of; neither is ever null in what board_of() returns.
  std::shared_ptr<const State> state;
  std::shared_ptr<const WaitingReasons> reasons;
  Sight sight;
  std::string headline;                    ///< "7/12 merged, 3 running"
  std::vector<std::string> notices;        ///< about the run, not about a task
  std::vector<std::size_t> needs;          ///< places of the tasks that need the user
  std::map<TaskId, std::size_t> in_queue;  ///< from 1: when it lands
  int merged = 0;                          ///< of those that the run is for
  int total = 0;
  /// How wide columns of the list are at most; 0: no task has anything in them.
  std::size_t id_columns = 0;
  std::size_t worker_columns = 0;
  std::size_t used_columns = 0;

  const TaskRecord& task(std::size_t place) const { return state->tasks[place]; }
};

Board board_of(State state, Sight sight);

/// A task as its row shows it. Texts are untrusted, and made safe when they are put into a line.
struct Row {
  TaskId id;
  std::string title;
  std::string mark;
  Ink ink = Ink::Default;
  std::string state;
  std::string worker;    ///< "2 claude"; empty: none
  std::string agent;     ///< what it is at: "busy"; empty: nothing
  double progress = 0;   ///< 0 to 1, as its agent says; 0: it has said nothing
  std::string elapsed;   ///< of the attempt under way, or that was worked in all
  std::string used;      ///< cost or tokens, where that is known
  std::string relation;  ///< "queue 2", "conflicts T4"; empty: none
  std::string why;
  std::string last_line;
};

Row row_of(const Board& board, const Moment& moment, std::size_t place);

/// "2 claude": the worker and the kind of its agent; empty: it has none.
std::string worker_text(const TaskRecord& task, const AgentRun& agent);

/// Why the task needs the user, and what it asks: a sentence.
std::string need_of(const Board& board, std::size_t place);

/// What there is to know of a task, as lines of "label: text".
std::vector<std::string> details_of(const Board& board, const Moment& moment, std::size_t place);

/// "42s", "3m 20s", "1h 02m": beyond a minute it changes once in ten seconds.
std::string elapsed_text(Span span);

/// How long the run still takes if it goes on as it did; nothing: too little has landed to say, or
/// what is left waits for the user.
std::optional<Span> time_left(const Board& board, Time now);

}  // namespace orch::dashboard
