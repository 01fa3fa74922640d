// Calls to rows of them.
#include "agents/call_tally.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch {
namespace {

// Calls that are made together stand close to each other.
constexpr std::size_t kCallsRemembered = 100;
constexpr std::size_t kMostWritten = 500;
constexpr std::size_t kMostOfCall = 50;
constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kLongestTool = 60;
constexpr std::size_t kLongestCall = 160;

std::string text_of(std::string_view tool, std::string_view shown) {
  const std::string name = one_line(tool, kLongestTool);
  return shown.empty() ? name : one_line(fmt::format("{}: {}", name, shown), kLongestCall);
}

/// What can be the path of a file, of one call not too many.
std::vector<std::string> paths_of(const ToolCall& call) {
  std::vector<std::string> paths;
  for (const std::string& path : call.writes)
    if (path.size() <= kLongestPath && paths.size() < kMostOfCall) paths.push_back(path);
  return paths;
}

}  // namespace

void CallTally::begin(const ToolCall& call) {
  const std::uint64_t id = fnv1a(call.id);
  if (std::ranges::find(known_, id, &Call::id) != known_.end()) return;
  known_.push_back({.id = id,
                    .text = text_of(call.tool, call.shown),
                    .writes = paths_of(call),
                    .serial = ++calls_});
  if (known_.size() > kCallsRemembered) known_.pop_front();
  if (call.polls) return;
  compare({.whole = fnv1a(call.input, fnv1a(call.tool)), .text = known_.back().text});
}

void CallTally::compare(Compared call) {
  for (std::size_t before = 0; before < kMostByTurns; ++before) {
    const bool is_same = before < compared_.size() && compared_[before].whole == call.whole;
    repeated_[before] = is_same ? repeated_[before] + 1 : 0;
  }
  compared_.push_front(std::move(call));
  if (compared_.size() > kMostByTurns) compared_.pop_back();
  same_ = {.length = repeated_[0] + 1, .serial = calls_, .last = compared_.front().text};
  for (std::size_t turns = 2; turns <= kMostByTurns; ++turns) {
    const auto each = static_cast<std::int64_t>(turns);
    const std::int64_t again = repeated_[turns - 1];
    // That some follow each other once is no row of them.
    if (again < each || again + each <= same_.length) continue;
    same_.length = again + each;
    same_.last = one_line(by_turns(turns), kLongestCall);
  }
}

std::string CallTally::by_turns(std::size_t turns) const {
  std::string text = compared_[turns - 1].text;
  for (std::size_t before = turns - 1; before > 0; --before)
    text += ", then " + compared_[before - 1].text;
  return text;
}

void CallTally::end(std::string_view id, CallEnd how) {
  const auto call = std::ranges::find(known_, fnv1a(id), &Call::id);
  if (call == known_.end() || call->ended) return;
  call->ended = true;
  const auto go_on = [&call](const CallRow& row, bool goes_on) {
    return goes_on ? CallRow{row.length + 1, call->serial, call->text} : CallRow();
  };
  failed_ = go_on(failed_, how != CallEnd::Good);
  malformed_ = go_on(malformed_, how == CallEnd::Malformed);
  if (how != CallEnd::Good) return;
  for (const std::string& path : call->writes) {
    const bool is_new = std::ranges::find(written_, path) == written_.end();
    if (is_new && written_.size() < kMostWritten) written_.push_back(path);
  }
}

void CallTally::speak() {
  same_ = failed_ = malformed_ = {};
  compared_.clear();
  repeated_ = {};
}

}  // namespace orch
