#include "app/event_queue.hpp"

#include "catch.hpp"
#include "loop/loop.hpp"

#include <string>
#include <vector>

using namespace orch;
using app::EventQueue;

namespace {

Event asked(const char* id) {
  return PersonAsked{Verb::Retry, TaskId{id}};
}

std::string id_of(const Event& event) {
  const auto* request = std::get_if<PersonAsked>(&event);
  return request == nullptr ? "" : request->task.value;
}

/// Refuses what is called "no", breaks at "broken", and keeps what it was given.
struct Desk {
  loop::Loop loop;
  std::vector<std::string> seen;
  std::vector<std::string> replies;
  EventQueue queue{loop, [this](const Event& event) { return handle(event); }};

  Result<std::string> handle(const Event& event) {
    const std::string id = id_of(event);
    seen.push_back(id);
    // An effect that ends at once posts while its event is being handled.
    if (id == "no") queue.post(ClockTicked{});
    if (id == "broken") return fail(Fault::Full, "the disk is full");
    return id == "no" ? std::string("not now") : std::string();
  }

  void ask(const char* id) {
    queue.post(asked(id), [this, id](const Status& status) {
      replies.push_back(std::string(id) + ": " + (status ? "ok" : status.error().what));
    });
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("events are handled in order, on the next turn, and each reply is that of its event") {
  Desk desk;
  desk.ask("a");
  desk.ask("no");
  desk.queue.post(ClockTicked{});
  desk.ask("b");
  CHECK(desk.seen.empty());
  desk.loop.run();
  // What was posted while "no" was handled comes last, and its own end overwrites no answer.
  CHECK(desk.seen == Texts{"a", "no", "", "b", ""});
  CHECK(desk.replies == Texts{"a: ok", "no: not now", "b: ok"});
  CHECK(desk.queue.empty());
}

TEST_CASE("a refusal is no failure of the queue, and is told as one") {
  Desk desk;
  Fault fault = Fault::Internal;
  desk.queue.post(asked("no"), [&](const Status& status) { fault = status.error().fault; });
  desk.loop.run();
  CHECK(fault == Fault::Refused);
}

TEST_CASE("after a failure nothing is handled, and everybody is told") {
  Desk desk;
  desk.ask("broken");
  desk.ask("a");
  desk.loop.run();
  desk.ask("b");
  desk.loop.run();
  CHECK(desk.seen == Texts{"broken"});
  CHECK(desk.replies ==
        Texts{"broken: the disk is full", "a: the disk is full", "b: the disk is full"});
}

TEST_CASE("who waits when the run ends is told so") {
  Desk desk;
  desk.ask("a");
  desk.queue.close({Fault::Busy, "the supervisor ends", {}});
  desk.loop.run();
  CHECK(desk.seen.empty());
  CHECK(desk.replies == Texts{"a: the supervisor ends"});
}

TEST_CASE("a reply may post, and what it posts is handled") {
  Desk desk;
  desk.queue.post(asked("a"), [&](const Status&) { desk.ask("b"); });
  desk.queue.drain();
  CHECK(desk.seen == Texts{"a", "b"});
  desk.loop.run();
  CHECK(desk.replies == Texts{"b: ok"});
}
