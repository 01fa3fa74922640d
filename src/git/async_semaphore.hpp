#pragma once
// Lets so many coroutines at a time into what must not overlap, or would be too much at once, in
// the order they came.
#include "loop/job.hpp"
#include "loop/loop.hpp"

#include <deque>
#include <functional>
#include <utility>

namespace orch::git {

class AsyncSemaphore {
 public:
  AsyncSemaphore(loop::Loop& loop, int places) : loop_(loop), free_(places) {}

  AsyncSemaphore(const AsyncSemaphore&) = delete;
  AsyncSemaphore& operator=(const AsyncSemaphore&) = delete;

  /// Held for as long as it lives; its end lets the next one in, on the loop's next turn.
  class [[nodiscard]] Lock {
   public:
    explicit Lock(AsyncSemaphore& semaphore) : semaphore_(&semaphore) {}

    Lock(Lock&& other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}

    Lock& operator=(Lock&& other) noexcept {
      std::swap(semaphore_, other.semaphore_);
      return *this;
    }

    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    ~Lock() {
      if (semaphore_ != nullptr) semaphore_->unlock();
    }

   private:
    AsyncSemaphore* semaphore_;
  };

  /// `const AsyncSemaphore::Lock lock = co_await semaphore.lock();`
  loop::Awaiter<Lock> lock() {
    return loop::Awaiter<Lock>([this](std::function<void(Lock)> enter) {
      if (free_ == 0) return waiting_.push_back(std::move(enter));
      --free_;
      enter(Lock(*this));
    });
  }

 private:
  void unlock() {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    loop_.post([this, enter = std::move(waiting_.front())] { enter(Lock(*this)); });
    waiting_.pop_front();
  }

  loop::Loop& loop_;
  std::deque<std::function<void(Lock)>> waiting_;
  int free_;
};

}  // namespace orch::git
