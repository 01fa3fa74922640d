#pragma once
// What is known about a run: the values the engine changes and the store keeps.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/agent_kind.hpp"
#include "orch/core/agent_run.hpp"
#include "orch/core/conflict.hpp"
#include "orch/core/effect.hpp"
#include "orch/core/event.hpp"
#include "orch/core/landing.hpp"
#include "orch/core/lifecycle.hpp"
#include "orch/core/messages.hpp"
#include "orch/core/pending.hpp"
#include "orch/core/plan.hpp"
#include "orch/core/reason.hpp"
#include "orch/core/routing.hpp"
#include "orch/core/rules.hpp"
#include "orch/core/usage.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orch {

/// Why an attempt ends early, and so where stopping and saving lead.
enum class Ending : std::uint8_t {
  None,         ///< it does not
  Failed,       ///< counts; tried again until the attempts are used up
  GiveUp,       ///< final: its tests failed on the merged tree
  Return,       ///< its work did not land and is mended by another attempt, which does not count
  Block,        ///< only the user can help
  Abort,        ///< by the user
  Interrupt,    ///< `down`: goes on with the next `up`
  Retry,        ///< by the user: starts again with all its attempts
  Redo,         ///< the infrastructure failed: starts again, does not count
  FailedStart,  ///< its agent did not get to work: starts again, does not count
  Deliver,      ///< its work is done, and goes to the task whose agent has delegated it
};

template <>
struct EnumNames<Ending> {
  static constexpr std::pair<Ending, std::string_view> kTable[] = {
      {Ending::None, "none"},
      {Ending::Failed, "failed"},
      {Ending::GiveUp, "give-up"},
      {Ending::Return, "return"},
      {Ending::Block, "block"},
      {Ending::Abort, "abort"},
      {Ending::Interrupt, "interrupt"},
      {Ending::Retry, "retry"},
      {Ending::Deliver, "deliver"},
      {Ending::Redo, "redo"},
      {Ending::FailedStart, "failed-start"}};
};

/// How far the mark of a task is: that it is merged or failed, or no more that it is merged.
enum class Tick : std::uint8_t {
  Due,        ///< to be written
  Late,       ///< could not be written when it was due: tried again when something has changed
  Written,    ///< it is where the file counts, or lands there with the work
  TakenBack,  ///< by the user, and so it stays
};

template <>
struct EnumNames<Tick> {
  static constexpr std::pair<Tick, std::string_view> kTable[] = {{Tick::Due, "due"},
                                                                 {Tick::Late, "late"},
                                                                 {Tick::Written, "written"},
                                                                 {Tick::TakenBack, "taken-back"}};
};

/// What a fault of git, the disk or tmux kept a blocked task from: the next `up` tries it again.
enum class Stuck : std::uint8_t {
  No,
  Start,    ///< its agent could not be started, or its work not be saved before the next start
  Check,    ///< its agent was done, and what it left could not be looked at
  Landing,  ///< its work could not be landed
};

template <>
struct EnumNames<Stuck> {
  static constexpr std::pair<Stuck, std::string_view> kTable[] = {{Stuck::No, "no"},
                                                                  {Stuck::Start, "start"},
                                                                  {Stuck::Check, "check"},
                                                                  {Stuck::Landing, "landing"}};
};

/// Work that came back from its landing to the agent that wrote it.
struct Returned {
  Reason why;          ///< what is to be mended; none: nothing, or not any more
  CommitId work;       ///< what did not land
  CommitId onto;       ///< the tip of the integration branch that it did not fit
  int rounds = 0;      ///< how often, less conflicts with what had landed since the time before
  bool as_is = false;  ///< the user has what is there merged: it is for them to mend

  ORCH_FIELDS(why, work, onto, rounds, as_is)
  bool operator==(const Returned&) const = default;
};

/// In the time that began with the first of them.
struct SentTo {
  Party to;
  Time since{};
  int count = 0;
  bool told = false;  ///< the user, that there are no more

  ORCH_FIELDS(to, since, count, told)
  bool operator==(const SentTo&) const = default;
};

