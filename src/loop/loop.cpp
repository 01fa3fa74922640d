// Runs uv_loop_t and what was posted to it.
#include "loop/loop.hpp"

#include <signal.h>
#include <time.h>
#include <uv.h>

#include <cassert>
#include <list>
#include <utility>

namespace orch::loop {

/// What is to be called. The idle handle is active only while something is posted, so that it
/// keeps nobody alive.
struct Loop::Due {
  uv_idle_t idle{};
  std::vector<std::function<void()>> posted;
  std::list<std::unique_ptr<Timer>> timers;

  void run_posted() {
    // What these post themselves waits for the next turn, so nobody can starve the loop.
    const auto now = std::exchange(posted, {});
    uv_idle_stop(&idle);
    for (const auto& call : now) {
      call();
    }
  }
};

Loop::Loop() : uv_(std::make_unique<uv_loop_t>()), due_(std::make_unique<Due>()) {
  // A reader that went away is an error of the write, not the end of the program.
  ::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(uv_.get());
  uv_idle_init(uv_.get(), &due_->idle);
  due_->idle.data = due_.get();
}

Loop::~Loop() {
  due_->timers.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&due_->idle), nullptr);
  // Closing takes a turn or two; a handle that is not closing is left to the assertion.
  for (int turn = 0; turn < 8 && uv_loop_alive(uv_.get()) != 0; ++turn) {
    uv_run(uv_.get(), UV_RUN_NOWAIT);
  }
  [[maybe_unused]] const int left = uv_loop_close(uv_.get());
  assert(left == 0 && "a timer, watch or child outlives its loop");
}

void Loop::run() {
  uv_run(uv_.get(), UV_RUN_DEFAULT);
}

void Loop::stop() {
  uv_stop(uv_.get());
}

void Loop::post(std::function<void()> later) {
  due_->posted.push_back(std::move(later));
  uv_idle_start(&due_->idle, [](uv_idle_t* idle) { static_cast<Due*>(idle->data)->run_posted(); });
}

void Loop::after(Span span, std::function<void()> later) {
  const auto at = due_->timers.emplace(due_->timers.end());
  *at = std::make_unique<Timer>(*this, [this, at, call = std::move(later)] {
    const auto timer = std::move(*at);
    due_->timers.erase(at);
    call();
  });
  (*at)->once(span);
}

std::int64_t Loop::boottime_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace orch::loop
