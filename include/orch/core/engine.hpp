#pragma once
// The pure heart: one event and the time in, a decision out. No I/O, no clock, no dice.
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orch {

/// Something that a person wants to read in the event log: "T3 merged".
struct Fact {
  std::string kind;  ///< "task.started", "task.merged", "run.finished" ...
  TaskId task;       ///< empty: the whole run
  std::string text;  ///< a sentence without the task's id

  bool operator==(const Fact&) const = default;
};

/// What follows from one event: stored in one transaction, then carried out.
struct Decision {
  std::set<TaskId> changed;                          ///< tasks whose record is another than before
  std::vector<std::pair<EffectId, Effect>> effects;  ///< to be begun: new, or tried again
  std::vector<EffectId> ended;                       ///< left the outbox
  std::vector<Fact> facts;
  bool durable = false;  ///< must survive a power cut: merge decided, merged, task file written
  std::string refused;   ///< why a person's request was not done; empty: it was
};

class Engine {
 public:
  Engine() = default;

  explicit Engine(State state) : state_(std::move(state)) {}

  Decision handle(const Event& event, Time now);

  const State& state() const { return state_; }

  /// When to send ClockTicked: the earliest retry or time limit; nothing while nobody waits for
  /// time.
  std::optional<Time> next_wake() const;

  /// Is nothing under way, and nothing that waits to be tried again before the next `up`?
  bool is_at_rest() const;

 private:
  // engine.cpp
  void on(const RunStarted& event);
  void on(const RunResumed& event);
  void on(const EffectEnded& event);
  void on(const BaseMoved& event);
  void on(const ClockTicked& event);
  void settle();
  void stop_agents();
  bool follow_once_more();
  void finish_if_over();
  void go_on_if_possible();
  bool only_a_person_can_help() const;
  void route(const Effect& effect, TaskRecord* task, const Outcome& outcome);
  void enter(TaskRecord& task, TaskState next, std::string why = {});
  void note(std::string kind, const TaskId& task, std::string text);

  void touch(const TaskRecord& task) { out_.changed.insert(task.id()); }

  // outbox.cpp: effects from their decision to their end
  void emit(Effect effect);
  void emit_for(TaskRecord& task, Effect effect);
  bool under_way(EffectId id) const;
  static Outcome expected(const Effect& effect, const Outcome& outcome);
  std::string& why_of(const Effect& effect);
  bool tried_again(EffectId id, OutboxEntry& entry, const Outcome& outcome);
  Effect take_out(EffectId id);
  bool is_pointless(const Effect& effect) const;
  void withdraw(EffectId id);
  std::optional<Time> due(const OutboxEntry& entry) const;
  void go_through_outbox();
  void try_all_again();
  void give_up_lane(TaskRecord* task);
  void take_lane(const Effect& effect);
  bool base_waits() const;

  // roster.cpp: the tasks and their dependencies
  void on(const TasksChanged& event);
  void take_tasks(const std::vector<TaskSpec>& specs, bool at_start);
  void choose_wanted();
  static std::string_view why_unwanted(const TaskRecord& task);
  void join(const PlannedTask& planned);
  void update(TaskRecord& task, const PlannedTask& planned);
  void drop(TaskRecord& task);
  void relate(const Plan& plan);
  void refresh_unreachable();

  // dispatch.cpp: who starts next, and why the others wait
  void dispatch();
  bool could_start(const TaskRecord& task) const;
  std::string reason_to_wait(const TaskRecord& task, bool p0_first) const;
  std::vector<TaskId> unmet_needs(const TaskRecord& task) const;
  const TaskRecord* holder_of_files(const TaskRecord& task) const;
  bool barrier_of_p0() const;
  int free_worker(const TaskRecord& task) const;
  void start(TaskRecord& task);

  // attempt.cpp: the life of one attempt
  void on(const AgentExited& event);
  void on(const AgentReported& event);
  void on_worktree(TaskRecord& task, const Outcome& outcome);
  void on_started(TaskRecord& task, const Outcome& outcome);
  void on_collected(TaskRecord& task, const CollectWork& effect, const Outcome& outcome);
  void on_stopped(TaskRecord& task, const Outcome& outcome);
  void on_rescued(TaskRecord& task, const Outcome& outcome);
  static void keep_only(std::vector<std::string>& items, const std::vector<std::string>& named);
  void check_work(TaskRecord& task, bool as_is = false);
  void end_attempt(TaskRecord& task, Ending ending, std::string why);
  void carry_on_ending(TaskRecord& task);
  void close_attempt(TaskRecord& task);
  void block(TaskRecord& task, Stuck stuck, std::string why);
  void start_anew(TaskRecord& task, const std::string& why);
  void go_on_if_stuck(TaskRecord& task);
  void stop_if_critical(const TaskRecord& failed);
  void free_slot(TaskRecord& task);
  void stop_clock(TaskRecord& task);
  void start_clock(TaskRecord& task);
  Span retry_delay(const TaskRecord& task) const;
  const std::string& kind_of(const TaskRecord& task) const;
  const AgentRules& rules_of(const std::string& kind) const;
  Span limit_of(const TaskRecord& task) const;

  // landing.cpp: one at a time onto the integration branch
  void land_next();
  void begin_landing(TaskRecord& task);
  void on_prepared(const PrepareLanding& effect, const Outcome& outcome);
  void on_tested(const TestLanding& effect, const Outcome& outcome);
  void on_landed(const Land& effect, const Outcome& outcome);
  void on_followed(const FollowBase& effect, const Outcome& outcome);
  void on_base_tested(const Outcome& outcome);
  void tidy(TaskRecord& task);
  void note_rest(TaskRecord& task, const WorkRescued& rescued);
  void on_tidied(TaskRecord& task, const Outcome& outcome);

  // ticks.cpp: the marks of merged tasks
  bool owes_tick(const TaskRecord& task) const;
  void see_to_ticks();
  bool retry_late_ticks();
  void late_ticks_are_due();
  void follow_marks(const std::vector<TaskId>& unticked);
  void on_ticked(TaskRecord& task, const Outcome& outcome);
  void take_as_merged(const std::map<TaskId, CommitId>& merged);
  static std::vector<std::string> items_left(const TaskRecord& task);
  static std::vector<std::string> items_unmerged(const TaskRecord& task);
  void part_landed(TaskRecord& task);
  void take_up_rest(TaskRecord& task);
  void requeue(TaskRecord& task, std::string why);
  void cannot_land(TaskRecord& task, const Outcome& outcome);
  void refuse_landing(TaskRecord& task, Ending ending, std::string why);
  void refuse_base(std::string why);
  void on_base_outcome(const Outcome& outcome, const CommitId& tested_candidate);
  void follow_if_due();
  void follow_base();
  void caught_up(const CommitId& tip);

  // commands.cpp: what people ask for
  void on(const PersonAsked& event);
  void abort_task(TaskRecord& task);
  void retry_task(TaskRecord& task);
  void merge_task(TaskRecord& task);
  void hold_task(TaskRecord& task);
  void release_task(TaskRecord& task);
  void go_down(bool keep_agents);

  State state_;
  Time now_{};
  Decision out_;
};

}  // namespace orch
