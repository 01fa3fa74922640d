// Appends, rotates, leaves out the middle.
#include "shim/logs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace orch::shim {

constexpr std::size_t kHead = 1u << 20;
constexpr std::size_t kTail = 4u << 20;

void AppendFile::open(const std::filesystem::path& path) {
  if (!error_.empty()) return;
  path_ = path;
  size_ = 0;
  // A new file each time: what an agent put in its place (a link to a file outside of its sandbox,
  // a FIFO) is never opened.
  ::unlink(path.c_str());
  fd_ = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600));
  if (!fd_) error_ = errno_failure(errno, "cannot open " + path.native()).value().what;
}

void AppendFile::write(std::string_view bytes) {
  while (!bytes.empty() && error_.empty()) {
    const ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) error_ = errno_failure(errno, "cannot write " + path_.native()).value().what;
    if (done <= 0) return;
    size_ += static_cast<std::uint64_t>(done);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

RotatedLog::RotatedLog(std::filesystem::path path, std::int64_t segment, int segments)
    : path_(std::move(path)),
      segment_(static_cast<std::uint64_t>(std::max<std::int64_t>(segment, 0))),
      segments_(segments) {
  if (segment_ > 0) file_.open(path_);
}

std::filesystem::path RotatedLog::older(int age) const {
  return age == 0 ? path_ : std::filesystem::path(fmt::format("{}.{}", path_.native(), age));
}

void RotatedLog::rotate() {
  std::error_code ignored;  // a file that cannot be renamed is overwritten: it is the older one
  for (int age = segments_ - 1; age > 0; --age) {
    std::filesystem::rename(older(age - 1), older(age), ignored);
  }
  file_.open(path_);
}

void RotatedLog::write(std::string_view bytes) {
  while (segment_ > 0 && !bytes.empty() && error().empty()) {
    if (file_.size() >= segment_) rotate();
    const std::size_t now = std::min<std::size_t>(bytes.size(), segment_ - file_.size());
    file_.write(bytes.substr(0, now));
    bytes.remove_prefix(now);
  }
}

EndsLog::EndsLog(const std::filesystem::path& path) {
  file_.open(path);
}

void EndsLog::write(std::string_view bytes) {
  const std::size_t head = std::min<std::size_t>(bytes.size(), kHead - file_.size());
  file_.write(bytes.substr(0, head));
  tail_ += bytes.substr(head);
  if (tail_.size() <= 2 * kTail) return;
  left_out_ += tail_.size() - kTail;
  tail_.erase(0, tail_.size() - kTail);
}

void EndsLog::finish() {
  if (tail_.size() > kTail) {
    left_out_ += tail_.size() - kTail;
    tail_.erase(0, tail_.size() - kTail);
  }
  if (left_out_ > 0) file_.write(fmt::format("\n[{} bytes left out]\n", left_out_));
  file_.write(std::exchange(tail_, {}));
}

}  // namespace orch::shim
