// Tells that there is something to read.
#include "loop/readable_watch.hpp"

#include "orch/base/files.hpp"

#include <sys/epoll.h>
#include <uv.h>

#include <utility>

namespace orch::loop {

/// libuv makes what it polls non-blocking, for all who have it open: so it polls a descriptor of
/// ours, which is readable when the other one is.
struct ReadableWatch::Handle {
  uv_poll_t poll{};
  Fd epoll;
  std::function<void()> fire;
  bool polls = false;
};

ReadableWatch::ReadableWatch(Loop& loop, int descriptor, std::function<void()> fire)
    : handle_(new Handle{{}, Fd(::epoll_create1(EPOLL_CLOEXEC)), std::move(fire)}) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  const bool added =
      handle_->epoll && ::epoll_ctl(handle_->epoll.get(), EPOLL_CTL_ADD, descriptor, &wanted) == 0;
  if (!added || uv_poll_init(loop.uv(), &handle_->poll, handle_->epoll.get()) != 0) return;
  handle_->polls = true;
  handle_->poll.data = handle_;
  uv_poll_start(&handle_->poll, UV_READABLE, [](uv_poll_t* readable, int, int) {
    static_cast<Handle*>(readable->data)->fire();
  });
}

ReadableWatch::~ReadableWatch() {
  if (!handle_->polls) {
    delete handle_;
    return;
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

}  // namespace orch::loop
