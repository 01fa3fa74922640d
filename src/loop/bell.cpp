// A ring, or a timer that rings first.
#include "loop/bell.hpp"

#include <utility>

namespace orch::loop {

Bell::Bell(Loop& loop) : timer_(loop, [this] { tell(); }) {}

void Bell::ring() {
  rung_ = true;
  if (waiting_) timer_.once({});
}

Awaiter<bool> Bell::rung(Span patience) {
  return Awaiter<bool>([this, patience](std::function<void(bool)> go_on) {
    waiting_ = std::move(go_on);
    timer_.once(rung_ ? Span{} : patience);
  });
}

void Bell::tell() {
  // Who waits may destroy this bell, and with it what would be running.
  const auto told = std::exchange(waiting_, nullptr);
  told(std::exchange(rung_, false));
}

}  // namespace orch::loop
