// Sums of a minute.
#include "agents/output_rate.hpp"

#include <chrono>

namespace orch {
namespace {

constexpr Span kMinute = std::chrono::minutes(1);

}  // namespace

void OutputRate::see(std::int64_t size, Time now) {
  const std::int64_t before = sums_.empty() ? 0 : sums_.back().bytes;
  const std::int64_t more = sums_.empty() ? 0 : size >= size_ ? size - size_ : size;
  size_ = size;
  sums_.push_back({now, before + more});
  // The one before the last minute tells where that began.
  while (sums_.size() > 2 && now - sums_[1].at >= kMinute)
    sums_.pop_front();
}

std::int64_t OutputRate::bytes_a_minute() const {
  if (sums_.empty() || sums_.back().at - sums_.front().at < kMinute) return 0;
  return sums_.back().bytes - sums_.front().bytes;
}

}  // namespace orch
