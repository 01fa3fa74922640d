// Rules about agents that are at work and with which something is wrong.
#include "core/healing.hpp"
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

using Do = AnomalyAction;
using Lines = std::vector<std::string>;

constexpr Span kCoolDown = 1min;

AnomalySeen loop(std::int64_t amount, std::int64_t serial) {
  return {.task = TaskId{"A"},
          .attempt = 1,
          .anomaly = Anomaly::Loop,
          .amount = amount,
          .serial = serial,
          .evidence = "Bash: ls"};
}

AnomalySeen loop(std::int64_t amount) {
  return loop(amount, amount);
}

AgentSeen seen(Activity activity) {
  return {.task = TaskId{"A"}, .attempt = 1, .activity = activity};
}

Rules rules(std::vector<AnomalyAction> actions, const std::string& name = "loop") {
  Rules rules = plain_rules();
  rules.agents["talker"].interruptible = true;
  rules.agents["talker"].resumes = true;
  rules.anomalies[name] = {AnomalySeverity::Medium, 10, std::move(actions), kCoolDown, "Stop."};
  return rules;
}

Run at_work(Rules given) {
  Run run({task_by("A", "talker")}, std::move(given));
  run.start("A");
  run.handle(seen(Activity::Busy));
  return run;
}

Run at_work(std::vector<AnomalyAction> actions) {
  return at_work(rules(std::move(actions)));
}

const AnomalyRecord& record(const Run& run, const std::string& name = "loop") {
  return run.agent("A").health.anomalies.at(name);
}

std::size_t fired(const Run& run) {
  return run.told("task.anomaly").size();
}

}  // namespace

TEST_CASE("a rule fires from its threshold on, and says so with its evidence") {
  Run run = at_work({Do::Note});
  run.handle(loop(9));
  CHECK(fired(run) == 0);
  run.handle(loop(10));
  CHECK(run.told("task.anomaly") ==
        Lines{"A: loop (medium): its last 10 calls were the same again and again: Bash: ls"});
  const Fact& fact = run.last.facts.front();
  CHECK(fact.reason.names == Lines{"loop", "medium", "note"});
  CHECK(fact.reason.number == 10);
  CHECK(fact.reason.text == "Bash: ls");
  CHECK(run.outbox() == Lines{});
}

TEST_CASE("it fires again after its cool-down, where something new has happened") {
  Run run = at_work({Do::Note});
  run.handle(loop(10));
  run.handle(loop(11));
  CHECK(fired(run) == 1);
  run.pass(kCoolDown);
  run.handle(loop(10));
  CHECK(fired(run) == 1);
  run.handle(loop(12));
  CHECK(fired(run) == 2);
  CHECK(record(run).fired == 2);
}

TEST_CASE("what is over may come again with the same figures") {
  Run run = at_work({Do::Note});
  run.handle(loop(10));
  run.pass(kCoolDown);
  run.handle(loop(0, 0));
  CHECK(record(run).serial == 0);
  run.handle(loop(10));
  CHECK(fired(run) == 2);
}

TEST_CASE("a rule without actions is off, and so is one that is not there") {
  Run off = at_work(std::vector<AnomalyAction>());
  off.handle(loop(10));
  CHECK(fired(off) == 0);
  Run other = at_work(rules({Do::Note}, "tool-errors"));
  other.handle(loop(10));
  CHECK(fired(other) == 0);
}

TEST_CASE("nothing of another attempt counts, nor of an agent that has said done") {
  Run run = at_work({Do::Note});
  AnomalySeen event = loop(10);
  event.attempt = 2;
  run.handle(event);
  event.task = TaskId{"B"};
  run.handle(event);
  run.says("A", ReportKind::Done);
  run.handle(loop(10));
  CHECK(fired(run) == 0);
}

TEST_CASE("a text is not typed while the agent is busy, and takes the place of a reminder") {
  Run run = at_work({Do::Message});
  run.handle(loop(10));
  CHECK(run.in_flight<TypeText>("A") == nullptr);
  CHECK(run.task("A").auto_texts == 1);
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").text == "Stop.");
  run.end<TypeText>("A", TextTyped{true});
  CHECK(run.told("task.told") == Lines{"A: was told: Stop."});
  CHECK(run.agent("A").reminders == 0);
}

TEST_CASE("a text is not typed when it is well again") {
  Run run = at_work({Do::Message});
  run.handle(loop(10));
  run.handle(loop(0, 0));
  CHECK_FALSE(has_open_message(run.state(), run.task("A")));
  CHECK(run.task("A").auto_texts == 0);
  run.handle(seen(Activity::Idle));
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Reminder);
}

TEST_CASE("actions are taken one after the other, and the last one stays") {
  Run run = at_work({Do::Note, Do::Message, Do::Tell});
  for (int number = 10; number < 14; ++number) {
    run.handle(loop(number));
    run.pass(kCoolDown);
  }
  CHECK(fired(run) == 4);
  CHECK(record(run).steps == 4);
  CHECK(record(run).action == Do::Tell);
  CHECK(run.messages("A").size() == 1);
}

TEST_CASE("a rule may pause the kind for its cool-down, and the agent goes on") {
  Run run = at_work({Do::Pause});
  run.handle(loop(10));
  CHECK(run.task("A").state == TaskState::Running);
  CHECK(run.told("kind.paused").size() == 1);
  CHECK(healing::pause_of(run.state(), "talker") != nullptr);
  run.pass(kCoolDown - 1ms);
  CHECK(healing::pause_of(run.state(), "talker") != nullptr);
  run.pass(1ms);
  CHECK(healing::pause_of(run.state(), "talker") == nullptr);
}

