// The control-mode reader: guards, blocks, notices.
#include "tmuxctl/protocol.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tmuxctl {

using orch::Fault;

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || code != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// The guard of a line `WORD T N F`, if it is one.
std::optional<Guard> guard_of(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return std::nullopt;
  const std::vector<std::string_view> parts = orch::split(line, ' ');
  if (parts.size() != 4 || parts[0] != word) return std::nullopt;
  const auto time = number(parts[1]);
  const auto count = number(parts[2]);
  const auto flags = number(parts[3]);
  if (!time || !count || !flags) return std::nullopt;
  return Guard{*time, *count, *flags};
}

constexpr std::string_view kBegin = "%begin";
constexpr std::string_view kEnd = "%end";
constexpr std::string_view kError = "%error";

}  // namespace

Status Parser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (partial_.size() + held_ + std::min(end, bytes.size()) > kLimit)
      return orch::fail(Fault::Refused, "a reply of tmux is longer than {} MiB", kLimit >> 20);
    if (end == std::string_view::npos) {
      partial_ += bytes;
      break;
    }
    if (partial_.empty()) {
      take_line(bytes.substr(0, end));
    } else {
      partial_ += bytes.substr(0, end);
      take_line(std::exchange(partial_, {}));
    }
    bytes.remove_prefix(end + 1);
  }
  return {};
}

void Parser::take_line(std::string_view line) {
  if (!inside_) return take_outside(line);
  return fence_.empty() ? take_plain(line) : take_fenced(line);
}

void Parser::take_outside(std::string_view line) {
  if (const auto guard = guard_of(line, kBegin)) {
    inside_ = true;
    block_ = Block{*guard, false, {}};
    held_ = 0;
    fence_ = guard->flags == 1 ? std::string(next_fence_()) : "";
    fence_seen_ = false;
    return;
  }
  if (!line.starts_with('%')) return on_message_(Notice{"", std::string(line)});
  const std::size_t blank = std::min(line.find(' '), line.size());
  const std::string_view name = line.substr(1, blank - 1);
  const std::string rest(line.substr(std::min(blank + 1, line.size())));
  if (name == "exit") return on_message_(Exit{rest});
  on_message_(Notice{std::string(name), rest});
}

void Parser::take_plain(std::string_view line) {
  const bool end = guard_of(line, kEnd) == block_.guard;
  const bool error = !end && guard_of(line, kError) == block_.guard;
  if (!end && !error) {
    held_ += line.size() + 1;
    block_.reply.lines.emplace_back(line);
    return;
  }
  inside_ = false;
  block_.error = error;
  on_message_(std::move(block_));
}

// The fence is a block of one line: `%begin T N 1`, the word and what follows it, `%end T N 1`.
void Parser::take_fenced(std::string_view line) {
  std::vector<std::string>& lines = block_.reply.lines;
  if (fence_seen_ && guard_of(line, kEnd) == fence_guard_) return finish_fenced();
  if (!lines.empty() && line.starts_with(fence_)) {
    const auto guard = guard_of(lines.back(), kBegin);
    fence_seen_ = guard && guard->flags == 1;
    if (fence_seen_) fence_guard_ = *guard;
  }
  held_ += line.size() + 1;
  lines.emplace_back(line);
}

void Parser::finish_fenced() {
  std::vector<std::string> lines = std::move(block_.reply.lines);
  block_.reply.fence = lines.back().substr(fence_.size());
  lines.resize(lines.size() - 2);
  const auto closes = [this](const std::string& line) {
    return guard_of(line, kEnd) == block_.guard || guard_of(line, kError) == block_.guard;
  };
  const auto last = std::find_if(lines.rbegin(), lines.rend(), closes);
  inside_ = false;
  fence_.clear();
  // Without a guard of its own the block is cut off: an error, with all that came as its text.
  block_.error = last == lines.rend() || last->starts_with(kError);
  const auto end = last == lines.rend() ? lines.end() : last.base();
  const std::vector<std::string> after(end, lines.end());
  lines.resize(static_cast<std::size_t>(end - lines.begin()) - (last == lines.rend() ? 0 : 1));
  block_.reply.lines = std::move(lines);
  on_message_(std::move(block_));
  for (const std::string& line : after)
    take_line(line);
}

}  // namespace tmuxctl
