#pragma once
// How an effect can end, one struct each, all plain data. Which of them an effect can end in stands
// in the effect, as its Ends.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch {

/// It could not be done. `transient`: trying again may help (a lock, tmux), which the outbox does.
struct NotDone {
  static constexpr std::string_view kName = "not_done";
  std::string why;
  std::string hint;
  bool transient = false;
  bool no_space = false;  ///< the disk is full: transient, and waited for as long as it takes
  bool whole = false;     ///< the hint says how the task goes on: nothing is to be added
  ORCH_FIELDS(why, hint, transient, no_space, whole)
  bool operator==(const NotDone&) const = default;
};

struct WorktreeReady {
  static constexpr std::string_view kName = "worktree_ready";
  std::string worktree;
  std::string branch;
  CommitId start;
  std::string note{};  ///< of the set-up and the trash; empty: nothing to say
  ORCH_FIELDS(worktree, branch, start, note)
  bool operator==(const WorktreeReady&) const = default;
};

struct AgentStarted {
  static constexpr std::string_view kName = "agent_started";
  std::string window;
  std::string pane;
  std::int64_t pid = 0;         ///< of the shim, and what makes it that process and no other:
  std::uint64_t pid_start = 0;  ///< clock ticks since boot
  std::string boot{};
  std::string token{};    ///< proves a report of this attempt where ancestors cannot be seen
  std::string session{};  ///< the id that its conversation was given; empty: none
  ORCH_FIELDS(window, pane, pid, pid_start, boot, token, session)
  bool operator==(const AgentStarted&) const = default;
};

/// Done, and there is nothing to say about it.
struct Done {
  static constexpr std::string_view kName = "done";
  bool operator==(const Done&) const = default;
};

/// The text and Enter are the agent's.
struct TextTyped {
  static constexpr std::string_view kName = "text_typed";
  bool started = false;  ///< a turn has begun
  ORCH_FIELDS(started)
  bool operator==(const TextTyped&) const = default;
};

struct TurnEnded {
  static constexpr std::string_view kName = "turn_ended";
  /// Its program put the text of the turn back into the prompt, where it stands unless the effect
  /// had it sent once more.
  bool put_back = false;
  ORCH_FIELDS(put_back)
  bool operator==(const TurnEnded&) const = default;
};

/// Nothing was typed, and may be later: a person is typing, or a dialog is open.
struct TextPutOff {
  static constexpr std::string_view kName = "text_put_off";
  std::string why;
  ORCH_FIELDS(why)
  bool operator==(const TextPutOff&) const = default;
};

/// It may have been typed, or stand unsent at the prompt: nobody can know, or dared to press Enter.
struct TextUncertain {
  static constexpr std::string_view kName = "text_uncertain";
  std::string why;
  ORCH_FIELDS(why)
  bool operator==(const TextUncertain&) const = default;
};

/// A key was pressed, and the question is gone.
struct QuestionAnswered {
  static constexpr std::string_view kName = "question_answered";
  std::string label;  ///< of the option
  std::string text;   ///< what stood on the screen, as one line
  ORCH_FIELDS(label, text)
  bool operator==(const QuestionAnswered&) const = default;
};

struct WorkCollected {
  static constexpr std::string_view kName = "work_collected";
  CommitId work;  ///< what is to land
  bool changed = false;
  std::string note;  ///< "2 files were left uncommitted: a.c, b.c"; empty: nothing to say
  ORCH_FIELDS(work, changed, note)
  bool operator==(const WorkCollected&) const = default;
};

struct WorkRescued {
  static constexpr std::string_view kName = "work_rescued";
  std::string ref;     ///< empty: there was nothing to save
  std::string note{};  ///< what of the worktree is in the trash; empty: nothing to say
  ORCH_FIELDS(ref, note)
  bool operator==(const WorkRescued&) const = default;
};

