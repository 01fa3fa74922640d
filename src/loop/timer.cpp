// Timers, and the pause of a coroutine.
#include "loop/loop.hpp"

#include <uv.h>

#include <algorithm>

namespace orch::loop {

/// Outlives the Timer until libuv has closed it, so `fire` may destroy its own timer.
struct Timer::Handle {
  uv_timer_t uv{};
  std::function<void()> fire;

  void start(Span after, Span period) {
    uv_update_time(uv.loop);  // the loop's time stands still while a callback works
    const auto ms = [](Span span) {
      return static_cast<std::uint64_t>(std::max(span, Span{}).count());
    };
    uv_timer_start(
        &uv, [](uv_timer_t* timer) { static_cast<Handle*>(timer->data)->fire(); }, ms(after),
        ms(period));
  }
};

Timer::Timer(Loop& loop, std::function<void()> fire) : handle_(new Handle{{}, std::move(fire)}) {
  uv_timer_init(loop.uv(), &handle_->uv);
  handle_->uv.data = handle_;
}

Timer::~Timer() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->uv),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

void Timer::once(Span after) {
  handle_->start(after, {});
}

void Timer::every(Span period) {
  // libuv takes a period of 0 for "once".
  const Span shortest = std::max(period, Span(1));
  handle_->start(shortest, shortest);
}

void Timer::cancel() {
  uv_timer_stop(&handle_->uv);
}

Awaiter<bool> pause(Loop& loop, Span span) {
  return Awaiter<bool>([&loop, span](std::function<void(bool)> resume) {
    loop.after(span, [resume = std::move(resume)] { resume(true); });
  });
}

}  // namespace orch::loop
