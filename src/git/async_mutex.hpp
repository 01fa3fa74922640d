#pragma once
// Lets one coroutine at a time into what must not overlap, in the order they came.
#include "loop/job.hpp"
#include "loop/loop.hpp"

#include <deque>
#include <functional>
#include <utility>

namespace orch::git {

class AsyncMutex {
 public:
  explicit AsyncMutex(loop::Loop& loop) : loop_(loop) {}

  AsyncMutex(const AsyncMutex&) = delete;
  AsyncMutex& operator=(const AsyncMutex&) = delete;

  /// Held for as long as it lives; its end lets the next one in, on the loop's next turn.
  class [[nodiscard]] Lock {
   public:
    explicit Lock(AsyncMutex& mutex) : mutex_(&mutex) {}

    Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}

    Lock& operator=(Lock&& other) noexcept {
      std::swap(mutex_, other.mutex_);
      return *this;
    }

    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    ~Lock() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    AsyncMutex* mutex_;
  };

  /// `const AsyncMutex::Lock lock = co_await mutex.lock();`
  loop::Awaiter<Lock> lock() {
    return loop::Awaiter<Lock>([this](std::function<void(Lock)> enter) {
      if (locked_) return waiting_.push_back(std::move(enter));
      locked_ = true;
      enter(Lock(*this));
    });
  }

 private:
  void unlock() {
    if (waiting_.empty()) {
      locked_ = false;
      return;
    }
    loop_.post([this, enter = std::move(waiting_.front())] { enter(Lock(*this)); });
    waiting_.pop_front();
  }

  loop::Loop& loop_;
  std::deque<std::function<void(Lock)>> waiting_;
  bool locked_ = false;
};

}  // namespace orch::git
