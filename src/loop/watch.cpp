// Tells that something in a folder changed.
#include "loop/loop.hpp"

#include <uv.h>

#include <chrono>

namespace orch::loop {

/// Outlives the Watch until libuv has closed the event handle, so `fire` may destroy its own watch.
struct Watch::Handle {
  uv_fs_event_t event{};
  std::string folder;
  Span quiet;
  std::function<void()> fire;
  std::unique_ptr<Timer> timer{};
  bool timer_running = false;

  /// Also again after each change, as the folder itself may have been replaced by another.
  void arm() {
    uv_fs_event_stop(&event);
    const auto changed = [](uv_fs_event_t* watched, const char*, int, int) {
      static_cast<Handle*>(watched->data)->on_change();
    };
    const bool watching = uv_fs_event_start(&event, changed, folder.c_str(), 0) == 0;
    timer_running = !watching;
    if (!watching) timer->once(std::chrono::seconds(2));
  }

  void on_change() {
    if (!timer_running) timer->once(quiet);
    timer_running = true;
  }

  void on_timer() {
    arm();  // first: what changes from here on is a new change
    fire();
  }
};

Watch::Watch(Loop& loop, std::string folder, Span quiet, std::function<void()> fire)
    : handle_(new Handle{{}, std::move(folder), quiet, std::move(fire)}) {
  uv_fs_event_init(loop.uv(), &handle_->event);
  handle_->event.data = handle_;
  handle_->timer = std::make_unique<Timer>(loop, [handle = handle_] { handle->on_timer(); });
  handle_->arm();
}

Watch::~Watch() {
  handle_->timer.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->event),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

}  // namespace orch::loop
