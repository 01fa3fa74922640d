// Reads and writes one pipe or connection through libuv.
#include "loop/stream.hpp"

#include <unistd.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <utility>

namespace orch::loop {

/// Outlives the Stream until libuv has closed it, so its callbacks may destroy their own stream.
struct Stream::Handle {
  uv_pipe_t uv{};
  std::function<void(std::string_view)> on_bytes;
  std::function<void()> on_end;
  std::array<char, 16u << 10> buffer;

  void end() {
    uv_read_stop(reinterpret_cast<uv_stream_t*>(&uv));
    if (const auto told = std::exchange(on_end, {})) told();
  }
};

namespace {

struct Writing {
  uv_write_t uv{};
  std::string bytes;
  std::function<void(bool)> written;
};

}  // namespace

Stream::Stream(Loop& loop) : handle_(new Handle) {
  uv_pipe_init(loop.uv(), &handle_->uv, 0);
  handle_->uv.data = handle_;
}

Stream::~Stream() {
  close();
}

bool Stream::open(Fd fd) {
  if (uv_pipe_open(&handle_->uv, fd.get()) != 0) return false;
  fd.release();
  return true;
}

void Stream::read(std::function<void(std::string_view)> on_bytes, std::function<void()> on_end) {
  handle_->on_bytes = std::move(on_bytes);
  handle_->on_end = std::move(on_end);
  const auto give_buffer = [](uv_handle_t* uv, std::size_t, uv_buf_t* buffer) {
    auto& own = static_cast<Handle*>(uv->data)->buffer;
    *buffer = uv_buf_init(own.data(), static_cast<unsigned>(own.size()));
  };
  const auto take = [](uv_stream_t* uv, ssize_t got, const uv_buf_t* buffer) {
    auto* handle = static_cast<Handle*>(uv->data);
    if (got > 0) handle->on_bytes({buffer->base, static_cast<std::size_t>(got)});
    if (got < 0) handle->end();
  };
  uv_read_start(reinterpret_cast<uv_stream_t*>(&handle_->uv), give_buffer, take);
}

void Stream::drain(std::size_t limit) {
  Handle* const handle = handle_;
  uv_os_fd_t fd = -1;
  if (handle == nullptr || !handle->on_bytes || !handle->on_end) return;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(&handle->uv), &fd) != 0) return;
  for (std::size_t taken = 0; taken < limit && handle_ == handle;) {
    const ssize_t got = ::read(fd, handle->buffer.data(), handle->buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    taken += static_cast<std::size_t>(got);
    handle->on_bytes({handle->buffer.data(), static_cast<std::size_t>(got)});
  }
}

void Stream::write(std::string bytes, std::function<void(bool)> written) {
  if (handle_ == nullptr) return;
  auto* writing = new Writing{{}, std::move(bytes), std::move(written)};
  writing->uv.data = writing;
  uv_buf_t buffer =
      uv_buf_init(writing->bytes.data(), static_cast<unsigned>(writing->bytes.size()));
  const auto done = [](uv_write_t* request, int status) {
    const std::unique_ptr<Writing> own(static_cast<Writing*>(request->data));
    // A closed stream's owner may be gone already.
    if (own->written && status != UV_ECANCELED) own->written(status == 0);
  };
  auto* stream = reinterpret_cast<uv_stream_t*>(&handle_->uv);
  const int error = uv_write(&writing->uv, stream, &buffer, 1, done);
  if (error != 0) done(&writing->uv, error);
}

std::size_t Stream::pending() const {
  if (handle_ == nullptr) return 0;
  return uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(&handle_->uv));
}

void Stream::close() {
  if (handle_ == nullptr) return;
  Handle* const handle = std::exchange(handle_, nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle->uv),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

uv_pipe_s* Stream::uv() {
  return handle_ == nullptr ? nullptr : &handle_->uv;
}

}  // namespace orch::loop
