// What an agent is seen at while it works.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kA{"A"};

/// A task that says when it is done, at work.
Run talking(Rules rules = plain_rules()) {
  Run run({task_by("A", "talker")}, std::move(rules));
  run.start("A");
  return run;
}

AgentSeen seen(Activity activity, const std::string& kind = {}, const std::string& text = {}) {
  return {.task = kA, .attempt = 1, .activity = activity, .kind = kind, .evidence = text};
}

/// Its turn ends without a report, it is told so, and goes on, as often as that is done.
void remind_twice(Run& run) {
  for (int i = 0; i < kReminders; ++i) {
    run.handle(seen(Activity::Idle));
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    run.end<TypeText>("A", TextTyped{true});
    CHECK(run.agent("A").turn.activity == Activity::Busy);
  }
}

const AgentSeen kAsks = seen(Activity::Asking, "permission", "Do you want to run make?");

}  // namespace

TEST_CASE("an agent that asks waits for the user, and its clock stands still") {
  Run run = talking();
  run.handle(kAsks);
  CHECK(run.agent("A").turn.activity == Activity::Asking);
  CHECK_FALSE(run.agent("A").busy_since.has_value());
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.task("A").worker == 1);
  CHECK(run.why("A") ==
        "its agent waits for an answer (permission): Do you want to run make?; "
        "`tmux-orch attach A` shows it");
  run.handle(kAsks);
  CHECK(run.told("task.asking").size() == 1);
  SECTION("until it is answered") {
    run.pass(40min);
    run.handle(seen(Activity::Busy));
    CHECK(run.agent("A").busy_since.has_value());
    CHECK(run.why("A").empty());
    CHECK(run.state_of("A") == TaskState::Running);
  }
  SECTION("and another question is told again") {
    run.handle(seen(Activity::Asking, "question", "Which one?"));
    CHECK(run.told("task.asking").size() == 2);
  }
  SECTION("and is no reason any more when its turn is over and it is told to report") {
    run.handle(seen(Activity::Idle));
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    CHECK(run.why("A").empty());
  }
}

TEST_CASE("a turn that is over or failed is told, with what can be done") {
  Run run = talking();
  SECTION("idle, and told to report often enough") {
    remind_twice(run);
    CHECK(run.told("task.idle").empty());
    run.handle(seen(Activity::Idle));
    CHECK(run.told("task.idle").size() == 1);
    CHECK(needs_user(run.state(), run.task("A")));
    run.ask(Verb::Merge, "A");
    CHECK(run.effect<CollectWork>("A").as_is);
  }
  SECTION("failed") {
    run.handle(seen(Activity::Failed, {}, "API Error 500"));
    CHECK(run.told("task.turn-failed")
              .front()
              .starts_with("A: its agent stopped at an error: API Error 500"));
  }
}

TEST_CASE("what an agent is at after it has said done is of no concern") {
  Run run = talking();
  run.says("A", ReportKind::Done, "it works");
  run.handle(seen(Activity::Idle));
  CHECK(run.told("task.idle").empty());
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
}

TEST_CASE("an agent without progress is told once, and its clock runs") {
  Run run = talking();
  AgentSeen event = seen(Activity::Busy, {}, "for 60 s");
  event.stalled = true;
  run.handle(event);
  run.handle(event);
  CHECK(run.told("task.stalled").size() == 1);
  CHECK(run.agent("A").busy_since.has_value());
  run.handle(seen(Activity::Busy));
  CHECK_FALSE(run.agent("A").turn.stalled_since.has_value());
}

TEST_CASE("what is seen of an earlier attempt or of one that has ended changes nothing") {
  Run run = talking();
  AgentSeen event = kAsks;
  SECTION("earlier") {
    event.attempt = 0;
  }
  SECTION("ended") {
    run.exits("A", 1);
  }
  run.handle(event);
  CHECK(run.told("task.asking").empty());
  CHECK(run.agent("A").turn.activity == Activity::Busy);
}

TEST_CASE("without anybody to wait for, a run ends with what its agents ask") {
  Rules rules = plain_rules();
  rules.wait_user = Span{0};
  Run run = talking(std::move(rules));
  run.handle(kAsks);
  CHECK(run.in_flight<StopAgent>("A") == nullptr);
  CHECK(run.engine.next_wake() == run.now + 30s);
  run.pass(30s);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  run.end<WriteReport>();
  CHECK(exit_status(run.state()) == 4);
  CHECK(run.why("A").starts_with("its agent waits for an answer (permission)"));
}

