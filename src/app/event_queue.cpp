// The queue of a run.
#include "app/event_queue.hpp"

#include "loop/loop.hpp"

#include <utility>

namespace orch::app {

EventQueue::EventQueue(loop::Loop& loop, Handle handle) : loop_(loop), handle_(std::move(handle)) {}

void EventQueue::post(Event event, Reply reply) {
  if (closed_) {
    if (reply) reply(Failure(*closed_));
    return;
  }
  queue_.push_back({std::move(event), std::move(reply)});
  if (std::exchange(due_, true)) return;
  loop_.post([this] {
    due_ = false;
    drain();
  });
}

// What a handler posts comes to the end of the same queue, so it is never handled inside another.
void EventQueue::drain() {
  if (std::exchange(draining_, true)) return;
  while (!queue_.empty()) {
    const Posted next = std::move(queue_.front());
    queue_.pop_front();
    const Result<std::string> refused = handle_(next.event);
    Status answer;
    if (!refused) answer = passed_on(refused);
    if (refused && !refused->empty()) answer = fail(Fault::Refused, "{}", *refused);
    if (next.reply) next.reply(answer);
    if (!refused) close(refused.error());
  }
  draining_ = false;
}

void EventQueue::close(const Error& why) {
  if (!closed_) closed_ = why;
  for (const Posted& left : std::exchange(queue_, {}))
    if (left.reply) left.reply(Failure(*closed_));
}

}  // namespace orch::app
