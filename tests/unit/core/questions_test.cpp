// Questions of agents that rules of the user's answer, and what the user allows for a run.
#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

const TaskId kA{"A"};
const Subject kMake{"Bash", "make check"};

Run talking() {
  Run run({task_by("A", "talker")}, plain_rules());
  run.start("A");
  return run;
}

AgentSeen asks(PolicyAnswer answer = PolicyAnswer::Ask, const std::string& question = "q1",
               const Subject& subject = kMake) {
  return {.task = kA,
          .attempt = 1,
          .activity = Activity::Asking,
          .kind = "permission",
          .evidence = "make check?",
          .question = question,
          .ruling = {answer, answer == PolicyAnswer::Ask ? "" : "rule 2 of f", subject}};
}

AgentSeen busy() {
  return {.task = kA, .attempt = 1, .activity = Activity::Busy};
}

bool is_answered(const Run& run) {
  return run.in_flight<AnswerQuestion>("A") != nullptr;
}

Refusal always(Run& run, const std::string& question = "q1") {
  return run.handle(UserAsked{Verb::AnswerAlways, kA, question, "yes"}).refused;
}

}  // namespace

TEST_CASE("a rule answers a permission at once, and the user is not called") {
  for (const auto& [answer, option] :
       {std::pair(PolicyAnswer::Allow, "yes"), std::pair(PolicyAnswer::Deny, "no")}) {
    Run run = talking();
    run.handle(asks(answer));
    const AnswerQuestion& effect = run.effect<AnswerQuestion>("A");
    CHECK(effect.option == option);
    CHECK(effect.question == "q1");
    CHECK(effect.by == "rule 2 of f");
    CHECK(effect.subject == kMake);
    CHECK_FALSE(effect.always);
    CHECK(run.told("task.asking").empty());
    CHECK_FALSE(needs_user(run.state(), run.task("A")));
    CHECK(run.why("A").empty());
    run.handle(asks(answer));
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
    CHECK(run.told("task.answered") ==
          std::vector<std::string>{"A: was answered 'Yes' by rule 2 of f: make check?"});
    CHECK(run.agent("A").answers == 1);
    CHECK(run.agent("A").busy_since.has_value());
    CHECK_FALSE(is_answered(run));
  }
}

TEST_CASE("the same question is another one once it was answered") {
  Run run = talking();
  run.handle(asks(PolicyAnswer::Allow));
  run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
  run.handle(asks(PolicyAnswer::Allow));
  CHECK(run.effect<AnswerQuestion>("A").number == 2);
}

TEST_CASE("an answer of a rule that fails is not given again, and the user is called") {
  Run run = talking();
  run.handle(asks(PolicyAnswer::Allow));
  run.end<AnswerQuestion>("A", NotDone{.why = "its terminal does not take this key"});
  CHECK(run.told("task.trouble").size() == 1);
  CHECK(run.told("task.asking").size() == 1);
  CHECK(needs_user(run.state(), run.task("A")));
  CHECK_FALSE(run.agent("A").busy_since.has_value());
  run.handle(asks(PolicyAnswer::Allow));
  run.handle(asks(PolicyAnswer::Deny));
  CHECK_FALSE(is_answered(run));
  CHECK(run.told("task.asking").size() == 1);
  SECTION("who can answer it") {
    CHECK(run.handle(UserAsked{Verb::Answer, kA, "q1", "yes"}).refused.empty());
    CHECK(run.effect<AnswerQuestion>("A").by.empty());
    CHECK_FALSE(run.effect<AnswerQuestion>("A").subject.is_sure());
  }
  SECTION("and another question has a chance of its own") {
    run.handle(asks(PolicyAnswer::Allow, "q2"));
    CHECK(run.effect<AnswerQuestion>("A").question == "q2");
  }
}