TEST_CASE("a question is answered by its id, and another one is not") {
  Run run = talking();
  AgentSeen asks = kAsks;
  asks.question = "q1";
  run.handle(asks);
  CHECK(run.why("A").ends_with("`tmux-orch approve A` answers it"));
  const auto answer = [&](const std::string& question) {
    return run.handle(UserAsked{Verb::Answer, kA, question, "yes"}).refused;
  };
  CHECK(ui::sentence(answer("q0")) == "A asks something else by now: look at it again");
  CHECK(answer("q1").empty());
  CHECK(run.effect<AnswerQuestion>("A").option == "yes");
  SECTION("done") {
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
    CHECK(run.told("task.answered") ==
          std::vector<std::string>{"A: was answered 'Yes' by you: make check?"});
  }
  SECTION("not done") {
    run.end<AnswerQuestion>("A", NotDone{.why = "it has gone"});
    CHECK(run.told("task.trouble").front() == "A: its question is not answered: it has gone");
  }
  SECTION("and what asks nothing is not") {
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
    run.handle(seen(Activity::Busy));
    CHECK_FALSE(answer("q1").empty());
  }
}

TEST_CASE("a text is typed when its agent is at its prompt, and never twice") {
  Run run = talking();
  const UserAsked send{Verb::Send, kA, "m1", "use the other parser"};
  CHECK(run.handle(send).refused.empty());
  CHECK(run.in_flight<TypeText>("A") == nullptr);
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").text == "use the other parser");
  run.handle(send);
  CHECK(run.messages("A").size() == 1);
  SECTION("put off while a person types") {
    run.end<TypeText>("A", TextPutOff{"a person is typing"});
    CHECK(run.in_flight<TypeText>("A") == nullptr);
    CHECK(run.engine.next_wake() == run.now + 3s);
    run.pass(3s);
    CHECK(run.effect<TypeText>("A").message == "m1");
  }
  SECTION("typed") {
    run.end<TypeText>("A", TextTyped{true});
    CHECK(run.messages("A").front().state == MessageState::Started);
    CHECK(run.told("task.told") == std::vector<std::string>{"A: was told: use the other parser"});
  }
  SECTION("kept for its next agent when this one ends") {
    run.end<TypeText>("A", TextPutOff{"a person is typing"});
    run.exits("A", 1);
    CHECK(run.messages("A").front().state == MessageState::Queued);
    run.end<RescueWork>("A");
    run.pass(1min);
    run.start("A");
    run.handle(AgentSeen{.task = kA, .attempt = 2, .activity = Activity::Idle});
    CHECK(run.effect<TypeText>("A").attempt == 2);
    CHECK(run.effect<TypeText>("A").message == "m1");
  }
  SECTION("refused when its task is over") {
    run.end<TypeText>("A", TextPutOff{"a person is typing"});
    run.ask(Verb::Abort, "A");
    run.end<StopAgent>("A");
    run.end<RescueWork>("A");
    CHECK(run.messages("A").front().state == MessageState::Refused);
    CHECK(run.messages("A").front().why == "its task is aborted");
    CHECK(run.told("task.trouble").size() == 1);
  }
}

TEST_CASE("what its program says while a text is typed is said of the turn that the text begins") {
  Run run = talking();
  run.handle(seen(Activity::Idle));
  run.handle(UserAsked{Verb::Send, kA, "m1", "use the other parser"});
  const bool is_new = GENERATE(true, false);
  if (is_new) run.pass(1s);
  const HookCall stop{.event = "Stop", .activity = Activity::Idle};
  run.handle(
      AgentReported{.id = "h1", .task = kA, .attempt = 1, .kind = ReportKind::Hook, .hook = stop});
  run.pass(1s);
  run.end<TypeText>("A", TextTyped{});
  CHECK(run.agent("A").own.is_there() == is_new);
}

TEST_CASE("a text for an agent that is being started is typed when it is at its prompt") {
  Run run({task_by("A", "talker")});
  const UserAsked send{Verb::Send, kA, "m1", "use the other parser"};
  SECTION("while its worktree is made") {
    CHECK(run.handle(send).refused.empty());
    run.start("A");
  }
  SECTION("while its window is opened") {
    run.end<CreateWorktree>("A");
    CHECK(run.handle(send).refused.empty());
    run.end<StartAgent>("A");
  }
  CHECK(run.in_flight<TypeText>("A") == nullptr);
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").message == "m1");
}

