// Reasons, facts and refusals as English: a table of sentences with gaps, and what fills the gaps.
#include "ui/sentences.hpp"

#include "orch/base/shell.hpp"
#include "orch/base/size.hpp"
#include "orch/base/text.hpp"
#include "ui/anomalies.hpp"
#include "ui/cost_text.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace orch::ui {
namespace {

template <class Kind>
struct Sentence {
  Kind kind;
  std::string_view text;
  std::string_view remedy = {};  ///< how a person goes on
};

// The gaps are described where they are filled, in gaps_of().
constexpr Sentence<ReasonKind> kReasons[] = {
    {ReasonKind::None, ""},
    {ReasonKind::Quoted, "{text}"},
    {ReasonKind::Fault, "{text}", "{hint}"},

    {ReasonKind::LeftOut, "left out by --only"},
    {ReasonKind::Held, "held{by_other}"},
    {ReasonKind::NeedsTasks, "needs {tasks}"},
    {ReasonKind::NeedsPerson, "waits for you: {tasks}: {cause}"},
    {ReasonKind::BaseBeingTested, "the base is being tested"},
    {ReasonKind::RunAtRest, "the run is not going on"},
    {ReasonKind::P0First, "P0 tasks go first"},
    {ReasonKind::SharesFiles, "shares files with {tasks}"},
    {ReasonKind::KindBusy, "{number} {text} agent{s} {are} at work already"},
    {ReasonKind::WorkersBusy, "{all_workers} busy"},
    {ReasonKind::FirstOfKind, "waits until the first {text} agent has got to work"},
    {ReasonKind::StartsApart, "waits, as {text} agents are started one after the other"},
    {ReasonKind::KindStopped,
     "no more {text} agents are started: {number} in a row failed to start: {cause}",
     "; when that is mended, `tmux-orch up` or {retry}"},
    {ReasonKind::KindRefused, "no more {text} agents are started: {cause}",
     "; when that is mended, `tmux-orch up` or {retry}"},
    {ReasonKind::KindPaused,
     "no {text} agent goes on before it works again, which is tried after {time}: {cause}"},
    {ReasonKind::RetryDelay, "waits before it is tried again"},
    {ReasonKind::RetryLater, "waits to be tried again: {cause}"},
    {ReasonKind::DiskFull, "waits for room on the disk: {cause}"},
    {ReasonKind::MemoryShort,
     "no further agent is started while memory is short: {size} left{special}"},
    {ReasonKind::TaskCost, "its agents have cost {dollars}, as much as they may",
     ": {release} lets them use as much again"},
    {ReasonKind::TaskTurns, "its agents have done {number} turn{s}, as many as they may",
     ": {release} lets them do as many again"},
    {ReasonKind::RunCost, "the run has cost {dollars}, as much as it may",
     ": {release} lets it use as much again, `tmux-orch up --max-cost` sets another limit"},
    {ReasonKind::RunTurns, "the run has taken {number} turn{s}, as many as it may",
     ": {release} lets it take as many again, `tmux-orch up --max-turns` sets another limit"},
    {ReasonKind::TaskRestarts,
     "it was begun again {number} time{s} by itself, as often as it may: {cause}",
     "; {release} lets it go on"},
    {ReasonKind::BiggestAgent, "the biggest agent is that of {who}: {size} in {processes}"},

    {ReasonKind::MakingWorktree, "its worktree is being made"},
    {ReasonKind::Starting, "starting"},
    {ReasonKind::Collecting, "what it left is being looked at"},
    {ReasonKind::LandingTurn, "waits for its turn to land"},
    {ReasonKind::Reviewing, "the review {names} looks at it"},
    {ReasonKind::ReviewSays, "the review {names} {text}"},
    {ReasonKind::TestsWeakened, "its work {names}"},
    {ReasonKind::Merging, "being merged"},
    {ReasonKind::TestingMerge, "being tested on the merged tree"},
    {ReasonKind::MergeTested, "tests passed, landing"},
    {ReasonKind::BranchMoved, "the integration branch moved"},
    {ReasonKind::BeingStopped, "being stopped: {cause}"},

    {ReasonKind::AgentAsks, "its agent waits for an answer ({who}): {text}",
     "; {attach} shows it{or_approve}"},
    {ReasonKind::AgentTurnFailed, "its agent stopped at an error: {text}{special}",
     "; {attach} shows it"},
    {ReasonKind::AgentContinues,
     "its agent stopped at an error, and is told to continue after {time}: {text}"},
    {ReasonKind::EnoughTexts, "it was told to go on {number} times without you"},
    {ReasonKind::AgentIdle, "its agent has ended its turn and not said done{special}",
     "; {attach} shows it, {merge} takes its commits"},
    {ReasonKind::AgentStalled, "its agent makes no progress: {text}"},
    {ReasonKind::AgentOverloads,
     "its processes have {number} % of the machine, and those of {tasks} hardly any of it"},
    {ReasonKind::AnomalyFound, "{anomaly}"},
    {ReasonKind::AnomalyTold, "{anomaly}", "; {attach} shows it"},
    {ReasonKind::IdleAgentEnded,
     "its agent was ended, as no more than {number} may wait for their landing{its_session}"},
    {ReasonKind::DoneRefused, "its agent said done, and that was refused: {text}"},
    {ReasonKind::AgentReminded, "its turn ended without done: its agent was told to report"},
    {ReasonKind::ToldToContinue, "is told to continue ({number}): {text}"},
    {ReasonKind::TurnInterrupted,
     "its turn is interrupted after {time} without progress, and it is told to continue"},
    {ReasonKind::TurnsHang, "its turn hangs again, and {number} were ended already",
     "; {attach} shows it, {release} lets it go on"},
    {ReasonKind::InterruptFailed, "its turn that hangs is not interrupted: {cause}"},
    {ReasonKind::KindResumed, "{text} agents go on"},
    {ReasonKind::MessageWaits, "a text for its agent cannot be typed: {text}",
     "; {attach} shows its window"},
    {ReasonKind::MessageTyped, "was told: {text}"},
    {ReasonKind::MessageRefused, "was not told '{text}': {cause}"},
    {ReasonKind::MessageFromAgent, "was told by {who} (m{number}): {text}"},
    {ReasonKind::MessageForUser, "says to you (m{number}): {text}"},
    {ReasonKind::MessagesLimited,
     "sends {who} more than {number} message{s} in {text}: the others are refused"},
    {ReasonKind::QuestionAnswered, "was answered '{who}' by {by}: {text}"},
    {ReasonKind::QuestionAlways,
     "was answered '{who}' by you, and the same is allowed from now on in this run: {text}"},
    {ReasonKind::AnswerFailed, "its question is not answered: {cause}"},
    {ReasonKind::UserControls, "you type in its window: texts, reminders and its time limit wait",
     "; {release} hands it back"},
    {ReasonKind::UserHandsBack, "is handed back by you"},

    {ReasonKind::NeverSaidDone, "ended without saying done{special}"},
    {ReasonKind::ExitCode, "exited with {number}"},
    {ReasonKind::FailedAtStart, "exited with {number} when it started{said}"},
    {ReasonKind::Killed, "was killed together with its shim"},
    {ReasonKind::Signal, "was ended by signal {number}"},
    {ReasonKind::Stopped, "was stopped from outside"},
    {ReasonKind::WindowClosed, "its window or the tmux server was closed"},
    {ReasonKind::NotStarted, "cannot be started: {text}"},
    {ReasonKind::TimeLimit, "ran into its time limit of {time}"},
    {ReasonKind::NoChanges, "said done but committed nothing",
     " (`tmux-orch done --no-changes` says it is right)"},
    {ReasonKind::ContextFull, "its conversation is full{said}"},
    {ReasonKind::FailedOver, "another kind of agent goes on with its work: {cause}"},
    {ReasonKind::SessionRefused, "did not go on with its conversation{said}"},

    {ReasonKind::Aborted, "aborted by {by_whom}"},
    {ReasonKind::StartedInPlace, "started in the place of who waits for it ({text}){again}"},
    {ReasonKind::Delivered, "done: its work goes to {names}"},
    {ReasonKind::ParentIsOver, "{names} has delegated it and is over"},
    {ReasonKind::WaitsForOther, "waits for {names}, which it has delegated"},
    {ReasonKind::LockIsOld, "has locked {text} for more than {time}", "; {unlock} takes that away"},
    {ReasonKind::LockTaken, "has {names} no longer locked: you took that away"},
    {ReasonKind::AskedFor, "asked for by {by_whom}"},
    {ReasonKind::Coordinates, "started, to coordinate the run ({text}){again}"},
    {ReasonKind::CoordinatorLeft, "it has ended by itself: nobody coordinates any more"},
    {ReasonKind::AbortedUnsaved,
     "aborted by {by_whom}; its work could not be saved and is in {path}: {cause}"},
    {ReasonKind::Interrupted, "interrupted"},
    {ReasonKind::RunStopped, "the run was stopped"},
    {ReasonKind::Released, "released by {by_whom}"},
    {ReasonKind::Answered, "{who_answers} answers: {text}"},
    {ReasonKind::Restarted, "started again by {by_whom}"},
    {ReasonKind::Attempt, "{cause} (attempt {number})"},
    {ReasonKind::CannotStart, "{cause}", "; then {retry}"},
    {ReasonKind::CannotStop, "its agent cannot be stopped: {cause}"},
    {ReasonKind::CannotSave, "its work could not be saved: {cause}", "{then_retry}"},
    {ReasonKind::CannotCheck, "{cause}", "{then_merge}"},
    {ReasonKind::CannotLand, "it could not be landed: {cause}", "; {merge} tries again"},
    {ReasonKind::Conflicting, "conflicts with {text} in {names}"},
    {ReasonKind::Conflicts, "conflicts with {text} in {names}",
     ": merge {text} in its worktree, commit and {merge}; or {retry} from the new tip; or {abort}"},
    {ReasonKind::MarksLeft, "has conflict marks in {names}"},
    {ReasonKind::GateBlocks, "the gate {names} blocks it: {text} (log: {path})"},
    {ReasonKind::ReviewBlocks, "the review {names} blocks it: {text} (log: {path})"},
    {ReasonKind::Unreviewed, "the review {names} gave no verdict: {text}",
     "; {merge} lands it without one, {retry} does it again"},
    {ReasonKind::ChangesProtected, "it changes {names}",
     ", which waits for you: {diff} shows it, {merge} lands it; or {abort}"},
    {ReasonKind::TestsFail, "its tests fail on the merged tree: {text} (log: {path})"},
    {ReasonKind::Returned, "returned to its agent: {cause}"},
    {ReasonKind::NothingMended,
     "changed nothing when it was done again ({cause}); its work before is {path}",
     ": merge that in its worktree, commit and {merge}; or {abort}"},
    {ReasonKind::ReturnedOften, "was returned {number} time{s}; {cause}"},
    {ReasonKind::BeingUndone, "being taken back"},
    {ReasonKind::NotUndone, "merged, and not taken back: {cause}"},
    {ReasonKind::UndoConflicts, "what landed after it changed the same places of {names}{hint}"},
    {ReasonKind::UndoTestsFail, "the tests fail without it: {text} (log: {path})"},
    {ReasonKind::TakenBack, "taken back by you after it had landed",
     "; {retry} does it again on what is there now"},
    {ReasonKind::LostNeed, "needs {tasks}, which is {text}{cause}"},

    {ReasonKind::NothingChanged, "nothing had to change"},
    {ReasonKind::PartMerged, "a part is merged"},
    {ReasonKind::ItemsMerged, "merged: {all}; left: {cause}"},
    {ReasonKind::ItemsLeft, "{all}"},
    {ReasonKind::KeptRemainder, "{besides}what did not land is kept as {path}"},
    {ReasonKind::Ticked, "ticked in the task file"},
    {ReasonKind::MergedEarlier, "merged by an earlier run"},
    {ReasonKind::NotInFile, "no longer in the task file"},

    {ReasonKind::BaseTestsFail, "{names} fails its own tests: {text} (log: {path})"},
    {ReasonKind::TestsFlaky, "a test failed, and passed on the same tree: {text}"},
    {ReasonKind::BaseUntested, "the tests of {names} could not be run: {text}"},
    {ReasonKind::BaseRefused, "{names} has commits that cannot be merged in: {cause}"},
    {ReasonKind::BaseConflicts, "they conflict in {names}"},
    {ReasonKind::BaseMergeTestsFail, "the tests fail with them: {text}"},
    {ReasonKind::BaseNotReached, "the run is stopped before that",
     "; `tmux-orch up` goes on with it"},
    {ReasonKind::Pushed, "what has landed is pushed to {names}"},
    {ReasonKind::NotPushed, "what has landed is not pushed to {names}: {cause}"},
    {ReasonKind::PushCommandDone, "push.command has run"},
    {ReasonKind::PushCommandFailed, "push.command: {cause}"},
    {ReasonKind::BaseNotFollowing, "{names} does not follow: {cause}"},
    {ReasonKind::NothingStarts, "no agent of any kind can be started: {cause}"},
    {ReasonKind::AllP0Failed, "all P0 tasks have failed",
     "; `tmux-orch up` goes on with the others"},

    {ReasonKind::StartedBy, "started by worker {number} ({text}){again}"},
    {ReasonKind::Progress, "{number} % {text}"},
    {ReasonKind::Done, "done{said}"},
    {ReasonKind::TriedAgain, "{cause}; tried again"},
    {ReasonKind::StartedAgain, "{cause}; started again"},
    {ReasonKind::NotItsFault, "tried again, as it was not the task that failed"},
    {ReasonKind::WorkKept, "its work is kept as {path}"},
    {ReasonKind::Merged, "merged{special}"},
    {ReasonKind::MergedUntested, "merged, untested{special}"},
    {ReasonKind::NothingLanded, "nothing landed: it {text}"},
    {ReasonKind::BackInFile, "back in the task file"},
    {ReasonKind::NewInFile, "new in the task file"},
    {ReasonKind::MadeBy, "made by {names}"},
    {ReasonKind::IdIsTaken, "there is a task {names} already"},
    {ReasonKind::EditedInFile, "changed in the task file while it is under way",
     "; {retry} starts it with the new text"},
    {ReasonKind::GoneFromFile, "gone from the task file while it is under way"},
    {ReasonKind::BadFile, "the task file is not followed: line {number}: {text}"},
    {ReasonKind::MarkLater, "its mark is written later: {cause}"},
    {ReasonKind::OfBranch, "{text}"},
    {ReasonKind::TasksOnBase, "{number} task{s} on {text}"},
    {ReasonKind::AgentsGoOn, "agents go on by themselves"},
    {ReasonKind::AgentsStopped, "agents are stopped"},
    {ReasonKind::MemoryEnough, "there is enough memory again: {size}"},
    {ReasonKind::NoReport, "the report is not written: {cause}"},
    {ReasonKind::WrongStep,
     "{who} cannot {step} while it is {state}, which is a mistake of tmux-orch's"},
    {ReasonKind::WrongTask, "{text} has ended, and there is no such task"},
};

// What the kind of a fact says by itself; all others say their reason.
constexpr Sentence<FactKind> kFacts[] = {
    {FactKind::BaseMerged, "new commits of {text} are merged in"},
    {FactKind::BaseMoved, "{text} has new commits: they are merged in"},
    {FactKind::BaseTested, "{text} passes its tests"},
    {FactKind::CheckoutChanged,
     "files of your checkout were edited while agents are at work, nobody can tell by whom: "
     "{text}"},
    {FactKind::IntegrationMoved,
     "the integration branch is at {text}, where this run has not put it: the next landing goes "
     "onto that"},
    {FactKind::RunStopped, "`tmux-orch up` goes on with it"},
    {FactKind::RunWaiting, "the user is needed to go on"},
    {FactKind::TaskHeld, "held{by_other}"},
    {FactKind::TaskReleased, "released{by_other}"},
    {FactKind::TaskMerging, "to be merged as it is, asked for by you"},
    {FactKind::TaskUndoing, "to be taken back, asked for by you"},
    {FactKind::TaskTicked, "ticked by hand"},
    {FactKind::TaskUnticked, "its mark was taken back by you; it stays merged"},
};

constexpr Sentence<RefusalKind> kRefusals[] = {
    {RefusalKind::None, ""},
    {RefusalKind::NoSuchTask, "there is no task {task}"},
    {RefusalKind::NoTaskNamed, "{word} needs the id of a task"},
    {RefusalKind::NoTaskLeft, "there is no task left to {word}"},
    {RefusalKind::AlreadyMerged, "{task} is merged already{undo}"},
    {RefusalKind::NotOurMerge, "{task} is {reason}: this run has nothing of it to take back"},
    {RefusalKind::AlreadyOver, "{task} is {word} already"},
    {RefusalKind::BeingLanded, "{task} is being landed already"},
    {RefusalKind::AtTheBranch, "{task} is being landed at this moment"},
    {RefusalKind::WaitForLanding, "{task} is being landed: wait for the outcome"},
    {RefusalKind::NothingToMerge, "{task} has nothing to merge yet: it is {word}"},
    {RefusalKind::StillAtWork, "{task} is still {word}: it lands when its agent is done"},
    {RefusalKind::AskAgain, "{task} is {word}: ask again in a moment"},
    {RefusalKind::NoWorktree, "{task} has no worktree with work in it"},
    {RefusalKind::NotHeld, "{task} is not held: it is {word}"},
    {RefusalKind::RetryNeeded, "{task} {reason}: retry that one"},
    {RefusalKind::NoAgent, "{task} has no agent that could be told anything: it is {word}"},
    {RefusalKind::TakesNoText,
     "agents of the kind {word} take no texts: nobody knows when one is at its prompt"},
    {RefusalKind::TextTooLong, "the text is too long: 64 KB at most"},
    {RefusalKind::NoQuestion,
     "{task} asks nothing that could be answered here (it is {word}): look into its window"},
    {RefusalKind::OtherQuestion, "{task} asks something else by now: look at it again"},
    {RefusalKind::TooManyTexts, "{task} has too many texts waiting already"},
    {RefusalKind::NoText, "there is no text in it"},
    {RefusalKind::NoReceiver,
     "nobody is called {word}: name a task, a kind of agent, `all` or `user`"},
    {RefusalKind::NobodyThere, "no agent that could be told anything is there for {word}"},
    {RefusalKind::NoCoordinator, "there is no coordinator in this run"},
    {RefusalKind::ToItself, "nobody sends messages to themselves"},
    {RefusalKind::NotToOthers,
     "agents may write to the user only (`messages.between_agents` is off)"},
    {RefusalKind::TooManyToOne,
     "{task} has sent {word} {number} messages within {reason} already, which is as many as it "
     "may"},
    {RefusalKind::TooManyOpen,
     "{number} messages wait in this run already: send it when some have been delivered"},
    {RefusalKind::UserIsFull,
     "the user has not read the last {number} messages: go on without an answer"},
    {RefusalKind::NoSuchMessage,
     "there is no message {word}, or it was answered long ago: name the receiver instead"},
    {RefusalKind::NotItsMessage, "{word} is a message for somebody else"},
    {RefusalKind::NotArrivedYet, "{word} has not arrived yet"},
    {RefusalKind::NoReply, "{word} is from tmux-orch itself, which reads no replies"},
    {RefusalKind::NotSure,
     "what {task} asks for is not sure enough to be allowed again: approve it once"},
    {RefusalKind::RuleIsStronger,
     "{word} wants to be asked or says no each time: approve {task} once, or change that rule"},
    {RefusalKind::TooManyGrants,
     "so much is allowed in this run already that there is no room for more: approve {task} once"},
    {RefusalKind::RunIsOver, "the run is {word} already"},
    {RefusalKind::NothingToDirect,
     "the run is {word}, so there is nothing to coordinate: `tmux-orch up` with further tasks, or "
     "`tmux-orch retry` of one, starts the coordinator as well"},
    {RefusalKind::NothingToUndo,
     "{task} has not landed, so there is nothing to take back: it is {word}"},
    {RefusalKind::LandedInParts,
     "{task} landed in parts: `git revert` takes each back, the last one is {commit}"},
    {RefusalKind::BeingUndone, "{task} is being taken back already"},
    {RefusalKind::UnknownKind, "there is no agent '{word}' in this run"},
    {RefusalKind::NotMade, "no task was made: {reason}"},
    {RefusalKind::OnlyTheUser, "only the user may {word}{of_task}"},
    {RefusalKind::TooManyMade,
     "no more tasks are made by agents in this run: {number} is the limit (limits.made_tasks)"},
    {RefusalKind::NoPath, "'{word}' is no path in the worktree that could be locked"},
    {RefusalKind::Locked,
     "{task} has locked {word}: do something else first, or ask its agent for it with `tmux-orch "
     "send`"},
    {RefusalKind::NamedByOther,
     "{word} is a file of {task}, which is under way: do something else first, or leave that "
     "change to its agent"},
    {RefusalKind::NothingLocked,
     "{task} has locked none of these: `tmux-orch status` shows what is locked"},
    {RefusalKind::TooManyLocks, "a task may lock {number} paths, not more"},
    {RefusalKind::TooDeep, "delegating goes {number} deep, not more (limits.made_depth)"},
    {RefusalKind::CannotCompact,
     "an agent of the kind {word} cannot be asked to shorten its conversation"},
    {RefusalKind::KindNotAllowed,
     "tasks that agents make may not go to {word} (limits.made_kinds)"},
};

enum class Remedies { Said, LeftOut };

std::string sentence(const Reason& reason, const TaskId& task, Remedies remedies);

using Gaps = fmt::dynamic_format_arg_store<fmt::format_context>;

template <class Kind, std::size_t Count>
const Sentence<Kind>* row_of(const Sentence<Kind> (&table)[Count], Kind kind) {
  const auto* row = std::ranges::find(table, kind, &Sentence<Kind>::kind);
  return row == std::end(table) ? nullptr : row;
}

std::string filled(std::string_view text, const Gaps& gaps) {
  return fmt::vformat(text, gaps);
}

/// The first few names; an event line has room for no more.
std::string first_of(const std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most) return join(names, ", ");
  const std::vector<std::string> shown(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(most));
  return fmt::format("{} and {} more", join(shown, ", "), names.size() - most);
}

