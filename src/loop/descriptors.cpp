// Limits of open files, and whether some are left.
#include "loop/descriptors.hpp"

#include "orch/base/files.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

namespace orch::loop {
namespace {

constexpr std::string_view kHint =
    "raise the limit of open files in the shell that you start it from: `ulimit -n 1024`";

/// Of the process, so one for all loops in it.
std::optional<rlimit>& before_raised() {
  static std::optional<rlimit> limit;
  return limit;
}

/// How many can be opened, at most `most`.
int free_descriptors(int most) {
  std::vector<Fd> opened;
  opened.reserve(static_cast<std::size_t>(most));
  while (static_cast<int>(opened.size()) < most) {
    Fd next(::eventfd(0, EFD_CLOEXEC));
    if (!next) break;
    opened.push_back(std::move(next));
  }
  return static_cast<int>(opened.size());
}

}  // namespace

void raise_descriptor_limit() {
  constexpr rlim_t kEnough = 65536;
  rlimit limit{};
  if (before_raised() || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlimit raised{std::min(kEnough, limit.rlim_max), limit.rlim_max};
  if (limit.rlim_cur >= raised.rlim_cur || ::setrlimit(RLIMIT_NOFILE, &raised) != 0) return;
  before_raised() = limit;
}

std::uint64_t first_descriptor_limit() {
  return before_raised() ? before_raised()->rlim_cur : 0;
}

void restore_descriptor_limit() noexcept {
  if (before_raised()) ::setrlimit(RLIMIT_NOFILE, &*before_raised());
}

bool has_descriptors(int count) {
  return free_descriptors(count) == count;
}

Status check_descriptors(std::string_view what, int count) {
  const int free = free_descriptors(count);
  rlimit limit{};
  if (free == count || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  const auto missing = static_cast<rlim_t>(count - free);
  return hinted(
      fail(Fault::Refused, "only {} files may be open at once (`ulimit -Hn`), and {} needs {}",
           limit.rlim_cur, what, limit.rlim_cur + missing),
      fmt::format("{}; where that is refused, from a login with a higher hard limit", kHint));
}

bool is_shortage(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == EAGAIN ||
         error_number == ENOMEM;
}

Failure start_failure(int error_number, std::string_view doing) {
  Failure failure = errno_failure(error_number, doing);
  if (!is_shortage(error_number)) return failure;
  failure.value().fault = Fault::Busy;
  return error_number == EMFILE ? hinted(std::move(failure), std::string(kHint)) : failure;
}

}  // namespace orch::loop