struct TaskRecord {
  PlannedTask plan;
  std::vector<TaskId> needs;     ///< explicit and implicit, as ids of existing tasks
  std::vector<TaskId> overlaps;  ///< tasks that name the same files
  TaskState state = TaskState::Waiting;
  Reason why;  ///< the reason for the state
  Stuck stuck = Stuck::No;
  bool held = false;
  bool wanted = true;     ///< false: left out by --only
  bool gone = false;      ///< no longer in the task file
  int attempts = 0;       ///< begun so far
  AgentRunId agent = 0;   ///< of the last attempt; 0: none yet
  int worker = 0;         ///< 1..N that it has, also between two attempts; 0: none
  int crashes = 0;        ///< of the agent; with failures they count to the attempts
  int failures = 0;       ///< of the task
  int restarts = 0;       ///< as its window or its tmux server was closed: not its own fault
  int auto_texts = 0;     ///< texts of ours that its agents were given, in all its attempts
  int auto_restarts = 0;  ///< how often it was begun again by itself since the user last did so
  Spent spent{};          ///< by all its attempts
  Spent granted{};        ///< had been spent when the user last let it go on
  std::optional<Time> not_before;
  Ending ending = Ending::None;  ///< while it is stopping or saving
  Reason ending_why;             ///< of the attempt that ended last
  CommitId reported;             ///< HEAD when its agent said done
  CommitId work;                 ///< what lands
  int landing = 0;               ///< how often its landing was begun
  Returned returned{};
  int reviewed = 0;                   ///< so many reviews have let `work` pass
  std::vector<std::string> weakened;  ///< what its work does to tests
  std::vector<std::string> seen;  ///< protected files that the user had merged when told of them
  CommitId merged;
  std::vector<std::string> items_merged;  ///< of the file, by attempts that did a part
  bool changed = true;
  std::string left;  ///< what its agent left that does not land, as a sentence part
  bool untested = false;
  double progress = 0;
  std::string last_note;                  ///< what its agent last said
  std::vector<std::string> seen_reports;  ///< ids of the last ones: each counts once
  std::vector<std::string> rescues;
  std::int64_t queued_order = 0;
  Span worked{0};                   ///< of all attempts together
  std::vector<KindChoice> choices;  ///< kinds of agents that it may go to; empty: there is one
  Tick tick = Tick::Due;
  bool cleaned = false;  ///< window, worktree and branch are gone
  Time changed_at{};     ///< when `state` last changed
  /// By attempts whose agent was started, the first one first.
  std::vector<AttemptUsage> used;
  std::vector<ForeseenConflict> conflicts;
  CommitId undone;       ///< took back what it landed last; empty: nothing was taken back
  std::string assigned;  ///< the kind of agent that the user gave it to, whatever its file says
  /// How many messages its agents have sent to whom of late: as many as the rules let them.
  std::vector<SentTo> sent;
  bool test_anew = false;       ///< the user had it tried again: what was red before does not count
  std::vector<CommitId> parts;  ///< what it landed as before `merged`, the first one first
  TaskId held_by;               ///< whose agent holds it back; empty: the user

  const TaskId& id() const { return plan.spec.id; }

  /// Is it one of those that the run is for?
  bool counts() const { return wanted && !plan.spec.coordinates(); }

  /// Is it one of these by itself, and no part of another one?
  bool counts_alone() const { return counts() && !plan.spec.is_delegated(); }

  /// Its work went to the task whose agent has delegated it.
  bool is_delivered() const { return state == TaskState::Merged && plan.spec.is_delegated(); }

  ORCH_FIELDS(plan, needs, overlaps, state, why, stuck, held, wanted, gone, attempts, agent, worker,
              crashes, failures, restarts, auto_texts, auto_restarts, spent, granted, not_before,
              ending, ending_why, reported, work, landing, returned, reviewed, weakened, seen,
              merged, items_merged, changed, untested, left, progress, last_note, seen_reports,
              rescues, queued_order, worked, choices, tick, cleaned, changed_at, used, conflicts,
              undone, assigned, sent, test_anew, parts, held_by)
  bool operator==(const TaskRecord&) const = default;
};