std::string before(std::string_view separator, const std::string& text) {
  return text.empty() ? std::string() : std::string(separator) + text;
}

/// What is about no task may be said of any.
std::string command(std::string_view verb, const TaskId& task) {
  if (task.value.empty()) return fmt::format("`tmux-orch {} TASK`", verb);
  return fmt::format("`{}`", call_about(verb, task.value));
}

/// The commands that go on, each about the task; `then_...` is nothing where the fault says itself
/// how to.
void add_commands(Gaps& gaps, const Reason& reason, const TaskId& task) {
  const Reason* fault = fault_in(reason);
  const bool whole = fault != nullptr && fault->whole;
  const auto then = [&](std::string_view verb) {
    return whole ? std::string() : "; then " + command(verb, task);
  };
  gaps.push_back(fmt::arg("attach", command("attach", task)));
  // One with options has an id.
  const bool has_options = reason.kind == ReasonKind::AgentAsks && !reason.path.empty();
  const std::string approve = ", " + command("approve", task) + " answers it";
  gaps.push_back(fmt::arg("or_approve", has_options ? approve : std::string()));
  gaps.push_back(fmt::arg("release", command("release", task)));
  gaps.push_back(fmt::arg("retry", command("retry", task)));
  gaps.push_back(fmt::arg("merge", command("merge", task)));
  gaps.push_back(fmt::arg("diff", command("diff", task)));
  gaps.push_back(fmt::arg("unlock", command("unlock", task)));
  gaps.push_back(fmt::arg("abort", command("abort", task)));
  gaps.push_back(fmt::arg("then_retry", then("retry")));
  gaps.push_back(fmt::arg("then_merge", then("merge")));
}

