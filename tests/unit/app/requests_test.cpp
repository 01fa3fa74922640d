#include "app/requests.hpp"

#include "catch.hpp"

using namespace orch;

TEST_CASE("every request is read back from its line") {
  for (const Verb verb : {Verb::Abort, Verb::Retry, Verb::Merge, Verb::Hold, Verb::Release,
                          Verb::Down, Verb::DownKeepAgents}) {
    for (const char* id : {"T1", "", "a b; #(touch x) $(y) -rf"}) {
      const app::Request asked{UserAsked{verb, TaskId{id}}, 123456789012};
      const Result<app::Request> read = app::parse_request(app::request_line(asked));
      REQUIRE(read);
      CHECK(*read == asked);
    }
  }
}

TEST_CASE("a message is named by an id in its request, and by nothing else") {
  const std::string id(32, 'a');
  for (const char* whom : {"a b", ""}) {
    const app::Request asked{
        UserAsked{.verb = Verb::Send, .message = id, .to = whom, .reply_to = 41}, 5};
    const Result<app::Request> read = app::parse_request(app::request_line(asked));
    REQUIRE(read);
    CHECK(*read == asked);
  }
  for (const Verb verb : {Verb::Acknowledge, Verb::Read}) {
    const app::Request asked{UserAsked{.verb = verb, .reply_to = 41}, 5};
    CHECK(app::parse_request(app::request_line(asked)).value() == asked);
  }
  CHECK_FALSE(app::parse_request("send 5 ../../etc/passwd 0 T1"));
  CHECK_FALSE(app::parse_request("send 5 " + id));
  CHECK_FALSE(app::parse_request("send 5 T1"));
}

TEST_CASE("a line that is no request is refused with its text made harmless") {
  const Result<app::Request> read = app::parse_request("\x1b]52;x destroy");
  REQUIRE_FALSE(read);
  CHECK(read.error().fault == Fault::BadInput);
  CHECK(read.error().what.find('\x1b') == std::string::npos);
}

TEST_CASE("an answer is success, a refusal with its reason, or a surprise") {
  CHECK(app::parse_answer("ok").value().empty());
  CHECK(app::parse_answer("ok m1 to T3").value() == "m1 to T3");
  CHECK_FALSE(app::parse_answer("okay"));
  const Result<std::string> refused = app::parse_answer("refused T1 is merged already");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Refused);
  CHECK(refused.error().what == "T1 is merged already");
  CHECK(app::parse_answer("maybe").error().fault == Fault::Internal);
}

TEST_CASE("what an agent says is named by the key of its attempt and an id") {
  const app::Saying saying{"a.b-1.2", std::string(32, 'a')};
  CHECK(app::parse_saying(app::saying_line(saying)) == saying);
  CHECK_FALSE(app::parse_saying("say ../../x T1.1"));
  CHECK_FALSE(app::parse_saying("say " + saying.id));
  CHECK_FALSE(app::parse_saying("send 5 T1"));
}

TEST_CASE("a notification names its attempt, and nothing else is one") {
  using Of = app::Notification::Of;
  CHECK(app::parse_notification(app::notification_line()) == app::Notification{});
  CHECK(app::parse_notification(app::notification_line("a.b-1.2")) ==
        app::Notification{Of::Report, "a.b-1.2"});
  CHECK(app::parse_notification("started T1.1") == app::Notification{Of::Start, "T1.1"});
  CHECK(app::parse_notification("exited T1.1") == app::Notification{Of::Exit, "T1.1"});
  CHECK(app::parse_notification("typed T1.1") == app::Notification{Of::Input, "T1.1"});
  CHECK_FALSE(app::parse_notification("rings T1.1"));
  CHECK_FALSE(app::parse_notification(app::request_line({UserAsked{Verb::Hold, TaskId{"T1"}}, 1})));
}