enum class RunPhase : std::uint8_t {
  TestingBase,
  Running,
  Stopping,   ///< `down`: agents are being stopped and their work saved
  Stopped,    ///< resumable
  BaseRed,    ///< the base fails its own tests: nothing was started
  Finishing,  ///< writing the report
  Finished,
};

template <>
struct EnumNames<RunPhase> {
  static constexpr std::pair<RunPhase, std::string_view> kTable[] = {
      {RunPhase::TestingBase, "testing-base"}, {RunPhase::Running, "running"},
      {RunPhase::Stopping, "stopping"},        {RunPhase::Stopped, "stopped"},
      {RunPhase::BaseRed, "base-red"},         {RunPhase::Finishing, "finishing"},
      {RunPhase::Finished, "finished"}};
};

/// What the agent that coordinates is told of by itself.
struct DigestRecord {
  bool due = false;            ///< something has happened since that needs a decision
  std::optional<Time> last{};  ///< when one was written
  std::vector<TaskId> news{};  ///< tasks of which the next one tells
  std::vector<TaskId> told{};  ///< of which the last one tells

  ORCH_FIELDS(due, last, news, told)
  bool operator==(const DigestRecord&) const = default;
};

/// A path that an agent has to itself, from the worktree's root.
struct FileLock {
  std::string path;
  TaskId task;
  Time since{};
  bool told = false;  ///< the user, that it is held for long

  ORCH_FIELDS(path, task, since, told)
  bool operator==(const FileLock&) const = default;
};

/// Work that is not back yet.
struct Delegation {
  TaskId parent;  ///< whose agent has delegated it
  TaskId task;

  ORCH_FIELDS(parent, task)
  bool operator==(const Delegation&) const = default;
};

struct RunRecord {
  Rules rules;
  RunPhase phase = RunPhase::TestingBase;
  Reason why;
  CommitId base_start;            ///< the base when the run began
  CommitId integration;           ///< tip of the integration branch
  CommitId landed;                ///< the candidate that the tip was made of, if it is not the tip
  CommitId followed;              ///< what the user's branch was last brought to
  std::vector<Landing> landings;  ///< under way or to be tried again, in the order they began
  CommitId base_tip;              ///< commits of the user's on the base that wait to be landed
  CommitId base_work;             ///< of them, what was taken into a landing last
  Reason behind_why;              ///< the user's branch could not follow
  std::string behind_command;
  bool following = false;
  CommitId follow_tried;  ///< not tried again before the next landing
  CommitId base_refused;  ///< the user's commits that could not be landed
  int base_landing = 0;
  bool keep_agents = false;
  bool last_ticks = false;  ///< what was late was tried once more, as nothing else is left to do
  EffectId next_effect = 1;
  AgentRunId next_agent = 1;
  std::int64_t next_order = 1;
  std::optional<Time> waiting_for_user;
  std::map<std::string, KindRecord> kinds;  ///< of agents, by name
  std::vector<Grant> grants;                ///< what the user has allowed for this run
  Reason memory_short;                      ///< why no further agent is started; none: it is not
  Spent spent{};                            ///< by all tasks
  Spent granted{};                          ///< had been spent when the user last let them go on
  int dispatched = 0;
  int test_failures = 0;
  int gate_blocks = 0;
  int flaky_tests = 0;  ///< runs of them that failed, and passed on the same tree
  Span parallel_time{0};
  Time started{};
  Time ended{};
  int train = kLongestTrain;  ///< so many tasks are in the train at most, by how the last ones did
  CommitId pushed;            ///< what the remote was last brought to
  CommitId push_tried;        ///< not tried again before the next landing
  CommitId commanded;         ///< what the user's command was last run after the push of
  Reason push_why;            ///< the remote does not have what has landed
  std::string push_command;   ///< pushes it by hand
  std::string pushed_to;      ///< where `pushed` is: the branch of the remote
  std::vector<TaskId> undos;  ///< merged tasks that the user wants taken back, in that order
  MessageNumber next_message = 1;
  DigestRecord digest{};
  std::vector<FileLock> locks{};
  std::vector<Delegation> delegations{};
  bool report_is_old = false;  ///< something came to be known while it was written