/// The worktree is as it is to be mended.
struct WorkReturned {
  static constexpr std::string_view kName = "work_returned";
  std::string text;  ///< for its agent
  ORCH_FIELDS(text)
  bool operator==(const WorkReturned&) const = default;
};

/// What a reviewing agent says of work.
enum class Verdict : std::uint8_t {
  Pass,
  Warn,   ///< it may land, and the user is told what was found
  Block,  ///< it may not
  None,   ///< there was no answer
};

template <>
struct EnumNames<Verdict> {
  static constexpr std::pair<Verdict, std::string_view> kTable[] = {{Verdict::Pass, "pass"},
                                                                    {Verdict::Warn, "warn"},
                                                                    {Verdict::Block, "block"},
                                                                    {Verdict::None, "none"}};
};

struct Reviewed {
  static constexpr std::string_view kName = "reviewed";
  Verdict verdict = Verdict::None;
  std::vector<std::string> issues{};  ///< a line each
  std::string why{};                  ///< there was no answer
  std::string log{};                  ///< path; empty: nobody had to look
  ORCH_FIELDS(verdict, issues, why, log)
  bool operator==(const Reviewed&) const = default;
};

struct LandingPrepared {
  static constexpr std::string_view kName = "landing_prepared";
  CommitId candidate;
  std::vector<std::string> weakened{};  ///< what it does to tests: "deletes a_test.c"
  ORCH_FIELDS(candidate, weakened)
  bool operator==(const LandingPrepared&) const = default;
};

struct LandingConflicts {
  static constexpr std::string_view kName = "landing_conflicts";
  std::vector<std::string> files;
  bool marks = false;     ///< they merge, and have the marks of an earlier conflict
  std::string command{};  ///< of an undo: does the same by hand
  ORCH_FIELDS(files, marks, command)
  bool operator==(const LandingConflicts&) const = default;
};

/// It merges, and changes files that land only after the user has seen that.
struct LandingProtected {
  static constexpr std::string_view kName = "landing_protected";
  std::vector<std::string> files;
  ORCH_FIELDS(files)
  bool operator==(const LandingProtected&) const = default;
};

struct Tested {
  static constexpr std::string_view kName = "tested";
  bool passed = false;
  std::string why;          ///< "make check exited with 2"; empty when it passed
  std::string log;          ///< path
  std::string flaky{};      ///< passed, after it had failed on the same tree: why
  bool base_fails = false;  ///< did not pass, and what it is to land on does not either
  std::string gate{};       ///< which gate did not pass; empty: a test
  ORCH_FIELDS(passed, why, log, flaky, base_fails, gate)
  bool operator==(const Tested&) const = default;
};

struct Landed {
  static constexpr std::string_view kName = "landed";
  CommitId tip;
  ORCH_FIELDS(tip)
  bool operator==(const Landed&) const = default;
};

/// Somebody else moved the branch; nothing was done.
struct BranchMoved {
  static constexpr std::string_view kName = "branch_moved";
  CommitId tip;
  ORCH_FIELDS(tip)
  bool operator==(const BranchMoved&) const = default;
};

/// The user's branch could not follow; `command` catches up later.
struct StayedBehind {
  static constexpr std::string_view kName = "stayed_behind";
  std::string why;
  std::string command;
  ORCH_FIELDS(why, command)
  bool operator==(const StayedBehind&) const = default;
};

/// Any end of any effect: what travels in an event.
using Outcome = std::variant<NotDone, WorktreeReady, AgentStarted, Done, TextTyped, TextPutOff,
                             TextUncertain, TurnEnded, QuestionAnswered, WorkCollected, WorkRescued,
                             WorkReturned, Reviewed, LandingPrepared, LandingConflicts,
                             LandingProtected, Tested, Landed, BranchMoved, StayedBehind>;

/// What was in the way, as a reason.
Reason reason_of(const NotDone& failure);
std::string_view name_of(const Outcome& outcome);

}  // namespace orch
