#pragma once
// Everything that can be done to the outside world, one struct each. An effect is an "ensure":
// carried out again after a crash it finds by its key whether it happened, and ends in the same
// state. `Ends` is all that it can end in; every effect can fail.
#include "orch/base/fields.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/message.hpp"
#include "orch/core/outcome.hpp"
#include "orch/core/reason.hpp"
#include "orch/core/ruling.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch {

using EffectId = std::int64_t;

/// What an effect works on: of each task, or of the run, one effect is in flight in each lane.
enum class Lane : std::uint8_t {
  Worktree,  ///< of the task
  Agent,     ///< its process and window
  Landing,   ///< its way onto the integration branch
  Checkout,  ///< the user's own: their branch and their task file
  Base,      ///< the tests on the base
  Pane,      ///< what is typed into its window
  Report,    ///< the files that tell how the run went
  Review,    ///< of a commit of the task's, which stays as it is
  Push,      ///< the remote
};

/// Runs the tests on the base before anything starts. Key: tree id + commands (gate folder).
struct TestBase {
  static constexpr std::string_view kName = "test_base";
  static constexpr Lane kLane = Lane::Base;
  using Ends = std::variant<NotDone, Tested>;
  CommitId commit;
  ORCH_FIELDS(commit)
  bool operator==(const TestBase&) const = default;
};

/// Makes the task's worktree and branch and sets them up. Key: git's worktree list + lock reason.
struct CreateWorktree {
  static constexpr std::string_view kName = "create_worktree";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, WorktreeReady>;
  TaskId task;
  int attempt = 0;
  std::string agent;
  CommitId from;
  bool fresh = false;  ///< an earlier attempt's files and commits are rescued and taken away first
  CommitId began;      ///< where the branch of an attempt that goes on began; empty: at `from`
  ORCH_FIELDS(task, attempt, agent, from, fresh, began)
  bool operator==(const CreateWorktree&) const = default;
};

/// Opens the window and starts the agent in it. Key: the claim in the attempt's folder.
struct StartAgent {
  static constexpr std::string_view kName = "start_agent";
  static constexpr Lane kLane = Lane::Agent;
  using Ends = std::variant<NotDone, AgentStarted>;
  TaskId task;
  int attempt = 0;
  int worker = 0;
  std::string agent;
  std::string worktree;
  std::string branch;
  Reason last_failure;  ///< told to the agent on a retry
  std::string resume;   ///< the conversation it is to go on with; empty: a new one
  ORCH_FIELDS(task, attempt, worker, agent, worktree, branch, last_failure, resume)
  bool operator==(const StartAgent&) const = default;
};

/// Ends the agent and everything it started. Key: the recorded processes and the exit file.
struct StopAgent {
  static constexpr std::string_view kName = "stop_agent";
  static constexpr Lane kLane = Lane::Agent;
  using Ends = std::variant<NotDone, Done>;
  TaskId task;
  int attempt = 0;
  ORCH_FIELDS(task, attempt)
  bool operator==(const StopAgent&) const = default;
};

/// Types a text into the agent's window, with Enter. Key: the shim's record of that message.
struct TypeText {
  static constexpr std::string_view kName = "type_text";
  static constexpr Lane kLane = Lane::Pane;
  using Ends = std::variant<NotDone, TextTyped, TextPutOff, TextUncertain>;
  TaskId task;
  int attempt = 0;
  std::string agent;
  std::string message;  ///< its id, or one for all of them
  MessageKind kind = MessageKind::Text;
  std::string text;
  bool now = false;                       ///< also while the agent works
  std::vector<MessageNumber> messages{};  ///< that are typed by it, in this order
  ORCH_FIELDS(task, attempt, agent, message, kind, text, now, messages)
  bool operator==(const TypeText&) const = default;
};

/// Presses the key of an option, if the question still stands on the screen. Key: a record in the
/// attempt's folder that is made before.
struct AnswerQuestion {
  static constexpr std::string_view kName = "answer_question";
  static constexpr Lane kLane = Lane::Pane;
  using Ends = std::variant<NotDone, QuestionAnswered>;
  TaskId task;
  int attempt = 0;
  int number = 0;  ///< of the answers in that attempt
  std::string agent;
  std::string question;  ///< its id
  std::string option;    ///< "yes", "no", or the label of one
  std::string by{};      ///< the rule that answers; empty: the user does
  /// What a rule answers, or is to answer from then on: the screen has to show exactly this.
  Subject subject{};
  bool always = false;  ///< the user wants the same to be allowed from then on
  ORCH_FIELDS(task, attempt, number, agent, question, option, by, subject, always)
  bool operator==(const AnswerQuestion&) const = default;
};

