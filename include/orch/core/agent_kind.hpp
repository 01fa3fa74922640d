#pragma once
// What is known of a kind of agent in a run: did one get to work, and may more be started?
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"

#include <optional>

namespace orch {

struct KindRecord {
  bool begun = false;           ///< one was seen at work, has reported or was done
  int failed_starts = 0;        ///< in a row
  Reason stopped;               ///< why no more are started; empty: they are
  std::optional<Time> started;  ///< when the last one was begun
  std::optional<Time> failed;   ///< when a turn of one ended in an error that passes by itself
  TaskId failed_task;           ///< whose
  /// Its service takes nothing at the moment: no agent is started or told to continue before.
  std::optional<Time> paused_until;
  Reason paused;                  ///< why
  bool is_away = false;           ///< for so long that others may go on with its tasks
  TaskId probe;                   ///< then this one alone, until it has had an answer
  std::optional<Time> probed_at;  ///< since when it tries

  ORCH_FIELDS(begun, failed_starts, stopped, started, failed, failed_task, paused_until, paused,
              is_away, probe, probed_at)
  bool operator==(const KindRecord&) const = default;
};

/// So many failed starts in a row stop a kind.
inline constexpr int kFailedStarts = 2;

}  // namespace orch