/// Whose agent asked for something.
std::string asker(const std::string& task) {
  return task == kCoordinatorWord ? "the coordinator" : task;
}

/// The fields of the reason, and what is made of them.
Gaps gaps_of(const Reason& reason, const TaskId& task, Remedies remedies = Remedies::Said) {
  constexpr std::size_t kTasksShown = 3;
  constexpr std::size_t kFilesShown = 5;
  const std::string cause =
      reason.cause.empty() ? "" : sentence(reason.cause.front(), task, remedies);
  const auto name = [&reason](std::size_t place) {
    return place < reason.names.size() ? reason.names[place] : std::string();
  };
  Gaps gaps;
  gaps.push_back(fmt::arg("text", reason.text));
  gaps.push_back(fmt::arg("anomaly", anomaly_text(reason)));
  gaps.push_back(fmt::arg("said", before(": ", reason.text)));
  gaps.push_back(fmt::arg("its_session", before("; its session is ", reason.text)));
  gaps.push_back(fmt::arg("hint", before("; ", reason.hint)));
  gaps.push_back(fmt::arg("path", reason.path));
  gaps.push_back(fmt::arg("number", reason.number));
  gaps.push_back(fmt::arg(
      "size", size_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, reason.number)))));
  gaps.push_back(fmt::arg("dollars", cost_text(reason.number)));
  const bool is_one = reason.number == 1;
  gaps.push_back(fmt::arg("s", is_one ? "" : "s"));
  gaps.push_back(fmt::arg("are", is_one ? "is" : "are"));
  gaps.push_back(fmt::arg("all_workers", is_one
                                             ? "the only worker is"
                                             : fmt::format("all {} workers are", reason.number)));
  gaps.push_back(fmt::arg("time", span_text(Span(reason.number))));
  gaps.push_back(fmt::arg(
      "again", reason.attempt > 1 ? fmt::format(", attempt {}", reason.attempt) : std::string()));
  gaps.push_back(fmt::arg("names", first_of(reason.names, kFilesShown)));
  gaps.push_back(fmt::arg("tasks", first_of(reason.names, kTasksShown)));
  gaps.push_back(fmt::arg("all", join(reason.names, ", ")));
  gaps.push_back(fmt::arg("who", name(0)));
  gaps.push_back(fmt::arg("by", name(1).empty() ? "you" : name(1)));
  const std::string agent = asker(name(0));
  gaps.push_back(fmt::arg("by_whom", agent.empty() ? "you" : agent));
  gaps.push_back(fmt::arg("by_other", agent.empty() ? agent : " by " + agent));
  gaps.push_back(fmt::arg("who_answers", agent.empty() ? "the user" : agent));
  gaps.push_back(fmt::arg("step", name(1)));
  gaps.push_back(fmt::arg("processes", name(1) + (name(1) == "1" ? " process" : " processes")));
  gaps.push_back(fmt::arg("state", name(2)));
  gaps.push_back(fmt::arg("cause", cause));
  gaps.push_back(fmt::arg("besides", cause.empty() ? cause : cause + "; "));
  gaps.push_back(fmt::arg("special", cause.empty() ? cause : " (" + cause + ")"));
  add_commands(gaps, reason, task);
  return gaps;
}