/// Presses the keys that end a turn, if its screen still shows that it works, and waits until it
/// does not. Key: the ids of these keys, by which the shim passes each once.
struct InterruptTurn {
  static constexpr std::string_view kName = "interrupt_turn";
  static constexpr Lane kLane = Lane::Pane;
  using Ends = std::variant<NotDone, TurnEnded>;
  TaskId task;
  int attempt = 0;
  int number = 0;  ///< of the interrupts in that attempt
  std::string agent;
  /// What its program puts back into the prompt is sent once more: no, where no turn is to follow.
  bool resend = true;
  ORCH_FIELDS(task, attempt, number, agent, resend)
  bool operator==(const InterruptTurn&) const = default;
};

/// Looks at what the agent left, and commits it where the profile says so. Key: HEAD and the index.
struct CollectWork {
  static constexpr std::string_view kName = "collect_work";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, WorkCollected>;
  TaskId task;
  int attempt = 0;
  std::string worktree;
  std::string branch;
  CommitId start;     ///< where the branch began
  CommitId reported;  ///< HEAD when the agent said done; empty: take HEAD as it is
  bool commit = false;
  bool as_is = false;  ///< the user asked for it: what is there is the work
  ORCH_FIELDS(task, attempt, worktree, branch, start, reported, commit, as_is)
  bool operator==(const CollectWork&) const = default;
};

/// Saves commits and uncommitted files under refs/orch/rescue. Key: that ref.
struct RescueWork {
  static constexpr std::string_view kName = "rescue_work";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, WorkRescued>;
  TaskId task;
  int attempt = 0;
  std::string worktree;
  std::string branch;
  CommitId start;
  ORCH_FIELDS(task, attempt, worktree, branch, start)
  bool operator==(const RescueWork&) const = default;
};

/// Merges the new base into the worktree of work that did not land, for the agent that waits there,
/// and says what that is to be told. Key: is the base in HEAD, or being merged?
struct ReturnWork {
  static constexpr std::string_view kName = "return_work";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, WorkReturned>;
  TaskId task;
  int attempt = 0;
  std::string agent;
  std::string worktree;
  std::string branch;
  CommitId work;           ///< what did not land: nothing is merged where HEAD is another one
  CommitId base;           ///< the tip of the integration branch
  bool untouched = false;  ///< the user types in its window: nothing is merged
  Reason why;              ///< it did not land
  ORCH_FIELDS(task, attempt, agent, worktree, branch, work, base, untouched, why)
  bool operator==(const ReturnWork&) const = default;
};

/// Takes what an agent has delegated into its worktree and tells what came of it. Key: the commit,
/// which is in HEAD's history then.
struct TakeIn {
  static constexpr std::string_view kName = "take_in";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, WorkReturned>;
  TaskId task;  ///< whose agent has delegated it
  int attempt = 0;
  std::string agent;
  std::string worktree;
  std::string branch;
  TaskId of;             ///< what was delegated
  CommitId work;         ///< empty: there is nothing to take in
  bool is_done = false;  ///< false: it has failed
  std::string said;      ///< what its agent said when it was done
  Reason why;            ///< why it is as it is
  ORCH_FIELDS(task, attempt, agent, worktree, branch, of, work, is_done, said, why)
  bool operator==(const TakeIn&) const = default;
};

/// Has an agent look at work before it lands. Key: the review and the change, by what the store has
/// of them.
struct ReviewWork {
  static constexpr std::string_view kName = "review_work";
  static constexpr Lane kLane = Lane::Review;
  using Ends = std::variant<NotDone, Reviewed>;
  TaskId task;
  int attempt = 0;
  CommitId work;
  std::string review;  ///< its name
  ORCH_FIELDS(task, attempt, work, review)
  bool operator==(const ReviewWork&) const = default;
};

/// Merges without a checkout and keeps the candidate under refs/orch/cand. Key: that ref.
struct PrepareLanding {
  static constexpr std::string_view kName = "prepare_landing";
  static constexpr Lane kLane = Lane::Landing;
  using Ends = std::variant<NotDone, LandingPrepared, LandingConflicts, LandingProtected>;
  TaskId task;  ///< empty: the user's own commits on the base, or an undo
  int landing = 0;
  CommitId onto;
  CommitId work;
  std::vector<std::string> seen{};  ///< protected files whose change the user has seen
  TaskId undo{};  ///< the task that is taken back, and `work` what it landed as; empty: none is
  std::vector<CommitId> parts{};  ///< what it landed as before that, the first one first
  ORCH_FIELDS(task, landing, onto, work, seen, undo, parts)
  bool operator==(const PrepareLanding&) const = default;
};

