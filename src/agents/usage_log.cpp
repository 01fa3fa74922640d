// Bytes to lines.
#include "agents/usage_log.hpp"

#include "agents/conversation_line.hpp"

namespace orch {
namespace {

constexpr std::size_t kLongestRow = 1u << 20;

}  // namespace

void UsageLog::read(std::string_view bytes) {
  for (;;) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) break;
    end_line(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
  too_long_ = too_long_ || begun_.size() + bytes.size() > kLongestRow;
  if (too_long_) {
    begun_.clear();
  } else {
    begun_ += bytes;
  }
}

void UsageLog::end_line(std::string_view end) {
  const bool fits = !too_long_ && begun_.size() + end.size() <= kLongestRow;
  if (fits && begun_.empty()) {
    read_line(end);
  } else if (fits) {
    read_line(begun_.append(end));
  }
  begun_.clear();
  too_long_ = false;
}

void UsageLog::read_line(std::string_view line) {
  read_conversation_line(format_, line, tally_, calls_);
}

}  // namespace orch
