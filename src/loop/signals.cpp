// Signals as callbacks of the loop.
#include "loop/loop.hpp"

#include <signal.h>
#include <uv.h>

#include <cassert>

namespace orch::loop {

/// Outlives the watch until libuv has closed it, so `fire` may destroy its own watch.
struct SignalWatch::Handle {
  uv_signal_t uv{};
  std::function<void()> fire;
};

SignalWatch::SignalWatch(Loop& loop, int signal_number, std::function<void()> fire)
    : handle_(new Handle{{}, std::move(fire)}) {
  assert(signal_number != SIGCHLD && "SIGCHLD belongs to Children");
  uv_signal_init(loop.uv(), &handle_->uv);
  handle_->uv.data = handle_;
  uv_signal_start(
      &handle_->uv, [](uv_signal_t* signal, int) { static_cast<Handle*>(signal->data)->fire(); },
      signal_number);
}

SignalWatch::~SignalWatch() {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->uv),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

}  // namespace orch::loop
