#pragma once
// What a task is at, coarsely enough to tell afterwards where the time of a run went. Each change
// is stored with the event that made it.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/fact.hpp"
#include "orch/core/ids.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

struct State;
struct TaskRecord;

enum class Stage : std::uint8_t {
  Waiting,    ///< for another task, a file, a worker, a delay
  Preparing,  ///< its worktree is being made
  Working,    ///< its agent is at work
  Person,     ///< it goes on only when the user has done something
  Checking,   ///< what its agent left is looked at
  Reviewing,  ///< another agent looks at what it left
  Queued,     ///< for its turn to land
  Landing,    ///< it is being merged
  Testing,    ///< the merged tree is
  Ending,     ///< its attempt ends early
  Merged,
  Over,  ///< and not merged
  Unknown,
};

template <>
struct EnumNames<Stage> {
  /// What a stored word is that this version does not know.
  static constexpr Stage kUnknown = Stage::Unknown;
  static constexpr std::pair<Stage, std::string_view> kTable[] = {
      {Stage::Waiting, "waiting"}, {Stage::Preparing, "preparing"}, {Stage::Working, "working"},
      {Stage::Person, "person"},   {Stage::Checking, "checking"},   {Stage::Reviewing, "reviewing"},
      {Stage::Queued, "queued"},   {Stage::Landing, "landing"},     {Stage::Testing, "testing"},
      {Stage::Ending, "ending"},   {Stage::Merged, "merged"},       {Stage::Over, "over"},
      {Stage::Unknown, "unknown"}};
};

Stage stage_of(const State& state, const TaskRecord& task);

struct StageChange {
  TaskId task;
  Stage stage = Stage::Waiting;
  int worker = 0;  ///< 1..N that it has; 0: none

  ORCH_FIELDS(task, stage, worker)
  bool operator==(const StageChange&) const = default;
};

/// An event of the past, as far as a report on the run is concerned.
struct PastEvent {
  Time at{};
  std::int64_t wall_ms = 0;
  std::vector<StageChange> stages;
  std::vector<Fact> facts;

  bool operator==(const PastEvent&) const = default;
};

}  // namespace orch