std::string sentence(const Reason& reason, const TaskId& task, Remedies remedies) {
  const Sentence<ReasonKind>* row = row_of(kReasons, reason.kind);
  if (row == nullptr) return {};
  const Gaps gaps = gaps_of(reason, task, remedies);
  const std::string text = filled(row->text, gaps);
  return remedies == Remedies::Said ? text + filled(row->remedy, gaps) : text;
}

std::string undo_text(const Refusal& refusal) {
  if (refusal.commit.empty()) return {};
  return fmt::format("; {} takes it back", command("undo", refusal.task));
}

}  // namespace

std::string sentence(const Reason& reason, const TaskId& task) {
  return sentence(reason, task, Remedies::Said);
}

std::string bare_sentence(const Reason& reason, const TaskId& task) {
  return sentence(reason, task, Remedies::LeftOut);
}

std::string sentence(const Fact& fact) {
  const Sentence<FactKind>* row = row_of(kFacts, fact.kind);
  if (row == nullptr) return sentence(fact.reason, fact.task);
  return filled(row->text, gaps_of(fact.reason, fact.task));
}

std::string sentence(const Refusal& refusal) {
  const Sentence<RefusalKind>* row = row_of(kRefusals, refusal.kind);
  if (row == nullptr) return {};
  Gaps gaps;
  gaps.push_back(fmt::arg("task", refusal.task.value));
  const bool is_of_task = !refusal.task.value.empty();
  gaps.push_back(fmt::arg("of_task", is_of_task ? " " + refusal.task.value : std::string()));
  gaps.push_back(fmt::arg("word", refusal.word));
  gaps.push_back(fmt::arg("number", refusal.number));
  gaps.push_back(fmt::arg("undo", undo_text(refusal)));
  gaps.push_back(fmt::arg("commit", refusal.commit.value.substr(0, 12)));
  gaps.push_back(fmt::arg("reason", sentence(refusal.reason, refusal.task)));
  return filled(row->text, gaps);
}

}  // namespace orch::ui