/// Runs the tests on exactly the candidate's tree. Key: tree id + commands + environment.
struct TestLanding {
  static constexpr std::string_view kName = "test_landing";
  static constexpr Lane kLane = Lane::Landing;
  using Ends = std::variant<NotDone, Tested>;
  TaskId task;
  int landing = 0;
  CommitId candidate;
  CommitId onto;  ///< what lands with it begins there
  int runs = 2;   ///< so often red is run before it counts
  /// Red is for its task to mend, if what it lands on passes.
  bool verdict = true;
  TaskId undo{};      ///< as in PrepareLanding
  bool anew = false;  ///< what was red before does not count
  ORCH_FIELDS(task, landing, candidate, onto, runs, verdict, undo, anew)
  bool operator==(const TestLanding&) const = default;
};

/// Moves the integration branch by compare-and-swap. Where the candidate was not made on the tip, a
/// commit with its tree is made that was. Key: is the candidate, or that commit, its ancestor?
struct Land {
  static constexpr std::string_view kName = "land";
  static constexpr Lane kLane = Lane::Landing;
  using Ends = std::variant<NotDone, Landed, BranchMoved>;
  TaskId task;
  int landing = 0;
  CommitId candidate;
  CommitId onto;
  std::vector<TaskId> with{};  ///< that land with it, as one commit: the candidate has their work
  bool remake = false;         ///< the candidate was made on a copy of `onto`
  TaskId undo{};               ///< as in PrepareLanding
  ORCH_FIELDS(task, landing, candidate, onto, with, remake, undo)
  bool operator==(const Land&) const = default;
};

/// Brings the user's branch up to the integration branch. Key: is it there already?
struct FollowBase {
  static constexpr std::string_view kName = "follow_base";
  static constexpr Lane kLane = Lane::Checkout;
  using Ends = std::variant<NotDone, Done, BranchMoved, StayedBehind>;
  CommitId target;
  ORCH_FIELDS(target)
  bool operator==(const FollowBase&) const = default;
};

/// Sees to the mark of a task that was merged, or taken back: on the disk, unless it lands. Key:
/// the mark.
struct TickFile {
  static constexpr std::string_view kName = "tick_file";
  static constexpr Lane kLane = Lane::Checkout;
  using Ends = std::variant<NotDone, Done>;
  TaskId task;
  ORCH_FIELDS(task)
  bool operator==(const TickFile&) const = default;
};

/// Closes the task's windows and takes its worktree and branch away, if all is landed or rescued.
/// Key: git's worktree list and the attempt's pane.
struct CleanUp {
  static constexpr std::string_view kName = "clean_up";
  static constexpr Lane kLane = Lane::Worktree;
  using Ends = std::variant<NotDone, Done, WorkRescued>;
  TaskId task;
  int attempt = 0;
  std::string worktree;
  std::string branch;
  CommitId landed;
  ORCH_FIELDS(task, attempt, worktree, branch, landed)
  bool operator==(const CleanUp&) const = default;
};

/// Pushes what has landed to the user's remote. Key: the remote's branch; again it changes nothing.
struct PushBranch {
  static constexpr std::string_view kName = "push_branch";
  static constexpr Lane kLane = Lane::Push;
  using Ends = std::variant<NotDone, Done>;
  CommitId target;
  std::string to{};  ///< where: as the rules have it
  ORCH_FIELDS(target, to)
  bool operator==(const PushBranch&) const = default;
};

/// Runs the user's command after all has been pushed. Key: a record in the run's folder, made
/// before; where its end is not on record, it is not run again.
struct RunPushCommand {
  static constexpr std::string_view kName = "run_push_command";
  static constexpr Lane kLane = Lane::Push;
  using Ends = std::variant<NotDone, Done>;
  CommitId target;
  std::string to{};  ///< where that has been pushed to
  ORCH_FIELDS(target, to)
  bool operator==(const RunPushCommand&) const = default;
};

/// Writes summary and metrics into the run's folder. Key: the files.
struct WriteReport {
  static constexpr std::string_view kName = "write_report";
  static constexpr Lane kLane = Lane::Report;
  using Ends = std::variant<NotDone, Done>;
  bool operator==(const WriteReport&) const = default;
};

using Effect = std::variant<TestBase, CreateWorktree, StartAgent, StopAgent, TypeText,
                            AnswerQuestion, InterruptTurn, CollectWork, RescueWork, ReturnWork,
                            TakeIn, ReviewWork, PrepareLanding, TestLanding, Land, FollowBase,
                            TickFile, CleanUp, PushBranch, RunPushCommand, WriteReport>;

std::string_view name_of(const Effect& effect);
/// The task it is for; an empty id for those of the whole run.
const TaskId& task_of(const Effect& effect);
Lane lane_of(const Effect& effect);
/// The names of all kinds, in the variant's order.
std::vector<std::string_view> effect_names();

}  // namespace orch
