#pragma once
// The one truth on disk: runs, tasks, the outbox and the trace in one SQLite file.
//
// One writer (the supervisor, which holds the repository's lock) and any number of readers (status,
// events, report), which work whether a supervisor lives or not.
#include "orch/base/process.hpp"
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/gate_run.hpp"
#include "orch/core/message_history.hpp"
#include "orch/core/resource_use.hpp"
#include "orch/core/stage.hpp"
#include "orch/core/state.hpp"
#include "store/gate_results.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orch::store {

enum class Access : std::uint8_t { ReadWrite, ReadOnly };

/// What a run is, apart from its state.
struct RunInfo {
  std::string id;                    ///< e.g. "20261121-040312-7f3a"
  std::string task_file;             ///< as app::Paths::kept() has it
  std::string repository;            ///< likewise: the user's worktree that the run works for
  std::string integration;           ///< branch name
  std::string boot_id;               ///< of the boot in which `clock_offset` holds
  std::int64_t clock_offset_ms = 0;  ///< CLOCK_BOOTTIME minus the run's clock, in that boot
  std::int64_t created_wall_ms = 0;

  bool operator==(const RunInfo&) const = default;
};

struct TraceRow {
  std::int64_t seq = 0;  ///< one number line over all runs, without gaps within a run
  std::string run;
  Time at{};
  std::int64_t wall_ms = 0;
  std::string event;  ///< encoded
  std::vector<Fact> facts;
  std::uint64_t state_hash = 0;  ///< of the state after the event
};

class Store {
 public:
  /// Opens or makes the file (0600 in a 0700 folder), migrates an older schema. Errors:
  /// Fault::TooNew (never touched), Fault::Busy (locked for 5 s), Fault::Full, and
  /// Fault::Corrupt after the file was set aside as `orch.db.corrupt-N` (never deleted, never
  /// silently replaced): the hint says how to go on.
  static Result<Store> open(const std::filesystem::path& file, Access access);

  /// For a writer whose file was removed, cut or overwritten under it: sets aside what is there and
  /// makes a new file, with that run in it. The next commit() writes the whole state. On an Error
  /// the store is of no use any more: every call fails.
  Status put_back(const std::filesystem::path& file, const RunInfo& info);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// A run begins with its first commit(); until then no reader sees it.
  Status begin_run(const RunInfo& info);
  /// The run in which something happened last, if there is one; of that task file, if one is named.
  Result<std::optional<RunInfo>> latest_run(const std::string& task_file = {}) const;
  /// All, in that order.
  Result<std::vector<RunInfo>> runs() const;
  Result<State> load(const std::string& run) const;
  /// What load() would say of the run itself, at the price of one row; damage to other rows is not
  /// seen.
  Result<RunRecord> load_record(const std::string& run) const;
  /// The same of its phase, at the price of one column.
  Result<RunPhase> phase(const std::string& run) const;
  Status set_clock(const std::string& run, const std::string& boot_id, std::int64_t offset_ms);

  /// One transaction: the trace row, the changed tasks and the run, and the outbox. With
  /// decision.durable it is on disk when this returns (synchronous=FULL), else after the next
  /// checkpoint a power cut may take it, a kill never. Returns the row's sequence number.
  Result<std::int64_t> commit(const std::string& run, const Event& event, const Decision& decision,
                              const State& after, Time now, std::int64_t wall_ms);

  /// What these agents use, and that they live: one statement. Fault::Busy, at once, while somebody
  /// else writes: the next one is as good.
  Status note_usage(const std::string& run, const std::vector<AgentResources>& agents,
                    std::int64_t wall_ms);
  /// What was noted last of those that live.
  Result<std::vector<AgentResources>> usage(const std::string& run) const;

  /// Rows after `seq`, oldest first, at most `limit`.
  Result<std::vector<TraceRow>> trace(const std::string& run, std::int64_t after_seq,
                                      int limit) const;
  /// The newest row of the run, as a list of one or none.
  Result<std::vector<TraceRow>> last_trace(const std::string& run) const;

  /// All events of the run that have a fact or moved a task on, in their order.
  Result<std::vector<PastEvent>> history(const std::string& run) const;

  /// The last `limit` messages of the run, the oldest first; of one party, if one is named, to it
  /// and from it.
  Result<std::vector<PastMessage>> messages(const std::string& run, const std::string& party,
                                            int limit) const;
  /// Between which parties messages went, most of them first.
  Result<std::vector<Route>> routes(const std::string& run) const;

  /// Results of tests and gates by key (tree id + commands + environment, hashed by the caller),
  /// so that the same tree is not tested twice; and each command that ran for it.
  Status save_gate(const std::string& key, const std::string& tree, const GateResult& result,
                   const std::vector<GateRun>& commands);
  Result<std::optional<GateResult>> gate(const std::string& key) const;
  /// All commands of tests and gates of that run, in the order in which they ended.
  Result<std::vector<GateRun>> gate_runs(const std::string& run) const;
  /// Verdicts of reviews that can be used again: `why` is the answer as JSON.
  Status save_review(const std::string& key, const GateResult& answer);
  Result<std::optional<std::string>> review(const std::string& key) const;
  /// Of all runs, whatever their tests were.
  Result<std::set<std::string>> green_trees() const;

  /// Children of the supervisor, recorded so that the next start can end what was left.
  Status record_child(const ProcessId& child, const std::string& what);
  /// It goes off the record together with the next that is recorded: until then who reads it finds
  /// by its identity that it has ended.
  void note_end_of(const ProcessId& child);
  Status forget_child(const ProcessId& child);
  Result<std::vector<ProcessId>> children() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace orch::store
