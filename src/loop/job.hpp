#pragma once
// A coroutine that is awaited by exactly one other, or started by spawn(): how an effect of several
// steps ("add the worktree, copy .env, run npm ci") is written as it reads.
//
// Rule for g++ 12: no braced temporaries inside a co_await expression; name the argument first.
#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace orch::loop {

/// Lazily started; owns its frame. Destroying a Job that is suspended in a child process or a timer
/// is only allowed after the loop has been stopped.
template <class T>
class [[nodiscard]] Job {
 public:
  struct promise_type {
    std::optional<T> value;
    std::coroutine_handle<> awaiter;

    Job get_return_object() {
      return Job(std::coroutine_handle<promise_type>::from_promise(*this));
    }

    std::suspend_always initial_suspend() noexcept { return {}; }

    auto final_suspend() noexcept { return Resume{}; }

    void return_value(T result) { value = std::move(result); }

    // Errors are values here; what is thrown nevertheless is a bug and ends the program.
    void unhandled_exception() noexcept { std::terminate(); }
  };

  Job(Job&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}

  Job& operator=(Job&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  ~Job() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }

  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    handle_.promise().awaiter = awaiter;
    return handle_;
  }

  T await_resume() { return std::move(*handle_.promise().value); }

 private:
  struct Resume {
    bool await_ready() const noexcept { return false; }

    std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
      if (done.promise().awaiter) return done.promise().awaiter;
      return std::noop_coroutine();
    }

    void await_resume() const noexcept {}
  };

  explicit Job(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

/// Starts the job now and calls `then` with its value when it is done. The frame frees itself.
template <class T>
void spawn(Job<T> job, std::function<void(T)> then) {
  struct Detached {
    struct promise_type {
      Detached get_return_object() { return {}; }

      std::suspend_never initial_suspend() noexcept { return {}; }

      std::suspend_never final_suspend() noexcept { return {}; }

      void return_void() {}

      void unhandled_exception() noexcept { std::terminate(); }
    };
  };

  [](Job<T> inner, std::function<void(T)> done) -> Detached {
    T value = co_await inner;
    done(std::move(value));
  }(std::move(job), std::move(then));
}

/// Lets a coroutine wait for a callback, once.
/// `begin` is given a function to call with the value; it may call it at once or later.
template <class T>
class Awaiter {
 public:
  explicit Awaiter(std::function<void(std::function<void(T)>)> begin) : begin_(std::move(begin)) {}

  bool await_ready() const noexcept { return false; }

  bool await_suspend(std::coroutine_handle<> waiting) {
    begin_([this, waiting](T value) {
      value_ = std::move(value);
      if (suspended_) waiting.resume();
    });
    suspended_ = !value_.has_value();
    return suspended_;
  }

  T await_resume() { return std::move(*value_); }

 private:
  std::function<void(std::function<void(T)>)> begin_;
  std::optional<T> value_;
  bool suspended_ = false;
};

}  // namespace orch::loop