TEST_CASE("a turn is interrupted, and its agent is told why instead of to continue") {
  Run run = at_work({Do::Interrupt});
  run.handle(loop(10));
  CHECK(run.effect<InterruptTurn>("A").number == 1);
  // Its program notes the interrupt as something that was said to it.
  run.handle(loop(0, 0));
  run.end<InterruptTurn>("A");
  CHECK(run.messages("A").size() == 1);
  CHECK(run.effect<TypeText>("A").kind == MessageKind::Guidance);
}

TEST_CASE("what cannot be interrupted, or not once more, is the user's") {
  Rules given = rules({Do::Interrupt});
  const bool has_keys = GENERATE(true, false);
  if (!has_keys) given.agents["talker"].interruptible = false;
  Run run = at_work(std::move(given));
  for (int number = 10; number < 13; ++number) {
    run.handle(loop(number));
    if (run.in_flight<InterruptTurn>("A") != nullptr) run.end<InterruptTurn>("A");
    if (run.in_flight<TypeText>("A") != nullptr) run.end<TypeText>("A", TextTyped{true});
    run.pass(kCoolDown);
  }
  CHECK(run.agent("A").interrupts == (has_keys ? kInterrupts : 0));
  CHECK(record(run).action == Do::Tell);
  CHECK(needs_user(run.state(), run.task("A")));
}

TEST_CASE("as many texts are typed as the limit says, then the user is asked") {
  Rules given = rules({Do::Message});
  given.auto_texts = 0;
  Run run = at_work(std::move(given));
  run.handle(loop(10));
  CHECK(record(run).action == Do::Tell);
  CHECK_FALSE(has_open_message(run.state(), run.task("A")));
}

TEST_CASE(
    "an attempt that is ended for a loop counts, and no other goes on with its conversation") {
  Run run = at_work({Do::Restart});
  run.handle(loop(10));
  CHECK(run.agent("A").spoilt == Spoilt::Loop);
  CHECK(run.task("A").failures == 1);
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  run.pass(10min);
  CHECK(run.task("A").attempts == 2);
  CHECK(run.agent("A").health == AgentHealth());
  CHECK_FALSE(run.agent("A").resumed);
}

TEST_CASE("the last attempt is not ended by itself: the user is asked") {
  Rules given = rules({Do::Restart});
  const bool by_attempts = GENERATE(true, false);
  (by_attempts ? given.attempts : given.auto_restarts) = by_attempts ? 1 : 0;
  Run run = at_work(std::move(given));
  run.handle(loop(10));
  CHECK(record(run).action == Do::Tell);
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("a task whose attempt is given up waits for the user with the reason") {
  Run run = at_work({Do::Abort});
  run.handle(loop(10));
  run.end<StopAgent>("A");
  run.end<RescueWork>("A");
  CHECK(run.state_of("A") == TaskState::Blocked);
  CHECK(run.why("A").starts_with("loop (medium): its last 10 calls were the same"));
}

TEST_CASE("the user is asked to look, and the agent goes on until it is well again") {
  Run run = at_work({Do::Tell});
  run.handle(loop(10));
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK(run.state_of("A") == TaskState::Running);
  CHECK(
      run.why("A") ==
      "loop (medium): its last 10 calls were the same again and again: Bash: ls; `tmux-orch attach "
      "A` shows it");
  run.handle(loop(0, 0));
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
  CHECK(run.why("A").empty());
}

TEST_CASE("a text of the user's is an answer to what the user was told") {
  Run run = at_work({Do::Tell});
  run.handle(loop(10));
  run.handle(UserAsked{Verb::Send, TaskId{"A"}, "0123456789abcdef0123456789abcdef", "Try this."});
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
}

TEST_CASE("who looks after an agent has seen what is wrong, and nothing is done meanwhile") {
  Run run = at_work({Do::Tell, Do::Restart});
  run.handle(loop(10));
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::User});
  run.pass(kCoolDown);
  run.handle(loop(11));
  CHECK(record(run).action == Do::Note);
  CHECK(record(run).steps == 1);
  CHECK(run.state_of("A") == TaskState::Running);
  run.handle(ControlSeen{TaskId{"A"}, 1, Control::Ours});
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
  run.pass(kCoolDown);
  run.handle(loop(12));
  CHECK(record(run).action == Do::Restart);
}

TEST_CASE("an agent whose task is held is only noted") {
  Run run = at_work({Do::Restart});
  run.ask(Verb::Hold, "A");
  run.handle(loop(10));
  CHECK(record(run).action == Do::Note);
  CHECK(run.state_of("A") == TaskState::Running);
}

TEST_CASE("how full a conversation is is known where its window is") {
  Rules given = rules({Do::Note}, "context");
  given.anomalies["context"].threshold = 85;
  Run run = at_work(std::move(given));
  Usage usage{.models = {{"m", {.input = 1}}}, .context = 86'000};
  run.handle(AgentUsed{TaskId{"A"}, 1, "/log", usage});
  CHECK(fired(run) == 0);
  usage.context_window = 100'000;
  run.handle(AgentUsed{TaskId{"A"}, 1, "/log", usage});
  CHECK(run.told("task.anomaly") ==
        Lines{"A: context (medium): its conversation is 86 % full: 86000 of 100000 tokens"});
  usage.models["m"].input = 2;
  run.pass(kCoolDown);
  run.handle(AgentUsed{TaskId{"A"}, 1, "/log", usage});
  CHECK(fired(run) == 1);
}
