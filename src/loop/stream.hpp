#pragma once
// A pipe or a connection on the loop: bytes in by callback, bytes out by a queue.
#include "loop/loop.hpp"
#include "orch/base/files.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

struct uv_pipe_s;

namespace orch::loop {

/// Closing it, also from inside its own callbacks, ends all callbacks at once.
class Stream {
 public:
  explicit Stream(Loop& loop);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Takes the descriptor over; false when it is none that can be waited for.
  bool open(Fd fd);
  /// `on_end` comes once, at the end or at an error; the stream is still open for writing then.
  void read(std::function<void(std::string_view)> on_bytes, std::function<void()> on_end);
  /// Reads without waiting what has come already, at most `limit` bytes: the last look before
  /// close.
  void drain(std::size_t limit);
  /// `written` (may be empty) is told whether the other side took it.
  void write(std::string bytes, std::function<void(bool)> written = {});
  /// Bytes that the other side did not take yet.
  std::size_t pending() const;
  void close();

  bool is_open() const { return handle_ != nullptr; }

  /// For what libuv is asked directly; nullptr when closed.
  uv_pipe_s* uv();

 private:
  struct Handle;
  Handle* handle_;  // owned; freed by libuv's close callback
};

}  // namespace orch::loop
