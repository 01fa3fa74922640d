// A wait that ends when the event is set, or when its timer has run out.
#include "loop/auto_reset_event.hpp"

#include <utility>

namespace orch::loop {

AutoResetEvent::AutoResetEvent(Loop& loop) : timer_(loop, [this] { tell(); }) {}

void AutoResetEvent::set() {
  set_ = true;
  if (waiting_) timer_.once({});
}

Awaiter<bool> AutoResetEvent::wait(Span timeout) {
  return Awaiter<bool>([this, timeout](std::function<void(bool)> go_on) {
    waiting_ = std::move(go_on);
    timer_.once(set_ ? Span{} : timeout);
  });
}

void AutoResetEvent::tell() {
  // Who waits may destroy this event, and with it the function that is being called.
  const auto told = std::exchange(waiting_, nullptr);
  told(std::exchange(set_, false));
}

}  // namespace orch::loop
