#pragma once
// What the file holds of the run being written, as hashes: so that a commit encodes and writes only
// what changed, and has the hash of the whole state at the price of the changed parts.
//
// The hash of a state is the XOR of one FNV-1a number for each of its parts:
//   the run              "run" NUL encode(run)
//   its rules            "rules" NUL encode(rules)
//   each task            "task" NUL id NUL encode(task)
//   each agent           "agent" NUL to_string(id) NUL encode(agent)
//   each message         "message" NUL to_string(number) NUL encode(message)
//   each outbox entry    "effect" NUL to_string(id) NUL encode(entry)
// It is the same number as state_hash() in core/codec, and each part can be taken out and put back
// alone. The parts are what the rows hold, so a reader can check the rows against the last hash.
#include "orch/core/decision.hpp"
#include "orch/core/event.hpp"
#include "orch/core/stage.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orch::store {

std::uint64_t part_hash(std::string_view kind, std::string_view key, std::string_view text);

struct TaskChange {
  const TaskRecord* task = nullptr;
  const AgentRun* agent = nullptr;  ///< of its last attempt; an empty one if there was none
  std::int64_t place = 0;           ///< in file order, from 0
  std::string text;                 ///< encoded
  bool needs_changed = false;
};

struct AgentChange {
  const AgentRun* agent = nullptr;
  const TaskRecord* task = nullptr;  ///< whose it is
  std::string text;                  ///< encoded
};

struct MessageChange {
  const Message* message = nullptr;
  std::string text;  ///< encoded
};

struct EffectBegun {
  EffectId id = 0;
  const Effect* effect = nullptr;
  std::string text;  ///< encoded
};

/// What must be written for the file to hold a new state. Points into that state.
struct Changes {
  bool whole = false;  ///< all tasks and the whole outbox, in place of what is there
  std::string run;     ///< encoded; empty: as it was
  std::string rules;   ///< likewise
  std::vector<TaskChange> tasks;
  std::vector<AgentChange> agents;
  std::vector<AgentRunId> agents_gone;
  std::vector<MessageChange> messages;
  std::vector<MessageNumber> messages_gone;  ///< not known any more: what is stored stays
  std::vector<EffectBegun> begun;            ///< or to be tried again
  std::vector<EffectId> ended;
  std::vector<StageChange> stages;  ///< of the tasks that are at another one
  std::uint64_t state_hash = 0;
};

class WriteCache {
 public:
  /// From what it knows to `after`, which it knows from then on. `decision` names the tasks and
  /// agents that may differ; of the outbox the numbers and retries are compared. A run it does not
  /// know (the first commit of a process, or the one after a failed one) is written as a whole.
  Changes advance(const std::string& run, const Event& event, const Decision& decision,
                  const State& after);

 private:
  struct Known {
    std::int64_t place = 0;
    std::uint64_t hash = 0;
    std::uint64_t needs = 0;
    StageChange stage{};  ///< of no task: not known
  };

  /// An effect in the outbox never changes, only what it is retried for.
  struct KnownEffect {
    Retry retry;
    std::uint64_t hash = 0;
  };

  bool must_write_all(const std::string& run, const Event& event, const std::set<TaskId>& changed,
                      const State& after) const;
  void add_run(const RunRecord& run, Changes& changes);
  void add_rules(const Rules& rules, Changes& changes);
  void add_task(const TaskRecord& task, const State& after, std::int64_t place, Changes& changes);
  void add_agent(AgentRunId id, const State& after, Changes& changes);
  void add_message(MessageNumber number, const State& after, Changes& changes);
  void add_effects(const PendingEffects& pending, Changes& changes);
  void add_stage(const TaskRecord& task, const State& after, Changes& changes);
  void add_stages(const Decision& decision, const State& after, Changes& changes);

  std::string run_;
  std::uint64_t run_hash_ = 0;
  std::optional<Rules> rules_;  ///< compared, as that costs less than to encode them
  std::uint64_t rules_hash_ = 0;
  std::map<TaskId, Known> tasks_;
  std::map<AgentRunId, std::uint64_t> agents_;
  std::map<MessageNumber, std::uint64_t> messages_;
  std::map<EffectId, KnownEffect> effects_;
  std::uint64_t state_hash_ = 0;
};

}  // namespace orch::store
