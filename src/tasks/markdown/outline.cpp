// Where lines start, which line a byte is in.
#include "tasks/markdown/outline.hpp"

#include <algorithm>

namespace orch::tasks {

Outline::Outline(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::size_t from = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  while (from < text.size()) {
    starts_.push_back(static_cast<std::uint32_t>(from));
    const std::size_t end = text.find('\n', from);
    if (end == std::string_view::npos) break;
    from = end + 1;
  }
}

std::size_t Outline::line_start(int number) const {
  const auto index = static_cast<std::size_t>(number - 1);
  return index < starts_.size() ? starts_[index] : text_.size();
}

std::string_view Outline::line(int number) const {
  const std::size_t from = line_start(number);
  std::string_view found = text_.substr(from, line_start(number + 1) - from);
  if (found.ends_with('\n')) found.remove_suffix(1);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

int Outline::line_of(std::size_t offset) const {
  return static_cast<int>(std::ranges::upper_bound(starts_, offset) - starts_.begin());
}

std::size_t Outline::offset_of(std::string_view part) const {
  return static_cast<std::size_t>(part.data() - text_.data());
}

}  // namespace orch::tasks
