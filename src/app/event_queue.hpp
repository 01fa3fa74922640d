#pragma once
// The one way into a run: what has happened and is not decided on yet, in order.
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace orch::loop {
class Loop;
}

namespace orch::app {

class EventQueue {
 public:
  /// Decides on one event and says why what it asks for was refused; empty: it was not. An Error
  /// is one after which nothing may be decided any more.
  using Handle = std::function<Result<std::string>(const Event&)>;
  /// Told exactly once what came of this event, and of no other: done, or why not.
  using Reply = std::function<void(const Status&)>;

  EventQueue(loop::Loop& loop, Handle handle);

  /// It is handled on the next turn of the loop, behind those that were posted before.
  void post(Event event, Reply reply = {});
  /// Handles all that is there now.
  void drain();
  /// Nothing is handled any more; who still waits for a reply, or comes later, gets this one.
  void close(const Error& why);

  bool empty() const { return queue_.empty(); }

 private:
  struct Posted {
    Event event;
    Reply reply;
  };

  loop::Loop& loop_;
  Handle handle_;
  std::deque<Posted> queue_;
  std::optional<Error> closed_;
  bool due_ = false;
  bool draining_ = false;
};

}  // namespace orch::app
