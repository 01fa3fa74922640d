// Runs uv_loop_t and what was posted to it.
#include "loop/loop.hpp"

#include <signal.h>
#include <time.h>
#include <uv.h>

#include <algorithm>
#include <cassert>
#include <list>
#include <utility>

namespace orch::loop {

/// What a thread does. libuv hands it over with all that was written before, there and back.
struct Loop::Work {
  uv_work_t request{};
  Due* due = nullptr;
  std::function<void()> work;
  std::function<void()> done;
};

/// What is to be called. The idle handle is active only while something is posted, so that it
/// keeps nobody alive.
struct Loop::Due {
  uv_idle_t idle{};
  std::vector<std::function<void()>> posted;
  std::list<std::unique_ptr<Timer>> timers;
  std::list<std::unique_ptr<Work>> works;
  bool ending = false;

  void finish(const Work* ended) {
    const auto at = std::ranges::find(works, ended, &std::unique_ptr<Work>::get);
    const auto work = std::move(*at);
    works.erase(at);
    if (!ending) work->done();
  }

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
  due_->ending = true;
  for (const auto& work : due_->works)
    uv_cancel(reinterpret_cast<uv_req_t*>(&work->request));  // fails for what has begun
  uv_close(reinterpret_cast<uv_handle_t*>(&due_->idle), nullptr);
  while (!due_->works.empty()) {
    uv_run(uv_.get(), UV_RUN_ONCE);
  }
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

void Loop::work(std::function<void()> work, std::function<void()> done) {
  Work* const begun = due_->works.emplace_back(std::make_unique<Work>()).get();
  begun->due = due_.get();
  begun->work = std::move(work);
  begun->done = std::move(done);
  begun->request.data = begun;
  // What is thrown is a bug and ends the program, as in a Job.
  [[maybe_unused]] const int queued = uv_queue_work(
      uv_.get(), &begun->request,
      [](uv_work_t* request) noexcept { static_cast<Work*>(request->data)->work(); },
      [](uv_work_t* request, int) {
        const auto* ended = static_cast<Work*>(request->data);
        ended->due->finish(ended);
      });
  assert(queued == 0);
}

std::int64_t Loop::boottime_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace orch::loop
