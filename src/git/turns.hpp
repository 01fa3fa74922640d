#pragma once
// Lets one coroutine at a time into what must not overlap, in the order they came.
#include "loop/job.hpp"
#include "loop/loop.hpp"

#include <deque>
#include <functional>
#include <utility>

namespace orch::git {

class Turns {
 public:
  explicit Turns(loop::Loop& loop) : loop_(loop) {}

  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  /// Held for as long as it lives; its end lets the next one in, on the loop's next turn.
  class [[nodiscard]] Turn {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}

    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}

    Turn& operator=(Turn&& other) noexcept {
      std::swap(turns_, other.turns_);
      return *this;
    }

    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    ~Turn() {
      if (turns_ != nullptr) turns_->pass_on();
    }

   private:
    Turns* turns_;
  };

  /// `const Turns::Turn turn = co_await turns.take();`
  loop::Answer<Turn> take() {
    return loop::Answer<Turn>([this](std::function<void(Turn)> enter) {
      if (taken_) return waiting_.push_back(std::move(enter));
      taken_ = true;
      enter(Turn(*this));
    });
  }

 private:
  void pass_on() {
    if (waiting_.empty()) {
      taken_ = false;
      return;
    }
    loop_.post([this, enter = std::move(waiting_.front())] { enter(Turn(*this)); });
    waiting_.pop_front();
  }

  loop::Loop& loop_;
  std::deque<std::function<void(Turn)>> waiting_;
  bool taken_ = false;
};

}  // namespace orch::git
