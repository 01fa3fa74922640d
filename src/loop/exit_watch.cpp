// Tells when a process ends that need not be our child.
#include "loop/descriptors.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <chrono>
#include <memory>
#include <utility>

namespace orch::loop {

struct ExitWatch::Handle {
  Handle(Loop& owner, int pid, std::function<void()> told)
      : fire(std::move(told)),
        // Not by <sys/pidfd.h>, which C++ cannot link with in Debian 12.
        descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
        process(identify(pid)),
        look(owner, [this] { on_look(); }) {
    if (!process) {
      look.once({});
    } else if (!watch(owner)) {
      look.every(std::chrono::milliseconds(200));
    }
  }

  ~Handle() {
    if (poll == nullptr) return;
    uv_close(reinterpret_cast<uv_handle_t*>(poll),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_poll_t*>(closed); });
  }

  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool watch(Loop& owner) {
    // It would be kept for hours, and looking does as well.
    if (!has_descriptors(kDescriptorsInReserve)) descriptor.reset();
    if (!descriptor) return false;
    auto made = std::make_unique<uv_poll_t>();
    if (uv_poll_init(owner.uv(), made.get(), descriptor.get()) != 0) return false;
    poll = made.release();
    poll->data = this;
    return uv_poll_start(poll, UV_READABLE, [](uv_poll_t* readable, int, int) {
             static_cast<Handle*>(readable->data)->tell();
           }) == 0;
  }

  void on_look() {
    if (!is_alive(process)) tell();
  }

  void tell() {
    look.cancel();
    if (poll != nullptr) uv_poll_stop(poll);
    // It may destroy this watch, and with it what would be running.
    const auto told = std::move(fire);
    told();
  }

  std::function<void()> fire;
  Fd descriptor;  // opened before looking, so both are of the same process or it is gone
  ProcessId process;
  uv_poll_t* poll = nullptr;
  Timer look;
};

ExitWatch::ExitWatch(Loop& loop, int pid, std::function<void()> fire)
    : handle_(new Handle(loop, pid, std::move(fire))) {}

ExitWatch::~ExitWatch() {
  delete handle_;
}

}  // namespace orch::loop