  /// The first of those that are not to be tried again later; nullptr: there is none.
  const Landing* landing_under_way() const;

  ORCH_FIELDS(rules, phase, why, base_start, integration, followed, landings, base_tip, base_work,
              behind_why, behind_command, following, follow_tried, base_refused, base_landing,
              keep_agents, last_ticks, next_effect, next_agent, next_order, waiting_for_user, kinds,
              grants, memory_short, spent, granted, dispatched, test_failures, gate_blocks,
              flaky_tests, parallel_time, started, ended, landed, train, undos, pushed, push_tried,
              commanded, push_why, push_command, next_message, pushed_to, digest, locks,
              delegations, report_is_old)
  bool operator==(const RunRecord&) const = default;
};

/// The tasks in file order, and where each of them is.
class TaskRecords {
 public:
  TaskRecords() = default;
  TaskRecords(std::vector<TaskRecord> tasks);

  auto begin() { return tasks_.begin(); }

  auto end() { return tasks_.end(); }

  auto begin() const { return tasks_.begin(); }

  auto end() const { return tasks_.end(); }

  std::size_t size() const { return tasks_.size(); }

  bool empty() const { return tasks_.empty(); }

  TaskRecord& operator[](std::size_t place) { return tasks_[place]; }

  const TaskRecord& operator[](std::size_t place) const { return tasks_[place]; }

  /// Its id never changes from then on.
  TaskRecord& push_back(TaskRecord task);
  TaskRecord* find(const TaskId& id);
  const TaskRecord* find(const TaskId& id) const;

  /// Of a record in this list.
  std::size_t place_of(const TaskRecord& task) const {
    return static_cast<std::size_t>(&task - tasks_.data());
  }

  bool operator==(const TaskRecords& other) const { return tasks_ == other.tasks_; }

 private:
  std::vector<TaskRecord> tasks_;
  std::unordered_map<std::string, std::size_t> places_;
};

struct State {
  RunRecord run;
  TaskRecords tasks;
  std::map<AgentRunId, AgentRun> agents;  ///< the last of each task
  PendingEffects pending;                 ///< the outbox
  Messages messages{};

  TaskRecord* find(const TaskId& id);
  const TaskRecord* find(const TaskId& id) const;
  /// That of its last attempt; an empty one where there was none.
  const AgentRun& agent_of(const TaskRecord& task) const;
  /// The task of the agent that coordinates; nullptr: there is none.
  const TaskRecord* coordinator() const;
  bool operator==(const State&) const = default;
};

/// Does a text wait for its agent, or is one being typed?
bool has_open_message(const State& state, const TaskRecord& task);
/// Nothing happens in the run any more, unless the user asks for something.
bool is_over(RunPhase phase);
/// Has what it landed been taken back, and has it not been begun again?
bool is_taken_back(const TaskRecord& task);
/// Does it wait for the user to do it, or to say whether it is done? No agent gets it before that.
bool is_left_to_user(const State& state, const TaskRecord& task);
/// Is it at work, and its agent waits for the user in its window?
bool agent_waits_for_user(const State& state, const TaskRecord& task);
/// Is there something wrong with its agent that the user is to look at, though it goes on?
bool has_concern(const State& state, const TaskRecord& task);
/// Why no more agents of its kind are started; nullptr: they are.
const Reason* stop_of_kind(const State& state, const TaskRecord& task);
/// Why its agents may not do another turn, or not be started again; empty: they may.
Reason limit_reached(const State& state, const TaskRecord& task);
/// May a text of ours be typed for it?
bool may_be_texted(const State& state, const TaskRecord& task);
/// Can it go on only with the user's help?
bool needs_user(const State& state, const TaskRecord& task);
/// What the user sees: "held" for a waiting or queued task that is held, "delivered" for one whose
/// work went to another task, else the state.
std::string_view shown_state(const TaskRecord& task);
/// Adds what attempts of the task have used; `kind`: only those by agents of it.
void add_used(UsageSum& to, const RunRecord& run, const TaskRecord& task,
              std::string_view kind = {});
/// The exit status that scripts get (0 all merged, 3, 4, 5, 6); see docs/commands.md.
int exit_status(const State& state);

}  // namespace orch