TEST_CASE("a text for an agent that never comes up waits for another one") {
  Run run({task_by("A", "talker")});
  CHECK(run.handle(UserAsked{Verb::Send, kA, "m1", "use the other parser"}).refused.empty());
  run.end<CreateWorktree>("A", NotDone{"the branch is checked out elsewhere"});
  CHECK(run.messages("A").front().state == MessageState::Queued);
  CHECK(run.handle(UserAsked{Verb::Send, kA, "m2", "are you there?"}).refused.empty());
}

TEST_CASE(
    "a text of which nobody knows whether it was typed is told to the user, and not typed again") {
  Run run = talking();
  run.handle(UserAsked{Verb::Send, kA, "m1", "use the other parser"});
  run.handle(seen(Activity::Idle));
  run.end<TypeText>("A", TextUncertain{"its window ended"});
  CHECK(run.messages("A").front().state == MessageState::Uncertain);
  CHECK(run.told("task.trouble").size() == 1);
  run.pass(60s);
  CHECK(run.in_flight<TypeText>("A") == nullptr);
}

TEST_CASE("a text that must not wait overtakes while its agent works, if its program takes it") {
  Rules rules = plain_rules();
  rules.agents["talker"].takes_texts_busy = GENERATE(true, false);
  Run run = talking(rules);
  run.handle(UserAsked{Verb::Send, kA, "m1", "first"});
  run.handle(UserAsked{Verb::SendNow, kA, "m2", "second"});
  if (rules.agents["talker"].takes_texts_busy) {
    CHECK(run.effect<TypeText>("A").message == "m2");
    CHECK(run.effect<TypeText>("A").now);
    run.end<TypeText>("A", TextTyped{});
  }
  CHECK(run.in_flight<TypeText>("A") == nullptr);
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").message == "m1");
  CHECK_FALSE(run.effect<TypeText>("A").now);
}

TEST_CASE("a reminder that cannot be given any more is no trouble") {
  Run run = talking();
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Reminder);
  SECTION("as its hook has told it") {
    run.end<TypeText>("A", NotDone{.why = "its hook has told it so already"});
  }
  SECTION("as its agent has ended") {
    run.end<TypeText>("A", TextPutOff{"its screen shows: busy"});
    run.exits("A", 0);
  }
  CHECK(run.messages("A").front().state == MessageState::Refused);
  CHECK(run.told("task.trouble").empty());
}

TEST_CASE("a text that cannot be typed for a minute is told to the user") {
  Run run = talking();
  run.handle(seen(Activity::Idle));
  for (int i = 0; i < Message::kPatience; ++i) {
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    run.end<TypeText>("A", TextPutOff{"a person is typing in its window"});
    run.pass(3s);
  }
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.told("task.idle").size() == 1);
  run.end<TypeText>("A", TextTyped{true});
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
}

TEST_CASE("an agent whose screen nobody can read is told nothing") {
  Run run({task("A")});
  run.start("A");
  const Refusal refused = run.handle(UserAsked{Verb::Send, kA, "m1", "hello"}).refused;
  CHECK(refused.kind == RefusalKind::TakesNoText);
}

TEST_CASE("a P0 whose agent asks does not hold the others back") {
  Run run({ranked("A", Priority::P0), task_by("B", "talker")});
  run.start("A");
  CHECK(run.state_of("B") == TaskState::Waiting);
  run.handle(kAsks);
  CHECK(run.state_of("B") == TaskState::Preparing);
}

TEST_CASE("a done that is refused is told, and shown while nothing newer happened") {
  Run run = talking();
  run.says("A", ReportKind::DoneRefused, "2 files are not committed: a, b");
  CHECK(run.told("task.done-refused") ==
        std::vector<std::string>{
            "A: its agent said done, and that was refused: 2 files are not committed: a, b"});
  CHECK(run.why("A") ==
        "its agent said done, and that was refused: 2 files are not committed: a, b");
  CHECK(run.task("A").last_note.empty());
  CHECK(run.state_of("A") == TaskState::Running);
  SECTION("it goes on") {
    run.says("A", ReportKind::Progress, "committing");
    CHECK(run.why("A").empty());
  }
  SECTION("it asks") {
    run.handle(kAsks);
    CHECK(run.task("A").why.kind == ReasonKind::AgentAsks);
  }
  SECTION("it is done") {
    run.says("A", ReportKind::Done);
    CHECK(run.state_of("A") == TaskState::Checking);
  }
}

namespace {

AgentReported called(const HookCall& call, const std::string& id) {
  return {.id = id, .task = kA, .attempt = 1, .kind = ReportKind::Hook, .hook = call};
}

}  // namespace

