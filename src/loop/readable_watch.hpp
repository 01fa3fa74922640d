#pragma once
// A descriptor of somebody else's, as something that the loop waits for.
#include "loop/loop.hpp"

#include <functional>

namespace orch::loop {

/// Calls back while a descriptor that somebody else owns has something to read, or is at its end.
/// Its mode stays as it is: a terminal belongs to other programs as well.
class ReadableWatch {
 public:
  ReadableWatch(Loop& loop, int descriptor, std::function<void()> fire);
  ~ReadableWatch();
  ReadableWatch(const ReadableWatch&) = delete;
  ReadableWatch& operator=(const ReadableWatch&) = delete;

 private:
  struct Handle;
  Handle* handle_;  // owned; freed by libuv's close callback
};

}  // namespace orch::loop