TEST_CASE("a rule answers permissions alone, and only what is sure") {
  Run run = talking();
  AgentSeen event = asks(PolicyAnswer::Allow);
  SECTION("trust") {
    event.kind = "trust";
  }
  SECTION("a dialog of its program's") {
    event.kind = "dialog";
  }
  SECTION("what the agent wants to know") {
    event.kind = "question";
  }
  SECTION("what has no options yet") {
    event.question.clear();
  }
  SECTION("what is not sure") {
    event.ruling.subject = {};
  }
  SECTION("what no rule says") {
    event.ruling.answer = PolicyAnswer::Ask;
  }
  run.handle(event);
  CHECK_FALSE(is_answered(run));
  CHECK(run.told("task.asking").size() == 1);
}

TEST_CASE("while the user types in its window no rule answers; afterwards it does") {
  Run run = talking();
  run.handle(ControlSeen{kA, 1, Control::User});
  run.handle(asks(PolicyAnswer::Allow));
  CHECK_FALSE(is_answered(run));
  run.handle(ControlSeen{kA, 1, Control::Ours});
  CHECK(is_answered(run));
  CHECK(run.told("task.asking").empty());
}

TEST_CASE("a rule answers when the answer before it is over") {
  Run run = talking();
  run.handle(asks(PolicyAnswer::Allow, "q1"));
  run.handle(asks(PolicyAnswer::Deny, "q2"));
  CHECK(run.effect<AnswerQuestion>("A").question == "q1");
  CHECK(run.told("task.asking").empty());
  run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
  CHECK(run.effect<AnswerQuestion>("A").question == "q2");
  CHECK(run.effect<AnswerQuestion>("A").option == "no");
}

TEST_CASE("what a rule says later to a question that stands there counts") {
  Run run = talking();
  run.handle(asks());
  CHECK(run.told("task.asking").size() == 1);
  run.handle(asks(PolicyAnswer::Allow));
  CHECK(is_answered(run));
  CHECK_FALSE(needs_user(run.state(), run.task("A")));
}

TEST_CASE("what agents ask after they have said done is not answered by a rule") {
  Run run = talking();
  run.says("A", ReportKind::Done, "it works");
  run.handle(asks(PolicyAnswer::Allow));
  CHECK_FALSE(is_answered(run));
}

TEST_CASE("the user allows a question for the run once it was answered") {
  Run run = talking();
  run.handle(asks());
  CHECK(always(run).empty());
  CHECK(run.effect<AnswerQuestion>("A").option == "yes");
  CHECK(run.effect<AnswerQuestion>("A").always);
  CHECK(run.state().run.grants.empty());
  SECTION("and it is") {
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
    CHECK(run.state().run.grants == std::vector<Grant>{{"talker", kMake}});
    CHECK(run.told("task.answered") ==
          std::vector<std::string>{"A: was answered 'Yes' by you, and the same is allowed from now "
                                   "on in this run: make check?"});
    run.handle(busy());
    run.handle(asks());
    CHECK(always(run).empty());
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "make check?"});
    CHECK(run.state().run.grants.size() == 1);
  }
  SECTION("and it could not be") {
    run.end<AnswerQuestion>("A", NotDone{.why = "it has gone"});
    CHECK(run.state().run.grants.empty());
  }
}

TEST_CASE("what cannot be known again, or a rule forbids, is not allowed for the run") {
  Run run = talking();
  AgentSeen event = asks();
  RefusalKind expected = RefusalKind::NotSure;
  SECTION("what is not sure") {
    event.ruling.subject = {};
  }
  SECTION("what is no permission") {
    event.kind = "trust";
  }
  SECTION("what a rule wants to be asked") {
    event.ruling.rule = "rule 1 of f";
    expected = RefusalKind::RuleIsStronger;
  }
  SECTION("another question") {
    event.question = "q2";
    expected = RefusalKind::OtherQuestion;
  }
  run.handle(event);
  CHECK(always(run).kind == expected);
  CHECK_FALSE(is_answered(run));
}

TEST_CASE("so much is allowed for a run and no more") {
  Run run = talking();
  for (std::size_t i = 0; i < kMostGrants; ++i) {
    run.handle(asks(PolicyAnswer::Ask, "q1", {"Bash", std::to_string(i)}));
    REQUIRE(always(run).empty());
    run.end<AnswerQuestion>("A", QuestionAnswered{"Yes", "may I?"});
  }
  run.handle(asks());
  CHECK(always(run).kind == RefusalKind::TooManyGrants);
}