TEST_CASE("what its program says is kept for who joins it with the screen") {
  Run run = talking();
  run.handle(called({"SessionStart", "s-1"}, "h1"));
  CHECK(run.agent("A").session == "s-1");
  CHECK_FALSE(run.agent("A").own.is_there());
  run.handle(called({"PermissionRequest", "", Activity::Asking, "permission", "Bash"}, "h2"));
  CHECK(run.agent("A").session == "s-1");
  CHECK(run.agent("A").own.activity == Activity::Asking);
  CHECK(run.agent("A").turn.activity == Activity::Busy);
  CHECK(run.task("A").last_note.empty());
  SECTION("and is of a turn before when a text has been typed") {
    run.handle(seen(Activity::Idle));
    run.end<TypeText>("A", TextTyped{true});
    CHECK_FALSE(run.agent("A").own.is_there());
  }
}

TEST_CASE("reminders by a hook and by typing are counted together") {
  Run run = talking();
  const HookCall reminded{"Stop", "", Activity::Busy, "", "", true};
  run.handle(called(reminded, "h1"));
  CHECK(run.agent("A").reminders == 1);
  CHECK(run.told("task.reminded").size() == 1);
  CHECK(run.agent("A").turn.activity == Activity::Busy);
  run.handle(called(reminded, "h1"));
  CHECK(run.agent("A").reminders == 1);
  run.handle(seen(Activity::Idle));
  run.end<TypeText>("A", TextTyped{true});
  CHECK(run.agent("A").reminders == 2);
  run.handle(seen(Activity::Idle));
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.told("task.reminded").size() == 2);
}

TEST_CASE("a dialog that its program tells first and its screen shows then is one dialog") {
  Run run = talking();
  AgentSeen told = seen(Activity::Asking, "permission", "its hook PermissionRequest: Bash");
  told.source = Source::Hook;
  run.handle(told);
  AgentSeen shown = kAsks;
  shown.question = "q1";
  shown.source = Source::Both;
  run.handle(shown);
  CHECK(run.told("task.asking").size() == 1);
  CHECK(run.agent("A").turn.question == "q1");
  shown.question = "q2";
  run.handle(shown);
  CHECK(run.told("task.asking").size() == 2);
}

TEST_CASE("while the user types in its window, nothing is typed, told or counted for the agent") {
  Run run = talking();
  const ControlSeen taken{kA, 1, Control::User};
  const ControlSeen left{kA, 1, Control::Ours};
  run.handle(taken);
  run.handle(taken);
  CHECK(run.told("task.user").size() == 1);
  CHECK_FALSE(run.agent("A").busy_since.has_value());
  CHECK(run.why("A").starts_with("you type in its window"));
  SECTION("its turn ends: it is reminded when it is handed back") {
    run.handle(seen(Activity::Idle));
    CHECK(run.messages("A").empty());
    run.pass(40min);
    CHECK(run.state_of("A") == TaskState::Running);
    SECTION("by itself") {
      run.handle(left);
    }
    SECTION("by the user") {
      run.ask(Verb::Release, "A");
    }
    CHECK(run.told("task.handed-back").size() == 1);
    CHECK(run.messages("A").size() == 1);
  }
  SECTION("it asks: told when it is handed back") {
    run.handle(kAsks);
    CHECK(run.told("task.asking").empty());
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    run.handle(left);
    CHECK(run.told("task.asking").size() == 1);
    CHECK(needs_user(run.state(), run.task("A")));
    CHECK_FALSE(run.agent("A").busy_since.has_value());
  }
  SECTION("it works on: its clock goes on when it is handed back") {
    run.handle(seen(Activity::Busy));
    CHECK_FALSE(run.agent("A").busy_since.has_value());
    run.handle(left);
    CHECK(run.agent("A").busy_since.has_value());
    CHECK(run.why("A").empty());
  }
  SECTION("a text waits and says why") {
    run.handle(UserAsked{Verb::Send, kA, "m1", "hello"});
    run.handle(seen(Activity::Idle));
    CHECK(run.messages("A").front().state == MessageState::Queued);
    CHECK(run.messages("A").front().why == "a person is typing in its window");
    run.handle(left);
    CHECK(run.messages("A").front().state == MessageState::Typed);
  }
  SECTION("its work can be taken as it is") {
    run.ask(Verb::Merge, "A");
    CHECK(run.effect<CollectWork>("A").as_is);
  }
  SECTION("what is seen of an attempt before is of no concern") {
    run.handle(ControlSeen{kA, 0, Control::Ours});
    CHECK(run.agent("A").control == Control::User);
  }
}
