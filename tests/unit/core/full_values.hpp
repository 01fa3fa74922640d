#pragma once
// One value of everything that is stored, each field of it another than its default.
#include "orch/core/codec.hpp"

#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace orch::test {

// One value of each kind, every field another than its default. A new kind does not compile here
// until it has one.
inline const TaskId kTask{"T-1 \"ä\""};
inline const CommitId kCommit{"c0ffee"};

inline Reason full_reason() {
  return {.kind = ReasonKind::BaseRefused,
          .text = "it said \x01",
          .hint = "do it",
          .whole = true,
          .number = -7,
          .attempt = 2,
          .path = "/log",
          .names = {"main", "a.c"},
          .cause = {{.kind = ReasonKind::Fault, .text = "busy"}}};
}

inline TaskSpec full_spec() {
  return {.id = kTask,
          .title = "Write \"it\"",
          .body = "line\nline\t\x01 \xF0\x9F\x98\x80",
          .script = "make",
          .done = true,
          .depends = {TaskId{"T0"}},
          .after = {{TaskId{"T8"}, "phase order"}},
          .items = {"T-1", "T-1.1"},
          .file = "t-1.md",
          .withheld = "deferred",
          .human = true,
          .doubt = "line 3 says that it is done",
          .priority = Priority::P0,
          .creates = {"a.c"},
          .files = {"a.c", "b/"},
          .tags = {"security"},
          .agent = "pi",
          .timeout = Span(90'000),
          .parent = TaskId{"T"},
          .line = 12,
          .made_by = "T0",
          .role = Role::Coordinator,
          .delegated_at = kCommit};
}

inline AnomalyRules full_anomalies() {
  return {{"loop", {AnomalySeverity::High, 3, {AnomalyAction::Tell}, Span(4), "stop"}}};
}

inline Rules full_rules() {
  return {.workers = 9,
          .attempts = 7,
          .task_timeout = Span(1),
          .retry_delay = Span(2),
          .auto_texts = 3,
          .auto_restarts = 8,
          .task_budget = {4, 5},
          .run_budget = {6, 7},
          .continue_after = {Span(6)},
          .on_overlap = OnOverlap::Cancel,
          .agent = "sh",
          .agent_is_named = true,
          .route = {"sh", "pi"},
          .failover_after = Span(11),
          .agents = {{"sh",
                      {DoneBy::Exit,
                       true,
                       true,
                       3,
                       true,
                       true,
                       Span(9),
                       true,
                       Span(7),
                       Span(8),
                       UsageFormat::Claude,
                       true,
                       {"web"},
                       true,
                       true,
                       "/compact"}},
                     {"pi", {}}},
          .only = {kTask},
          .started = {kTask},
          .skipped = {TaskId{"T0"}},
          .unread = 4,
          .base = "main",
          .tested = true,
          .test_base = false,
          .write_back = false,
          .follow = Follow::Never,
          .wait_user = Span(5),
          .seed = std::numeric_limits<std::uint64_t>::max(),
          .idle_agents = 6,
          .rounds = 3,
          .reviews = {{"security", false}},
          .prices = {{"m", {1.5, 2, 0.25, 3}}},
          .anomalies = full_anomalies(),
          .parallel = 4,
          .in_order = true,
          .push = PushWhen::End,
          .push_remote = "origin",
          .push_to = "origin main",
          .push_command = true,
          .messages = {false, 3, Span(4), 5, 6},
          .coordinator = {"pi", Span(8)},
          .made = {7, 3, {"claude"}},
          .lock_warning = Span(9)};
}

inline Usage full_usage() {
  return {.models = {{"m", {4, 1, 2, 3}}}, .cost = 5, .context = 6, .context_window = 7};
}

inline TaskRecord full_task() {
  TaskRecord task;
  task.plan = {full_spec(), {{TaskId{"T9"}, "T9 creates a.c"}}, Priority::P1, 2, 3};
  task.needs = {TaskId{"T0"}};
  task.overlaps = {TaskId{"T3"}};
  task.state = TaskState::Aborted;
  task.why = full_reason();
  task.stuck = Stuck::Landing;
  task.held = true;
  task.wanted = false;
  task.gone = true;
  task.attempts = 2;
  task.agent = 4;
  task.worker = 3;
  task.crashes = 1;
  task.failures = 2;
  task.restarts = 3;
  task.auto_texts = 4;
  task.auto_restarts = 2;
  task.choices = {{"pi", {"web"}, true}};
  task.spent = {9, 3};
  task.granted = {8, 2};
  task.not_before = at_ms(7);
  task.ending = Ending::Redo;
  task.ending_why = quoted("tmux");
  task.reported = task.work = task.merged = kCommit;
  task.landing = 9;
  task.seen = {"ci.yml"};
  task.reviewed = 1;
  task.weakened = {"deletes a_test.c"};
  task.returned = {full_reason(), kCommit, kCommit, 2, true};
  task.items_merged = {"T-1"};
  task.changed = false;
  task.untested = true;
  task.left = "left a file";
  task.progress = 0.1;
  task.last_note = "half of it";
  task.seen_reports = {"r1", "r2"};
  task.rescues = {"refs/orch/rescue/1"};
  task.queued_order = 10;
  task.worked = Span(11);
  task.tick = Tick::Late;
  task.cleaned = true;
  task.changed_at = at_ms(12);
  task.undone = kCommit;
  task.assigned = "pi";
  task.sent = {{{PartyKind::Task, kTask}, at_ms(3), 4, true}};
  task.test_anew = true;
  task.parts = {kCommit};
  task.held_by = kTask;
  task.used = {{1, "pi", {{"/log", full_usage()}}, "/log"}};
  task.conflicts = {{kTask, {"a.c"}, 2}};
  return task;
}

inline Subject full_subject() {
  return {"Bash", "make\ncheck"};
}

inline Ruling full_ruling() {
  return {PolicyAnswer::Deny, "rule 1 of a", full_subject()};
}

inline AgentRun full_agent() {
  return {
      .id = 4,
      .role = Role::Reviewer,
      .task = TaskId{"T"},
      .attempt = 2,
      .worker = 3,
      .kind = "pi",
      .worktree = "/w",
      .branch = "orch/T",
      .start = kCommit,
      .window = "@1",
      .pane = "%2",
      .shim = {"host", 1LL << 40, 7, "boot"},
      .token = "token",
      .phase = AgentPhase::Exiting,
      .began = at_ms(6),
      .busy_since = at_ms(4),
      .busy = Span(5),
      .items = {"T-1.1"},
      .no_changes = true,
      .said_done = true,
      .reported = true,
      .last_words = "it works",
      .turn = {Activity::Asking, "question", "which one?", "id", at_ms(7), at_ms(8), Source::Both,
               full_ruling(), RuleStep::Failed, TurnError::Quota, Span(9), at_ms(13), true},
      .own = {"Stop", Activity::Idle, "permission", "a text", at_ms(11), full_subject()},
      .session = "3f1c",
      .session_told = true,
      .spoilt = Spoilt::Loop,
      .offered = "4a",
      .resumed = true,
      .type_after = at_ms(10),
      .reminders = 1,
      .continues = 3,
      .interrupts = 4,
      .interrupted = at_ms(14),
      .answers = 2,
      .control = Control::User,
      .control_since = at_ms(12),
      .has_orphans = true,
      .overloads = true,
      .log = "/log",
      .health = {{{"loop", {2, 3, at_ms(15), AnomalyAction::Abort, 12, "Bash: ls", 40}}},
                 5,
                 full_reason()},
      .told = 6};
}

inline Message full_message() {
  return {.number = 7,
          .id = "id",
          .from = {PartyKind::Task, kTask},
          .to = {PartyKind::Supervisor, kTask},
          .kind = MessageKind::Reminder,
          .now = true,
          .reply_to = 6,
          .about = "loop",
          .text = "text",
          .state = MessageState::Uncertain,
          .why = "why",
          .put_off = 2,
          .sent = at_ms(8),
          .at = at_ms(9)};
}

inline RunRecord full_run() {
  RunRecord run;
  run.rules = full_rules();
  run.phase = RunPhase::Finished;
  run.why = quoted("why");
  run.base_start = run.integration = run.followed = run.base_tip = run.base_work = kCommit;
  run.landings = {
      {TaskId{"T"}, 2, kCommit, kCommit, kCommit, LandingState::Moving, "red", TaskId{"T1"}}};
  run.behind_why = quoted("dirty");
  run.behind_command = "git merge";
  run.following = true;
  run.follow_tried = run.base_refused = kCommit;
  run.base_landing = 1;
  run.keep_agents = run.last_ticks = true;
  run.next_effect = 3;
  run.next_order = 4;
  run.next_agent = 5;
  run.waiting_for_user = at_ms(5);
  run.kinds["pi"] = {true,     1,         quoted("no network"), at_ms(11), at_ms(12),
                     kTask,    at_ms(13), quoted("limit"),      true,      TaskId{"T0"},
                     at_ms(14)};
  run.grants = {{"pi", full_subject()}};
  run.memory_short = full_reason();
  run.spent = {7, 6};
  run.granted = {5, 4};
  run.dispatched = 6;
  run.test_failures = 7;
  run.gate_blocks = 3;
  run.flaky_tests = 2;
  run.parallel_time = Span(8);
  run.started = at_ms(9);
  run.ended = at_ms(10);
  run.landed = kCommit;
  run.train = 3;
  run.undos = {kTask};
  run.pushed = run.push_tried = run.commanded = kCommit;
  run.push_why = full_reason();
  run.push_command = "git push";
  run.next_message = 9;
  run.pushed_to = "origin main";
  run.digest = {true, at_ms(4), {kTask}, {kTask, kTask}};
  run.report_is_old = true;
  run.delegations = {{kTask, TaskId{"T9"}}};
  run.locks = {{"a.c", kTask, at_ms(5), true}};
  return run;
}

inline void fill(TestBase& it) {
  it = {kCommit};
}

inline void fill(CreateWorktree& it) {
  it = {kTask, 1, "pi", kCommit, true, kCommit};
}

inline void fill(StartAgent& it) {
  it = {kTask, 1, 2, "pi", "/w", "b", full_reason(), "3f1c"};
}

inline void fill(TypeText& it) {
  it = {kTask, 1, "pi", "id", MessageKind::Reminder, "text", true, {7, 8}};
}

inline void fill(AnswerQuestion& it) {
  it = {kTask, 1, 2, "pi", "id", "yes", "rule 1 of a", full_subject(), true};
}

inline void fill(InterruptTurn& it) {
  it = {kTask, 1, 2, "pi", false};
}

inline void fill(StopAgent& it) {
  it = {kTask, 1};
}

inline void fill(CollectWork& it) {
  it = {kTask, 1, "/w", "b", kCommit, kCommit, true};
}

inline void fill(RescueWork& it) {
  it = {kTask, 1, "/w", "b", kCommit};
}

inline void fill(ReturnWork& it) {
  it = {kTask, 1, "pi", "/w", "b", kCommit, kCommit, true, full_reason()};
}

inline void fill(TakeIn& it) {
  it = {kTask, 1, "pi", "/w", "b", TaskId{"T9"}, kCommit, true, "said", full_reason()};
}

inline void fill(ReviewWork& it) {
  it = {kTask, 1, kCommit, "security"};
}

inline void fill(PrepareLanding& it) {
  it = {kTask, 1, kCommit, kCommit, {"ci.yml"}, kTask, {kCommit}};
}

inline void fill(TestLanding& it) {
  it = {kTask, 1, kCommit, kCommit, 1, false, kTask, true};
}

inline void fill(Land& it) {
  it = {kTask, 1, kCommit, kCommit, {TaskId{"T0"}}, true, kTask};
}

inline void fill(FollowBase& it) {
  it = {kCommit};
}

inline void fill(TickFile& it) {
  it = {kTask};
}

inline void fill(CleanUp& it) {
  it = {kTask, 1, "/w", "b", kCommit};
}

inline void fill(PushBranch& it) {
  it = {kCommit, "origin main"};
}

inline void fill(RunPushCommand& it) {
  it = {kCommit, "origin main"};
}

inline void fill(WriteReport&) {}

inline void fill(NotDone& it) {
  it = {"why", "hint", true, true, true};
}

inline void fill(WorktreeReady& it) {
  it = {"/w", "b", kCommit, "left a file"};
}

inline void fill(AgentStarted& it) {
  it = {"@1", "%2", 3, 4, "boot", "token", "3f1c"};
}

inline void fill(Done&) {}

inline void fill(TurnEnded& it) {
  it = {true};
}

inline void fill(TextTyped& it) {
  it = {true};
}

inline void fill(TextPutOff& it) {
  it = {"a person is typing"};
}

inline void fill(TextUncertain& it) {
  it = {"its agent has ended"};
}

inline void fill(QuestionAnswered& it) {
  it = {"Yes", "may I?"};
}

inline void fill(WorkCollected& it) {
  it = {kCommit, true, "note"};
}

inline void fill(WorkRescued& it) {
  it = {"ref", "left a file"};
}

inline void fill(WorkReturned& it) {
  it = {"mend it"};
}

inline void fill(Reviewed& it) {
  it = {Verdict::Block, {"a.c:3: no check"}, "why", "/log"};
}

inline void fill(LandingPrepared& it) {
  it = {kCommit, {"deletes a_test.c"}};
}

inline void fill(LandingConflicts& it) {
  it = {{"a.c", "b.c"}, true, "git revert c"};
}

inline void fill(LandingProtected& it) {
  it = {{"ci.yml", "tmux-orch.toml"}};
}

inline void fill(Tested& it) {
  it = {true, "why", "/log", "flaky", true, "security"};
}

inline void fill(Landed& it) {
  it = {kCommit};
}

inline void fill(BranchMoved& it) {
  it = {kCommit};
}

inline void fill(StayedBehind& it) {
  it = {"why", "git merge"};
}

inline void fill(RunStarted& it) {
  it = {full_rules(), {full_spec()}, kCommit, {{kTask, kCommit}}, {true, 5, kTask, 6, 7}};
}

inline void fill(RunResumed& it) {
  it = {full_rules(), {full_spec()}, true, {kTask}, {true, 5, kTask, 6, 7}};
}

inline void fill(TasksChanged& it) {
  it = {{full_spec(), TaskSpec{}}, {kTask}};
}

inline void fill(EffectEnded& it) {
  it = {1LL << 50, Done{}};
}

inline void fill(AgentExited& it) {
  it = {kTask, 1, ExitKind::Hangup, 2, "why", "words"};
}

inline HookCall full_hook_call() {
  return {"Stop", "3f1c",         Activity::Idle, "permission", "a text",
          true,   full_subject(), true,           "/log"};
}

inline void fill(AgentReported& it) {
  it = {"id",    kTask, 1,         ReportKind::Progress, "text", 0.75,
        kCommit, true,  {"T-1.1"}, full_hook_call(),     "all",  6};
}

inline void fill(AgentSeen& it) {
  it = {kTask,  1,    Activity::Asking, "permission",  "Do you want to?",
        "id",   true, Source::Both,     full_ruling(), TurnError::SignIn,
        Span(9)};
}

inline void fill(MemorySeen& it) {
  it = {true, 5, kTask, 6, 7};
}

inline void fill(AgentOverloads& it) {
  it = {kTask, 1, 97, {kTask}};
}

inline void fill(AnomalySeen& it) {
  it = {kTask, 1, Anomaly::Context, 90, 3, "a line"};
}

inline void fill(ControlSeen& it) {
  it = {kTask, 1, Control::User};
}

inline void fill(AgentUsed& it) {
  it = {kTask, 1, "/log", full_usage()};
}

inline void fill(UserAsked& it) {
  it = {Verb::DownKeepAgents, kTask, "id", "text", "all", 6, {full_spec()}, TaskId{"T9"}};
}

inline void fill(BaseMoved& it) {
  it = {kCommit};
}

inline void fill(CheckoutChanged& it) {
  it = {"a.c"};
}

inline void fill(ConflictsForeseen& it) {
  it = {kTask, {{kTask, {"a.c"}, 2}}};
}

inline void fill(IntegrationMoved& it) {
  it = {kCommit};
}

inline void fill(ClockTicked&) {}

template <class... Kinds>
std::vector<std::variant<Kinds...>> one_of_each(const std::variant<Kinds...>*) {
  const auto filled = [](auto kind) {
    fill(kind);
    return std::variant<Kinds...>(kind);
  };
  return {filled(Kinds{})...};
}

template <class Variant>
std::vector<Variant> one_of_each() {
  return one_of_each(static_cast<const Variant*>(nullptr));
}

}  // namespace orch::test
